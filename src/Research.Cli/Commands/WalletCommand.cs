using System.CommandLine;
using Research.Chain.Wallets;
using Research.Cli.Wallets;

namespace Research.Cli.Commands;

/// <summary><c>research wallet</c>: encrypted keys that sign for the roles of a task.</summary>
internal static class WalletCommand
{
    public static Command Create() => Create(new SecretTerminal());

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where secrets are typed and seen.</param>
    internal static Command Create(ISecretTerminal terminal) =>
        new("wallet", "Make, import, list or export wallets: keys in files that a passphrase encrypts.")
        {
            CreateNew(terminal), CreateImport(terminal), CreateList(terminal), CreateExport(terminal),
        };

    private static Command CreateNew(ISecretTerminal terminal)
    {
        Argument<string> name = Name();
        WalletOptionSet wallets = new();
        Option<bool> mnemonic = new("--mnemonic") { Description = "Make the key of new words, and show them once." };
        Option<int> words = new("--words")
        {
            Description = "How many words: 12 or 24.",
            DefaultValueFactory = _ => 12,
        };
        words.AcceptOnlyFromAmong("12", "24");
        Option<string?> wordsFile = PathOption.Optional(
            "--words-file", "Write the words to that new file instead of showing them.");
        Option<bool> json = Json();
        Command command = new("new", "Make a wallet with a new key.") { name, mnemonic, words, wordsFile, json };
        wallets.AddTo(command, asksPassphrase: true);
        command.SetAction(async (parse, cancellationToken) =>
        {
            WalletVerbs verbs = Verbs(parse, wallets, terminal);
            bool usesWords = parse.GetValue(mnemonic);
            if (!usesWords && (parse.GetResult(words) is { Implicit: false } || parse.GetValue(wordsFile) is not null))
            {
                throw new CommandException(
                    "--words and --words-file need --mnemonic: without it there are no words.", CommandRunner.WrongUsage);
            }

            await (usesWords
                ? verbs.NewMnemonicAsync(
                    parse.GetValue(name)!,
                    parse.GetValue(words),
                    parse.GetValue(wordsFile),
                    parse.GetValue(json),
                    cancellationToken)
                : verbs.NewAsync(parse.GetValue(name)!, parse.GetValue(json), cancellationToken)).ConfigureAwait(false);
            return CommandRunner.Success;
        });
        return command;
    }

    private static Command CreateImport(ISecretTerminal terminal)
    {
        Argument<string> name = Name();
        WalletOptionSet wallets = new();
        Option<bool> key = new("--private-key")
        {
            Description = "A private key, which you are asked for, or the next line of standard input.",
        };
        Option<bool> mnemonic = new("--mnemonic")
        {
            Description = "The words of a mnemonic (BIP-39, English), which you are asked for, or the next line of "
                + "standard input.",
        };
        Option<string?> keystore = PathOption.Optional(
            "--keystore", "A keystore file (version 3), as geth and cast write; its passphrase stays the same.");
        Option<int> index = BoundedOption.Create(
            "--index", "With --mnemonic, which account: the last number of m/44'/60'/0'/0/INDEX", 0, 0, int.MaxValue);
        Option<bool> second = new("--mnemonic-passphrase")
        {
            Description = "With --mnemonic, ask for a passphrase of the words too, or read it from the line after them.",
        };
        Option<bool> json = Json();
        Command command = new("import", "Add a wallet with a key that you have. No option takes a secret.")
        {
            name, key, mnemonic, keystore, index, second, json,
        };
        wallets.AddTo(command, asksPassphrase: true);
        command.Validators.Add(result =>
        {
            int given = (result.GetValue(key) ? 1 : 0) + (result.GetValue(mnemonic) ? 1 : 0)
                + (result.GetResult(keystore) is null ? 0 : 1);
            if (given != 1)
            {
                result.AddError("import: expected one of --private-key, --mnemonic and --keystore FILE.");
            }
        });
        command.SetAction(async (parse, cancellationToken) =>
        {
            WalletVerbs verbs = Verbs(parse, wallets, terminal);
            (string wallet, bool asJson) = (parse.GetValue(name)!, parse.GetValue(json));
            await (parse.GetValue(keystore) is string file
                ? verbs.ImportKeystoreAsync(wallet, file, asJson, cancellationToken)
                : parse.GetValue(key)
                    ? verbs.ImportPrivateKeyAsync(wallet, asJson, cancellationToken)
                    : verbs.ImportMnemonicAsync(
                        wallet, parse.GetValue(index), parse.GetValue(second), asJson, cancellationToken))
                .ConfigureAwait(false);
            return CommandRunner.Success;
        });
        return command;
    }

    private static Command CreateList(ISecretTerminal terminal)
    {
        WalletOptionSet wallets = new();
        Option<bool> json = Json();
        Command command = new("list", "List your wallets and their addresses; no passphrase is needed.") { json };
        wallets.AddTo(command, asksPassphrase: false);
        command.SetAction(parse =>
        {
            Verbs(parse, wallets, terminal).List(parse.GetValue(json));
            return CommandRunner.Success;
        });
        return command;
    }

    private static Command CreateExport(ISecretTerminal terminal)
    {
        Argument<string> name = Name();
        WalletOptionSet wallets = new();
        Option<string?> keystore = PathOption.Optional("--keystore", "Copy the encrypted file to that new one.");
        Option<bool> key = new("--private-key") { Description = "Show the private key itself, on a terminal." };
        Option<string?> file = PathOption.Optional("--out", "With --private-key, write it to that new file instead.");
        Option<bool> yes = new("--yes") { Description = "With --private-key, do not ask whether that is meant." };
        Command command = new("export", "Hand out a wallet's encrypted file, or its private key.")
        {
            name, keystore, key, file, yes,
        };
        wallets.AddTo(command, asksPassphrase: true);
        command.Validators.Add(result =>
        {
            if (result.GetValue(key) == (result.GetResult(keystore) is not null))
            {
                result.AddError("export: expected one of --keystore FILE and --private-key.");
            }
        });
        command.SetAction(async (parse, cancellationToken) =>
        {
            WalletVerbs verbs = Verbs(parse, wallets, terminal);
            if (parse.GetValue(keystore) is string target)
            {
                verbs.ExportKeystore(parse.GetValue(name)!, target);
            }
            else
            {
                await verbs.ExportPrivateKeyAsync(
                    parse.GetValue(name)!, parse.GetValue(file), parse.GetValue(yes), cancellationToken)
                    .ConfigureAwait(false);
            }

            return CommandRunner.Success;
        });
        return command;
    }

    private static WalletVerbs Verbs(ParseResult parse, WalletOptionSet wallets, ISecretTerminal terminal) => new(
        new WalletStore(wallets.FolderOf(parse)),
        terminal,
        new PassphraseSource(terminal, wallets.DescriptorOf(parse)),
        parse.InvocationConfiguration.Output);

    private static Argument<string> Name() =>
        new("NAME") { Description = "What the wallet is called: letters, digits, dots, dashes and underscores." };

    private static Option<bool> Json() => new("--json")
    {
        Description = "Print one JSON document on standard output: name, address and file, never a secret.",
    };
}
