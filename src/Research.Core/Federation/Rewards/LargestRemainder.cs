using System.Numerics;

namespace Research.Federation.Rewards;

/// <summary>Splits an integer amount in proportion to integer weights so that the parts sum to it exactly.</summary>
/// <remarks>
/// Hamilton's method: everyone gets the floor of the exact share, and what is left goes one unit each to the largest
/// remainders; equal remainders go to the lower index. All arithmetic is in integers, so every machine pays the same.
/// </remarks>
public static class LargestRemainder
{
    /// <summary>Splits <paramref name="amount"/>; all parts are zero when all weights are.</summary>
    /// <param name="amount">The amount to split, in its smallest unit (wei); not negative.</param>
    /// <param name="weights">One weight a recipient; none negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount or a weight is negative.</exception>
    public static BigInteger[] Split(BigInteger amount, IReadOnlyList<BigInteger> weights)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        ArgumentNullException.ThrowIfNull(weights);
        BigInteger total = BigInteger.Zero;
        foreach (BigInteger weight in weights)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(weight, nameof(weights));
            total += weight;
        }

        BigInteger[] parts = new BigInteger[weights.Count];
        if (total.IsZero)
        {
            return parts;
        }

        BigInteger left = amount;
        BigInteger[] remainders = new BigInteger[weights.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = BigInteger.DivRem(amount * weights[i], total, out remainders[i]);
            left -= parts[i];
        }

        // Fewer units are left than there are non-zero remainders, so a weight of zero never gets one.
        IEnumerable<int> byRemainder =
            Enumerable.Range(0, parts.Length).OrderByDescending(i => remainders[i]).ThenBy(i => i);
        foreach (int i in byRemainder.Take((int)left))
        {
            parts[i] += BigInteger.One;
        }

        return parts;
    }
}
