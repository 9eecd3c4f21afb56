using System.Numerics;
using Research.Privacy.Accounting;
using Research.Tensors;

namespace Research.Privacy.Mechanisms;

/// <summary>Releases one of k categories: the true one with the odds e^ε against each other.</summary>
/// <remarks>
/// Warner 1965, J. Am. Stat. Assoc. 60(309); for k categories Kairouz, Bonawitz and Ramage 2016, arXiv:1602.07387v3,
/// section 4.1. The odds are a whole number of 2⁻⁴⁸ just below e^ε, and the draw is exact: the true ε is at most the
/// stated one, and such a release is post-processing of one with the stated ε.
/// </remarks>
/// <param name="Epsilon">ε in nats; in [2⁻¹⁰⁰, 64].</param>
/// <param name="Categories">Number k of categories; 2 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
public sealed record RandomizedResponse(double Epsilon, int Categories)
{
    private const int OddsBits = 48;
    private const double LargestEpsilon = 64;
    private const double Below = 1 - 8.881784197001252e-16; // 1 − 2⁻⁵⁰: more than the error of the exponential.

    /// <summary>Gets ε, in nats.</summary>
    public double Epsilon { get; } = MechanismParameter.Scale(Epsilon) <= LargestEpsilon
        ? Epsilon
        : throw new ArgumentOutOfRangeException("epsilon", Epsilon, $"Expected at most {LargestEpsilon}.");

    /// <summary>Gets the number of categories.</summary>
    public int Categories { get; } = Categories >= 2
        ? Categories
        : throw new ArgumentOutOfRangeException("categories", Categories, "Expected 2 or more categories.");

    /// <summary>Gets what one release costs.</summary>
    public PrivacyEvent Event => new RandomizedResponseEvent(Epsilon, Categories, 1);

    /// <summary>Gets the odds of the true category against each other, in units of 2⁻⁴⁸; never below 1.</summary>
    internal BigInteger Odds => BigInteger.Max(
        BigInteger.One << OddsBits, new BigInteger(Math.ScaleB(DoubleExp.Of(Epsilon) * Below, OddsBits)));

    /// <summary>Gets a release.</summary>
    /// <param name="category">The true category; in [0, k).</param>
    /// <param name="random">Where the randomness comes from; cryptographic for any claim of privacy.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="category"/> is none.</exception>
    public int Release(int category, RandomSource random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(category);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(category, Categories);
        BigInteger odds = Odds;
        BigInteger draw = new IntegerNoise(random).Uniform(odds + ((BigInteger)(Categories - 1) << OddsBits));
        if (draw < odds)
        {
            return category;
        }

        int other = (int)((draw - odds) >> OddsBits); // Uniform among the k − 1 others.
        return other < category ? other : other + 1;
    }
}
