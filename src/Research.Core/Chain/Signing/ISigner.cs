using Research.Chain.Primitives;

namespace Research.Chain.Signing;

/// <summary>Who signs transactions: a key in this process, an account of Nethereum's, or a signer elsewhere.</summary>
public interface ISigner
{
    /// <summary>Gets the address that signs and pays.</summary>
    Address Address { get; }

    /// <summary>Signs a transaction and encodes it as a node takes it.</summary>
    /// <param name="transaction">What to sign, all of it decided.</param>
    /// <param name="cancellationToken">Stops waiting for the signer.</param>
    /// <exception cref="SignerException">The signer refused, or signed something else.</exception>
    Task<ReadOnlyMemory<byte>> SignAsync(Eip1559Transaction transaction, CancellationToken cancellationToken = default);
}
