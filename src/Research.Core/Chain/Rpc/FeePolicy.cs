using System.Numerics;
using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>What to offer for gas: twice the base fee and the node's tip, below a cap; asked for once in a while.</summary>
/// <remarks>The base fee grows by an eighth a block at most (EIP-1559), so twice of it lasts for six full blocks.</remarks>
internal sealed class FeePolicy(EthereumClient client, Wei cap, TimeProvider time)
{
    // Nodes take a replacement for a tenth more of both fees (geth's price bump, which others follow).
    private const int BumpPercent = 125;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private (FeeEstimate Fee, long At)? _newest;

    /// <summary>Gets what to offer now.</summary>
    /// <exception cref="FeeCapException">Even the next block's base fee is above the cap.</exception>
    public async Task<FeeEstimate> OfferAsync(CancellationToken cancellationToken)
    {
        if (_newest is (FeeEstimate fee, long at) && time.GetElapsedTime(at) < Lifetime)
        {
            return fee;
        }

        FeeEstimate estimate = await client.GetFeesAsync(cancellationToken).ConfigureAwait(false);
        Wei needed = estimate.BaseFeePerGas + estimate.MaxPriorityFeePerGas;
        if (needed > cap)
        {
            throw new FeeCapException(needed, cap);
        }

        estimate = estimate with { MaxFeePerGas = Least(estimate.MaxFeePerGas, cap) };
        _newest = (estimate, time.GetTimestamp());
        return estimate;
    }

    /// <summary>Gets an offer that replaces an earlier one with the same nonce; null where the cap forbids it.</summary>
    public async Task<FeeEstimate?> ReplacementAsync(FeeEstimate earlier, CancellationToken cancellationToken)
    {
        _newest = null;
        FeeEstimate now = await client.GetFeesAsync(cancellationToken).ConfigureAwait(false);
        Wei tip = Most(now.MaxPriorityFeePerGas, Bumped(earlier.MaxPriorityFeePerGas));
        Wei least = Most(Bumped(earlier.MaxFeePerGas), tip);
        return least > cap
            ? null
            : now with { MaxPriorityFeePerGas = tip, MaxFeePerGas = Least(Most(now.MaxFeePerGas, least), cap) };
    }

    private static Wei Bumped(Wei fee) => new((fee.Amount * BumpPercent / 100) + BigInteger.One);

    private static Wei Least(Wei left, Wei right) => left < right ? left : right;

    private static Wei Most(Wei left, Wei right) => left > right ? left : right;
}
