namespace Research.Chain.Wallets;

/// <summary>What a keystore file encrypts, and what it needs for that besides the passphrase.</summary>
internal sealed record KeystoreCrypto
{
    /// <summary>The one cipher that version 3 knows.</summary>
    public const string Cipher = "aes-128-ctr";

    public required KeyDerivation Derivation { get; init; }

    public required byte[] Salt { get; init; }

    public required byte[] Iv { get; init; }

    /// <summary>Gets the encrypted key, of 32 bytes, or of fewer where a wallet left out leading zeros.</summary>
    public required byte[] Ciphertext { get; init; }

    public required byte[] Mac { get; init; }
}
