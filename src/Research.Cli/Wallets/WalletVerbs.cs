using System.Security.Cryptography;
using System.Text;
using Research.Chain.Primitives;
using Research.Chain.Signing;
using Research.Chain.Wallets;

namespace Research.Cli.Wallets;

/// <summary>The work of <c>research wallet</c>: secrets come in by the terminal, standard input or the passphrase's
/// source, and go out only where somebody asked for them.</summary>
/// <param name="store">The wallets.</param>
/// <param name="terminal">Where secrets are typed and seen.</param>
/// <param name="passphrases">Where passphrases come from.</param>
/// <param name="output">Standard output.</param>
internal sealed class WalletVerbs(
    WalletStore store, ISecretTerminal terminal, PassphraseSource passphrases, TextWriter output)
{
    private const int KeyBytes = 32;

    /// <summary>Makes a wallet with a key of its own.</summary>
    public async Task NewAsync(string name, bool json, CancellationToken cancellationToken)
    {
        RequireFree(name);
        using SecretBytes passphrase = await passphrases.ReadNewAsync($"wallet {name}", cancellationToken)
            .ConfigureAwait(false);
        Add(name, RandomKey(), passphrase, json);
    }

    /// <summary>Makes a wallet from a new mnemonic, whose words are shown once, or written to a file.</summary>
    /// <exception cref="CommandException">The words could be seen by nobody, or by a program.</exception>
    public async Task NewMnemonicAsync(
        string name, int words, string? wordsFile, bool json, CancellationToken cancellationToken)
    {
        RequireFree(name);
        if (wordsFile is not null)
        {
            NewFile.Check("--words-file", wordsFile);
        }
        else if (json || !terminal.ShowsOutput)
        {
            throw new CommandException(
                "The words of the mnemonic would go into a file or to a program: name a new file for them with "
                + "--words-file, or run this at a terminal without --json.",
                CommandRunner.WrongUsage);
        }

        using SecretBytes passphrase = await passphrases.ReadNewAsync($"wallet {name}", cancellationToken)
            .ConfigureAwait(false);
        MnemonicPhrase mnemonic = MnemonicPhrase.Generate(words);
        if (wordsFile is not null)
        {
            NewFile.Write("--words-file", wordsFile, Encoding.UTF8.GetBytes(mnemonic.Reveal() + "\n"));
        }

        Add(name, mnemonic.DerivePrivateKey(0), passphrase, json);
        if (wordsFile is null)
        {
            await output.WriteLineAsync(
                $"\n{mnemonic.Reveal()}\n\nWrite these {words} words on paper: they are the key, and are not shown again.")
                .ConfigureAwait(false);
        }
    }

    /// <summary>Adds a wallet with a private key that is typed, or the first line of standard input.</summary>
    public async Task ImportPrivateKeyAsync(string name, bool json, CancellationToken cancellationToken)
    {
        RequireFree(name);
        byte[] key = new byte[KeyBytes];
        using (SecretBytes typed = await ReadSecretAsync("Private key, 64 hex digits: ", cancellationToken)
            .ConfigureAwait(false))
        {
            ReadKey(typed, key);
        }

        try
        {
            using SecretBytes passphrase = await passphrases.ReadNewAsync($"wallet {name}", cancellationToken)
                .ConfigureAwait(false);
            Add(name, key, passphrase, json);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Adds a wallet with an account of a mnemonic that is typed, or the first line of standard input.</summary>
    public async Task ImportMnemonicAsync(
        string name, int index, bool asksSecond, bool json, CancellationToken cancellationToken)
    {
        RequireFree(name);
        MnemonicPhrase mnemonic;
        using (SecretBytes words = await ReadSecretAsync("The words of the mnemonic: ", cancellationToken)
            .ConfigureAwait(false))
        {
            mnemonic = MnemonicPhrase.Parse(Encoding.UTF8.GetString(words.Span));
        }

        string second = "";
        if (asksSecond)
        {
            using SecretBytes typed = await ReadSecretAsync("The mnemonic's own passphrase: ", cancellationToken)
                .ConfigureAwait(false);
            second = Encoding.UTF8.GetString(typed.Span);
        }

        using SecretBytes passphrase = await passphrases.ReadNewAsync($"wallet {name}", cancellationToken)
            .ConfigureAwait(false);
        Add(name, mnemonic.DerivePrivateKey(index, second), passphrase, json);
    }

    /// <summary>Adds a wallet with the key of a keystore file, encrypted anew with the same passphrase.</summary>
    /// <remarks>Anew, so that it names its address, and that guessing at it costs as much as at any other here.</remarks>
    public async Task ImportKeystoreAsync(string name, string file, bool json, CancellationToken cancellationToken)
    {
        RequireFree(name);
        InputFile.Check("--keystore", file, Keystore.MaximumBytes);
        Keystore keystore = ReadKeystore(file);
        using SecretBytes passphrase = await passphrases.ReadAsync(file, cancellationToken).ConfigureAwait(false);
        if (passphrase.Length == 0)
        {
            throw new CommandException("Expected a passphrase, got an empty one: it would protect nothing.");
        }

        Add(name, keystore.Decrypt(passphrase.Span), passphrase, json);
    }

    /// <summary>Prints the wallets; no passphrase is needed.</summary>
    public void List(bool json)
    {
        IReadOnlyList<StoredWallet> wallets = store.List();
        output.WriteLine(json ? WalletReport.Json(wallets) : WalletReport.Text(wallets, store.Folder));
    }

    /// <summary>Copies a wallet's keystore file, as it is.</summary>
    public void ExportKeystore(string name, string file)
    {
        NewFile.Check("--keystore", file);
        NewFile.Write("--keystore", file, store.Read(name).ToJson());
        output.WriteLine($"The keystore of wallet {name} is in {file}; its passphrase is the wallet's.");
    }

    /// <summary>Writes a wallet's private key on the terminal, or into a new file.</summary>
    /// <exception cref="CommandException">Nobody confirmed it, or it would go to a program.</exception>
    public async Task ExportPrivateKeyAsync(string name, string? file, bool yes, CancellationToken cancellationToken)
    {
        store.Read(name);
        if (file is not null)
        {
            NewFile.Check("--out", file);
        }
        else if (!terminal.ShowsOutput)
        {
            throw new CommandException(
                "The private key would go into a file or to a program: name a new file for it with --out, or run this at "
                + "a terminal.",
                CommandRunner.WrongUsage);
        }

        await ConfirmAsync(name, file, yes, cancellationToken).ConfigureAwait(false);
        using SecretBytes passphrase = await passphrases.ReadAsync($"wallet {name}", cancellationToken)
            .ConfigureAwait(false);
        byte[] key = store.Read(name).Decrypt(passphrase.Span);
        byte[] text = new byte[(KeyBytes * 2) + 1];
        try
        {
            Convert.TryToHexStringLower(key, text, out _);
            text[^1] = (byte)'\n';
            if (file is not null)
            {
                NewFile.Write("--out", file, text);
                await output.WriteLineAsync($"The private key of wallet {name} is in {file}, unencrypted.")
                    .ConfigureAwait(false);
            }
            else
            {
                await output.WriteAsync("0x" + Encoding.ASCII.GetString(text)).ConfigureAwait(false);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static Keystore ReadKeystore(string file)
    {
        try
        {
            return Keystore.Parse(File.ReadAllBytes(file));
        }
        catch (WalletException e)
        {
            throw new CommandException($"--keystore: {file}: {e.Message}", innerException: e);
        }
    }

    private static void ReadKey(SecretBytes typed, Span<byte> key)
    {
        Span<char> digits = stackalloc char[SecretBytes.Maximum];
        try
        {
            ReadOnlySpan<char> text = digits[..Encoding.UTF8.GetChars(typed.Span, digits)].Trim();
            text = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
            bool isKey = text.Length == KeyBytes * 2
                && Convert.FromHexString(text, key, out _, out _) == System.Buffers.OperationStatus.Done;
            if (!isKey)
            {
                throw new CommandException("Expected a private key of 64 hex digits.");
            }

            new PrivateKeyAccount(key).Dispose(); // Refuses zero, and what is not below the curve's order.
        }
        catch (ArgumentException e)
        {
            throw new CommandException(
                "Expected a private key: 64 hex digits, not zero, below the order of secp256k1.", innerException: e);
        }
        finally
        {
            digits.Clear();
        }
    }

    private static byte[] RandomKey()
    {
        byte[] key = new byte[KeyBytes];
        while (true)
        {
            RandomNumberGenerator.Fill(key);
            try
            {
                new PrivateKeyAccount(key).Dispose();
                return key;
            }
            catch (ArgumentException)
            {
                // Zero or beyond the curve's order, once in 2^128 draws: draw again.
            }
        }
    }

    private void RequireFree(string name)
    {
        if (store.Contains(name))
        {
            throw new CommandException(
                $"There is a wallet {name} in {store.Folder} already; it is never overwritten. Choose another name.");
        }
    }

    private async Task<SecretBytes> ReadSecretAsync(string prompt, CancellationToken cancellationToken) =>
        terminal.CanAsk
            ? await terminal.AskAsync(prompt, cancellationToken).ConfigureAwait(false)
            : terminal.ReadInputLine() ?? throw new CommandException(
                "Standard input is at its end; expected a line with the secret.");

    private async Task ConfirmAsync(string name, string? file, bool yes, CancellationToken cancellationToken)
    {
        if (yes)
        {
            return;
        }

        if (!terminal.CanAsk)
        {
            throw new CommandException("There is no terminal to ask whether that is meant: say --yes.");
        }

        string place = file is null ? "appears on this screen" : $"is written to {file}, unencrypted";
        string answer = await terminal.AskOpenlyAsync(
            $"The private key of {name} {place}; whoever sees it owns the account. Type {name} to go on: ",
            cancellationToken).ConfigureAwait(false);
        if (answer.Trim() != name)
        {
            throw new CommandException("Not confirmed; nothing was shown or written.");
        }
    }

    // Takes the key over, and zeroes it.
    private void Add(string name, byte[] key, SecretBytes passphrase, bool json)
    {
        try
        {
            Keystore keystore = Keystore.Encrypt(key, passphrase.Span);
            Address address = keystore.Address!.Value;
            StoredWallet added = new(name, address, store.Add(name, keystore));
            output.WriteLine(json ? WalletReport.Json(added) : WalletReport.Text(added));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
