namespace Research.Chain.Wallets;

/// <summary>A wallet's file, its passphrase or a mnemonic is not what it should be; the message says what, and never
/// repeats a secret.</summary>
public sealed class WalletException : ChainException
{
    internal WalletException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
