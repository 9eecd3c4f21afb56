using System.CommandLine;
using Research.Chain.Signing;
using Research.Chain.Wallets;
using Research.Cli;
using Research.Cli.Commands.Tasks;
using Research.Cli.Tasks;
using Research.Cli.Wallets;

namespace Research.Tests.Wallets;

public sealed class WalletChoiceTests : IDisposable
{
    private static readonly string[] Variables =
        [WalletOptionSet.NameVariable, WalletOptionSet.FolderVariable, MarketOptions.KeyVariable, PassphraseSource.Variable];

    private readonly Dictionary<string, string?> _before = Variables.ToDictionary(
        name => name, Environment.GetEnvironmentVariable);

    private readonly TemporaryFolder _folder = new();

    public WalletChoiceTests() => Array.ForEach(Variables, name => Environment.SetEnvironmentVariable(name, null));

    public void Dispose()
    {
        foreach ((string name, string? value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        _folder.Dispose();
    }

    [Fact]
    public void Read_WalletAndKey_TheExplicitWalletWins()
    {
        Environment.SetEnvironmentVariable(MarketOptions.KeyVariable, "anything");

        Assert.Null(Read().Wallet);
        Assert.Equal(new WalletChoice("alice", _folder.Path, 3), Read("--wallet", "alice", "--passphrase-fd", "3").Wallet);
    }

    [Fact]
    public void Read_EnvironmentNamesBoth_IsRefused()
    {
        Environment.SetEnvironmentVariable(WalletOptionSet.NameVariable, "bob");
        Assert.Equal("bob", Read().Wallet!.Name);
        Environment.SetEnvironmentVariable(MarketOptions.KeyVariable, "anything");

        CommandException refused = Assert.Throws<CommandException>(() => Read());

        Assert.Contains("RESEARCH_WALLET and RESEARCH_PRIVATE_KEY are both set", refused.Message, StringComparison.Ordinal);
        Assert.Equal("alice", Read("--wallet", "alice").Wallet!.Name);
    }

    [Fact]
    public async Task OpenAsync_Wallet_SignsForItsAddress()
    {
        byte[] key = new byte[32];
        key[^1] = 7;
        new WalletStore(_folder.Path).Add("alice", Keystore.Encrypt(key, "p"u8, new ScryptDerivation(2, 8, 1)));

        PrivateKeyAccount account = await Read("--wallet", "alice").Wallet!.OpenAsync(
            new TypingTerminal(true, "p"), CancellationToken.None);

        Assert.Equal(new PrivateKeyAccount(key).Address, account.Address);
    }

    [Fact]
    public async Task OpenAsync_NoSuchWallet_AsksForNoPassphrase()
    {
        TypingTerminal terminal = new(true, "p");

        await Assert.ThrowsAsync<WalletException>(
            () => Read("--wallet", "alice").Wallet!.OpenAsync(terminal, CancellationToken.None));

        Assert.Empty(terminal.Prompts);
    }

    private MarketOptions Read(params string[] arguments)
    {
        MarketOptionSet options = new();
        Command command = new("sign");
        options.AddTo(command);
        ParseResult parse = command.Parse(
            [.. arguments, "--wallet-folder", _folder.Path, "--store", "s", "--private-folder", "p"]);
        Assert.Empty(parse.Errors);
        return options.Read(parse);
    }
}
