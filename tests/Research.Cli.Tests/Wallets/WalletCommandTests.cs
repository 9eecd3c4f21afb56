using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Research.Chain.Wallets;
using Research.Cli.Commands;
using Research.Cli.Wallets;

namespace Research.Tests.Wallets;

public sealed class WalletCommandTests : IDisposable
{
    private const string Key = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";
    private const string KeyAddress = "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23";
    private const string Words = "test test test test test test test test test test test junk";
    private const string Passphrase = "correct horse";

    private readonly TemporaryFolder _folder = new();
    private readonly string? _before = Environment.GetEnvironmentVariable(PassphraseSource.Variable);

    public WalletCommandTests() => Environment.SetEnvironmentVariable(PassphraseSource.Variable, null);

    private WalletStore Store => new(_folder["wallets"]);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(PassphraseSource.Variable, _before);
        _folder.Dispose();
    }

    [Fact]
    public async Task New_AtATerminal_AsksTwiceAndShowsNoSecret()
    {
        TypingTerminal terminal = new(true, Passphrase, Passphrase);

        CommandLineResult made = await RunAsync(terminal, "new", "alice", "--json");

        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        JsonNode json = JsonNode.Parse(made.Output)!;
        Assert.Equal("alice", (string?)json["name"]);
        Assert.Equal(Store.PathOf("alice"), (string?)json["file"]);
        Assert.Equal(Open("alice"), (string?)json["address"]);
        Assert.Equal(3, json.AsObject().Count);
        Assert.Equal(2, terminal.Prompts.Count);
        Assert.DoesNotContain(Passphrase, string.Concat(terminal.Prompts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_PassphrasesDiffer_WritesNothing()
    {
        CommandLineResult result = await RunAsync(new TypingTerminal(true, "one", "two"), "new", "alice");

        Assert.Equal((1, "", "The two passphrases differ. Nothing was written.\n"), (result.ExitCode, result.Output, result.Error));
        Assert.Empty(Store.List());
    }

    [Fact]
    public async Task New_NobodyThereAndNoPassphrase_SaysSoAtOnce()
    {
        CommandLineResult result = await RunAsync(new TypingTerminal(false), "new", "alice");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("--passphrase-fd", result.Error, StringComparison.Ordinal);
        Assert.Contains("RESEARCH_PASSPHRASE", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_EmptyPassphrase_IsRefused()
    {
        CommandLineResult result = await RunAsync(new TypingTerminal(true, "", ""), "new", "alice");

        Assert.Contains("it would protect nothing", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NewMnemonic_AtATerminal_ShowsTheWordsOfTheAccountOnce()
    {
        CommandLineResult made = await RunAsync(
            new TypingTerminal(true, Passphrase, Passphrase), "new", "alice", "--mnemonic", "--words", "24");

        string words = made.Output.Split('\n').Single(line => line.Count(one => one == ' ') == 23);
        Assert.Equal(Open("alice"), MnemonicPhrase.Parse(words).AddressOf(0).ToString());
    }

    [Fact]
    public async Task NewMnemonic_WhereWordsWouldBeJsonOrPiped_NeedsAFile()
    {
        Environment.SetEnvironmentVariable(PassphraseSource.Variable, Passphrase);
        string file = _folder["words"];

        CommandLineResult json = await RunAsync(new TypingTerminal(true), "new", "a", "--mnemonic", "--json");
        CommandLineResult piped = await RunAsync(new TypingTerminal(false), "new", "a", "--mnemonic");
        CommandLineResult filed = await RunAsync(
            new TypingTerminal(false), "new", "b", "--mnemonic", "--words-file", file, "--json");

        Assert.Equal((2, 2, 0), (json.ExitCode, piped.ExitCode, filed.ExitCode));
        Assert.Equal(["b"], Store.List().Select(wallet => wallet.Name));
        MnemonicPhrase phrase = MnemonicPhrase.Parse(File.ReadAllText(file));
        Assert.Equal(Open("b"), phrase.AddressOf(0).ToString());
        Assert.DoesNotContain(phrase.Reveal(), filed.Output + filed.Error, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task Import_FromStandardInput_TakesKeysWordsAndKeystores()
    {
        Environment.SetEnvironmentVariable(PassphraseSource.Variable, Passphrase);
        string keystore = _folder.Write("theirs", Keystore.Encrypt(
            Convert.FromHexString(Key), Encoding.UTF8.GetBytes(Passphrase), new ScryptDerivation(2, 8, 1)).ToJson());

        string[] addresses =
        [
            await ImportAsync("key", new TypingTerminal(false, " 0x" + Key), "--private-key"),
            await ImportAsync("words", new TypingTerminal(false, Words), "--mnemonic", "--index", "9"),
            await ImportAsync("second", new TypingTerminal(false, Words, "TREZOR"), "--mnemonic", "--mnemonic-passphrase"),
            await ImportAsync("keystore", new TypingTerminal(false), "--keystore", keystore),
        ];

        Assert.Equal(
            [
                KeyAddress, "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720",
                MnemonicPhrase.Parse(Words).AddressOf(0, "TREZOR").ToString(), KeyAddress,
            ],
            addresses);
        Assert.Equal(KeyDerivation.Standard, Store.Read("keystore").Derivation);
        CommandLineResult list = await RunAsync(new TypingTerminal(false), "list");
        Assert.Contains($"key       {KeyAddress}\n", list.Output, StringComparison.Ordinal);
        NoSecret(list);
    }

    [Theory]
    [InlineData("--private-key", "0x1234", "Expected a private key of 64 hex digits.")]
    [InlineData(
        "--private-key", "0000000000000000000000000000000000000000000000000000000000000000", "not zero, below the order")]
    [InlineData("--mnemonic", "test test tset test test test test test test test test junk", "Word 3 of 12 is not in")]
    public async Task Import_NoSecret_IsRefusedWithoutRepeatingIt(string option, string typed, string message)
    {
        CommandLineResult result = await RunAsync(new TypingTerminal(true, typed), "import", "alice", option);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(typed, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("tset", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExportPrivateKey_Confirmed_ShowsItOnATerminalOnly()
    {
        Environment.SetEnvironmentVariable(PassphraseSource.Variable, Passphrase);
        await ImportAsync("alice", new TypingTerminal(false, Key), "--private-key");
        string file = _folder["key"];

        CommandLineResult shown = await RunAsync(new TypingTerminal(true, "alice"), "export", "alice", "--private-key");
        CommandLineResult denied = await RunAsync(new TypingTerminal(true, "no"), "export", "alice", "--private-key");
        CommandLineResult piped = await RunAsync(new TypingTerminal(false), "export", "alice", "--private-key", "--yes");
        CommandLineResult filed = await RunAsync(
            new TypingTerminal(false), "export", "alice", "--private-key", "--yes", "--out", file);
        CommandLineResult again = await RunAsync(
            new TypingTerminal(false), "export", "alice", "--private-key", "--yes", "--out", file);

        Assert.Equal("0x" + Key + "\n", shown.Output);
        Assert.Equal((1, 2, 0, 1), (denied.ExitCode, piped.ExitCode, filed.ExitCode, again.ExitCode));
        NoSecret(denied);
        NoSecret(piped);
        NoSecret(filed);
        Assert.Equal(Key + "\n", File.ReadAllText(file));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task ExportKeystore_OfAWallet_IsItsFile()
    {
        Environment.SetEnvironmentVariable(PassphraseSource.Variable, Passphrase);
        await ImportAsync("alice", new TypingTerminal(false, Key), "--private-key");

        CommandLineResult result = await RunAsync(
            new TypingTerminal(false), "export", "alice", "--keystore", _folder["copy"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(File.ReadAllBytes(Store.PathOf("alice")), File.ReadAllBytes(_folder["copy"]));
    }

    [Theory]
    [InlineData("import: expected one of", "import", "alice")]
    [InlineData("import: expected one of", "import", "alice", "--mnemonic", "--private-key")]
    [InlineData("export: expected one of", "export", "alice")]
    [InlineData("--words and --words-file need --mnemonic", "new", "alice", "--words", "24")]
    [InlineData("--passphrase-fd: expected a whole number from 0 to 1023", "new", "alice", "--passphrase-fd", "secret")]
    public async Task Verbs_WrongUsage_ExitWith2(string message, params string[] arguments)
    {
        CommandLineResult result = await RunAsync(new TypingTerminal(true), arguments);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    // A descriptor is the process's, so this one is another process; what it may not do is hang.
    [Fact]
    public async Task New_PassphraseByDescriptor_IsReadFromIt()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string file = _folder.Write("passphrase", "from a file\nand no more");
        System.Diagnostics.ProcessStartInfo start = new("sh", ["-c", "exec dotnet \"$0\" \"$@\" 3< \"$FILE\" < /dev/null"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["FILE"] = file;
        foreach (string argument in (string[])
            [
                Path.Combine(AppContext.BaseDirectory, "research.dll"), "wallet", "new", "alice", "--passphrase-fd", "3",
                "--wallet-folder", Store.Folder,
            ])
        {
            start.ArgumentList.Add(argument);
        }

        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(start)!;
        CommandLineResult result = await CommandLine.FinishAsync(process);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(Store.Read("alice").Address, Store.Open("alice", "from a file"u8).Address);
    }

    private static void NoSecret(CommandLineResult result)
    {
        Assert.DoesNotContain(Key, result.Output + result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Passphrase, result.Output + result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Words, result.Output + result.Error, StringComparison.Ordinal);
    }

    private Task<CommandLineResult> RunAsync(TypingTerminal terminal, params string[] arguments)
    {
        RootCommand root = new() { WalletCommand.Create(terminal) };
        string[] all = ["wallet", .. arguments, "--wallet-folder", Store.Folder];
        return CommandLine.RunAsync(root, all);
    }

    private async Task<string> ImportAsync(string name, TypingTerminal terminal, params string[] arguments)
    {
        CommandLineResult result = await RunAsync(terminal, ["import", name, .. arguments]);
        Assert.True(result.ExitCode == 0, result.Error);
        NoSecret(result);
        return Open(name);
    }

    private string Open(string name) => Store.Open(name, Encoding.UTF8.GetBytes(Passphrase)).Address.ToString();
}
