using System.CommandLine;
using Research.Cli.Commands;
using Research.Cli.Tasks;

namespace Research.Cli.Wallets;

/// <summary>The options about wallets, on every verb that reads or makes one.</summary>
internal sealed class WalletOptionSet
{
    /// <summary>The environment variable that names the folder of wallets.</summary>
    public const string FolderVariable = "RESEARCH_WALLETS";

    /// <summary>The environment variable that names the wallet that signs.</summary>
    public const string NameVariable = "RESEARCH_WALLET";

    private readonly Option<string?> _folder = new("--wallet-folder")
    {
        Description = $"Folder of your wallets; left out, {FolderVariable} or research/wallets in your application data "
            + "folder.",
        HelpName = "FOLDER",
    };

    private readonly Option<int?> _descriptor = BoundedOption.Optional(
        "--passphrase-fd",
        "File descriptor whose next line is the wallet's passphrase; left out, "
            + $"{PassphraseSource.Variable}, or you are asked",
        0,
        1023);

    private readonly Option<string?> _name = new("--wallet")
    {
        Description = $"The wallet that signs (research wallet list); left out, {NameVariable}, or the key in "
            + $"{MarketOptions.KeyVariable}.",
        HelpName = "NAME",
    };

    /// <summary>Adds what a verb about wallets needs.</summary>
    public void AddTo(Command command, bool asksPassphrase)
    {
        command.Options.Add(_folder);
        if (asksPassphrase)
        {
            command.Options.Add(_descriptor);
        }
    }

    /// <summary>Adds what a verb that signs needs.</summary>
    public void AddSignerTo(Command command)
    {
        command.Options.Add(_name);
        AddTo(command, asksPassphrase: true);
    }

    /// <summary>Gets the folder of wallets.</summary>
    /// <exception cref="CommandException">What was named is no folder.</exception>
    public string FolderOf(ParseResult parse)
    {
        string? given = parse.GetValue(_folder);
        if (given is not null && string.IsNullOrWhiteSpace(given))
        {
            throw new CommandException($"{_folder.Name}: expected a folder, got nothing.", CommandRunner.WrongUsage);
        }

        string? found = given ?? Environment.GetEnvironmentVariable(FolderVariable);
        string source = given is null ? FolderVariable : _folder.Name;
        return string.IsNullOrWhiteSpace(found) ? UserFolder.PathOf("wallets", _folder.Name)
            : File.Exists(found) ? throw new CommandException($"{source}: expected a folder, got the file {found}.")
            : found;
    }

    /// <summary>Gets the file descriptor of the passphrase, or null.</summary>
    public int? DescriptorOf(ParseResult parse) => parse.GetValue(_descriptor);

    /// <summary>Gets the wallet that signs; null where a key in the environment does, or nothing.</summary>
    /// <exception cref="CommandException">The environment names both a wallet and a key.</exception>
    public WalletChoice? ChoiceOf(ParseResult parse)
    {
        string? given = parse.GetValue(_name);
        if (given is not null && string.IsNullOrWhiteSpace(given))
        {
            throw new CommandException($"{_name.Name}: expected a wallet's name, got nothing.", CommandRunner.WrongUsage);
        }

        string? variable = Environment.GetEnvironmentVariable(NameVariable);
        bool hasKey = !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(MarketOptions.KeyVariable));
        if (given is null && hasKey && !string.IsNullOrWhiteSpace(variable))
        {
            // Which account pays is not for a rule of precedence to say that nobody remembers.
            throw new CommandException(
                $"{NameVariable} and {MarketOptions.KeyVariable} are both set, and may be two accounts: unset one, or say "
                + "--wallet NAME.",
                CommandRunner.WrongUsage);
        }

        string? name = given ?? variable;
        return string.IsNullOrWhiteSpace(name) ? null : new WalletChoice(name, FolderOf(parse), DescriptorOf(parse));
    }
}
