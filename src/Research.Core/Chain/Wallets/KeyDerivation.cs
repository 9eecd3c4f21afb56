namespace Research.Chain.Wallets;

/// <summary>How a keystore file makes a key of a passphrase, and what a guess costs.</summary>
public abstract record KeyDerivation
{
    // What one scrypt works through is 128·n·r bytes, p times; memory is that of one. Standard is 2^21 blocks.
    private protected const int MostBlocks = 1 << 22;

    private protected KeyDerivation()
    {
    }

    /// <summary>Gets what geth calls standard: scrypt with n = 262,144, r = 8, p = 1, which takes 256 MiB.</summary>
    public static KeyDerivation Standard { get; } = new ScryptDerivation(262_144, 8, 1);

    internal const int KeyBytes = 32;

    internal abstract string Name { get; }

    /// <summary>Throws where a parameter is out of bounds; nothing has run then.</summary>
    internal abstract void Check();

    /// <summary>Derives the 32 bytes; the caller zeroes them.</summary>
    internal abstract byte[] Derive(byte[] passphrase, byte[] salt);

    private protected static void Require(string field, long actual, long least, long most)
    {
        if (actual < least || actual > most)
        {
            throw new WalletException(FormattableString.Invariant(
                $"crypto.kdfparams.{field}: expected a whole number from {least} to {most}, got {actual}."));
        }
    }
}
