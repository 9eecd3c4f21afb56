using System.Numerics;
using Nethereum.KeyStore.Crypto;

namespace Research.Chain.Wallets;

/// <summary>scrypt, which costs memory as well as time.</summary>
/// <param name="N">Cost, a power of two.</param>
/// <param name="R">Block size.</param>
/// <param name="P">How often; 128·N·R bytes of memory are used each time.</param>
/// <remarks>Source: RFC 7914. A file may ask for 512 MiB and for 2^22 blocks of work at most.</remarks>
public sealed record ScryptDerivation(int N, int R, int P) : KeyDerivation
{
    private const int MostBlockSize = 64;
    private const int MostTimes = 64;

    internal override string Name => "scrypt";

    internal override void Check()
    {
        Require("n", N, 2, MostBlocks);
        if (!BitOperations.IsPow2(N))
        {
            throw new WalletException(
                FormattableString.Invariant($"crypto.kdfparams.n: expected a power of two, got {N}."));
        }

        Require("r", R, 1, MostBlockSize);
        Require("p", P, 1, MostTimes);
        long blocks = (long)N * R * P;
        if (blocks > MostBlocks)
        {
            throw new WalletException(FormattableString.Invariant(
                $"crypto.kdfparams: expected n · r · p of at most {MostBlocks} (512 MiB), got {blocks}."));
        }
    }

    // Its check of n and r together would refuse r = 1 with a large n, which published vectors have.
    internal override byte[] Derive(byte[] passphrase, byte[] salt) =>
        new KeyStoreCrypto().GenerateDerivedScryptKey(passphrase, salt, N, R, P, KeyBytes, false);
}
