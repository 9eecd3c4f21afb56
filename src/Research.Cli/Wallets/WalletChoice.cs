using Research.Chain.Signing;
using Research.Chain.Wallets;

namespace Research.Cli.Wallets;

/// <summary>The wallet that signs for one command.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Folder">The folder of wallets.</param>
/// <param name="Descriptor">The file descriptor with its passphrase; null where that comes otherwise.</param>
internal sealed record WalletChoice(string Name, string Folder, int? Descriptor)
{
    /// <summary>Decrypts it.</summary>
    /// <exception cref="WalletException">There is no such wallet, or the passphrase is wrong.</exception>
    /// <exception cref="CommandException">There is no passphrase, and nobody to be asked.</exception>
    public async Task<PrivateKeyAccount> OpenAsync(ISecretTerminal terminal, CancellationToken cancellationToken)
    {
        WalletStore store = new(Folder);
        store.Read(Name); // Before anybody types a passphrase for a wallet that there is not.
        using SecretBytes passphrase = await new PassphraseSource(terminal, Descriptor)
            .ReadAsync($"wallet {Name}", cancellationToken).ConfigureAwait(false);
        return store.Open(Name, passphrase.Span);
    }
}
