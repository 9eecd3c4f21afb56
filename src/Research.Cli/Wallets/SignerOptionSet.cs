using System.CommandLine;
using Research.Chain.Primitives;
using Research.Cli.Commands;
using Research.Cli.Tasks;

namespace Research.Cli.Wallets;

/// <summary>The options that name a program which signs, in place of a wallet.</summary>
internal sealed class SignerOptionSet
{
    /// <summary>The option that says where it listens.</summary>
    public const string EndpointName = "--signer";

    /// <summary>The option that says which of its accounts signs.</summary>
    public const string AccountName = "--signer-account";

    /// <summary>The environment variable behind <see cref="EndpointName"/>.</summary>
    public const string Variable = "RESEARCH_SIGNER";

    private readonly Option<string?> _endpoint = new(EndpointName)
    {
        Description = "Address of a program that signs by eth_signTransaction and keeps the key (Web3Signer, a node); "
            + $"left out, {Variable}, or a wallet",
        HelpName = "URL",
    };

    private readonly Option<string?> _account = new(AccountName)
    {
        Description = "Which of the signer's accounts; left out, its only one",
        HelpName = "ADDRESS",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_endpoint);
        command.Options.Add(_account);
    }

    /// <summary>Gets the signer; null where none was named.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="wallet">The wallet that was named on it or in the environment, or null.</param>
    /// <exception cref="CommandException">A value is malformed, or two accounts were named.</exception>
    public SignerChoice? ChoiceOf(ParseResult parse, WalletChoice? wallet)
    {
        string? account = parse.GetValue(_account);
        if (EnvironmentOption.Read(parse, _endpoint, Variable) is not (string source, string text))
        {
            return account is null
                ? null
                : throw Usage($"{AccountName}: say with {EndpointName} where the signer of that account listens.");
        }

        string? key = Environment.GetEnvironmentVariable(MarketOptions.KeyVariable);
        if (wallet is not null || !string.IsNullOrWhiteSpace(key))
        {
            throw Usage(
                $"{source}: {(wallet is null ? MarketOptions.KeyVariable : $"the wallet {wallet.Name}")} is given too, "
                + "and may be another account: leave one of them out.");
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? endpoint) || endpoint.Scheme is not ("http" or "https"))
        {
            throw Usage($"{source}: expected an address such as http://127.0.0.1:9000, got {text}.");
        }

        try
        {
            return new SignerChoice(endpoint, account is null ? null : Address.Parse(account));
        }
        catch (FormatException e)
        {
            throw Usage($"{AccountName}: {e.Message}");
        }
    }

    private static CommandException Usage(string message) => new(message, CommandRunner.WrongUsage);
}
