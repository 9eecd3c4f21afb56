using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>The chain wants more for gas than <see cref="EthereumClientOptions.MaximumFeePerGas"/>; nothing was sent.</summary>
public sealed class FeeCapException : ChainException
{
    internal FeeCapException(Wei needed, Wei cap)
        : base(
            $"The chain wants {Gwei(needed)} gwei for a unit of gas, above the cap of {Gwei(cap)} gwei. "
            + "Nothing was sent: wait, or raise the cap.")
    {
    }

    private static string Gwei(Wei fee) => (fee * 1_000_000_000).ToEther();
}
