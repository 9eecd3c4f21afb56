using System.Security.Cryptography;

namespace Research.Chain.Wallets;

/// <summary>PBKDF2 with HMAC-SHA-256, as older wallets write; scrypt is harder to guess against.</summary>
/// <param name="Iterations">How many, 2^22 at most.</param>
/// <remarks>
/// Source: RFC 8018. The runtime's own: Nethereum's takes the passphrase as a string, which nobody can zero, and three
/// times as long.
/// </remarks>
public sealed record Pbkdf2Derivation(int Iterations) : KeyDerivation
{
    internal override string Name => "pbkdf2";

    internal override void Check() => Require("c", Iterations, 1, MostBlocks);

    internal override byte[] Derive(byte[] passphrase, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(passphrase, salt, Iterations, HashAlgorithmName.SHA256, KeyBytes);
}
