using System.Numerics;
using Research.Chain.Primitives;

namespace Research.Market;

/// <summary>What points earn, as the contract computes it.</summary>
public static class Payout
{
    /// <summary>Gets the points that earn a round's whole pool: the larger of their total and the target.</summary>
    public static ulong Divisor(ulong total, ulong target) => Math.Max(total, target);

    /// <summary>Gets what rounds have of the pool by themselves; the parts of all rounds sum to it.</summary>
    /// <param name="pool">The rewards of all rounds together.</param>
    /// <param name="rounds">How many rounds the specification has.</param>
    /// <param name="first">The first of the rounds, from 0.</param>
    /// <param name="last">The last of them.</param>
    public static Wei PoolOf(Wei pool, int rounds, int first, int last) =>
        new((pool.Amount * (last + 1) / rounds) - (pool.Amount * first / rounds));

    /// <summary>Gets <c>floor(pool · points / divisor)</c>; nothing where the divisor is zero.</summary>
    /// <param name="pool">What the round pays from, in wei or the token's smallest unit.</param>
    /// <param name="points">The points.</param>
    /// <param name="divisor">See <see cref="Divisor"/>.</param>
    public static Wei Of(Wei pool, ulong points, ulong divisor) =>
        divisor == 0 ? Wei.Zero : new Wei(pool.Amount * new BigInteger(points) / divisor);
}
