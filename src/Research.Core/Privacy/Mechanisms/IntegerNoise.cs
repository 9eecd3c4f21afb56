using System.Numerics;

namespace Research.Privacy.Mechanisms;

/// <summary>Draws whole numbers from their distributions exactly: no floating point, no approximation.</summary>
/// <remarks>
/// Canonne, Kamath and Steinke 2020, arXiv:2004.00010v4, Algorithms 1 to 3, and rejection for Poisson; proofs in
/// Privacy/PROOFS.md. The time that a draw takes depends on it: do not let an adversary measure it. Not safe for
/// concurrent use.
/// </remarks>
public sealed class IntegerNoise
{
    private const int LargestPoissonRate = 1 << 20;

    private readonly UniformWords _words;

    /// <summary>Creates noise on a stream of its own, forked from <paramref name="source"/>.</summary>
    /// <param name="source">Where the randomness comes from; cryptographic for any claim of privacy.</param>
    public IntegerNoise(RandomSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _words = new UniformWords(source.Fork("integer-noise"));
    }

    /// <summary>Draws a uniform number in [0, <paramref name="bound"/>).</summary>
    /// <param name="bound">Above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is not above 0.</exception>
    public BigInteger Uniform(BigInteger bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return _words.Below(bound);
    }

    /// <summary>Draws true with probability <paramref name="probability"/>.</summary>
    /// <param name="probability">At most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="probability"/> is above 1.</exception>
    public bool Bernoulli(Rational probability)
    {
        if (probability.Numerator > probability.Denominator)
        {
            throw new ArgumentOutOfRangeException(
                nameof(probability), probability, "Expected a probability of at most 1.");
        }

        return _words.Below(probability.Denominator) < probability.Numerator;
    }

    /// <summary>Draws true with probability exp(−x).</summary>
    /// <param name="x">0 or more; time is proportional to min(x, 1).</param>
    /// <remarks>Algorithm 1.</remarks>
    public bool BernoulliExp(Rational x) => BernoulliExp(x.Numerator, x.Denominator);

    /// <summary>Draws x with P(x) ∝ exp(−|x|/scale).</summary>
    /// <param name="scale">Above 0.</param>
    /// <remarks>Algorithm 2, whose t/s is the scale.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="scale"/> is 0.</exception>
    public BigInteger DiscreteLaplace(Rational scale)
    {
        while (true)
        {
            BigInteger magnitude = Geometric(scale);
            bool isNegative = Coin();
            if (!(isNegative && magnitude.IsZero)) // 0 would count twice.
            {
                return isNegative ? -magnitude : magnitude;
            }
        }
    }

    /// <summary>Draws x ≥ 0 with P(x) ∝ exp(−x/scale).</summary>
    /// <param name="scale">Above 0.</param>
    /// <remarks>Steps 1 to 13 of Algorithm 2.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="scale"/> is 0.</exception>
    public BigInteger Geometric(Rational scale)
    {
        ArgumentOutOfRangeException.ThrowIfZero(scale.Numerator, nameof(scale));
        BigInteger t = scale.Numerator;
        BigInteger u;
        do
        {
            u = _words.Below(t);
        }
        while (!BernoulliExp(u, t));

        BigInteger v = BigInteger.Zero;
        while (BernoulliExp(BigInteger.One, BigInteger.One))
        {
            v++;
        }

        return (u + (t * v)) / scale.Denominator;
    }

    /// <summary>Draws x with P(x) ∝ exp(−x²/2σ²).</summary>
    /// <param name="variance">σ², above 0. The distribution's variance is a little smaller.</param>
    /// <remarks>Algorithm 3.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="variance"/> is 0.</exception>
    public BigInteger DiscreteGaussian(Rational variance)
    {
        ArgumentOutOfRangeException.ThrowIfZero(variance.Numerator, nameof(variance));
        BigInteger t = Root(variance.Numerator / variance.Denominator) + 1; // floor(σ) + 1
        Rational scale = new(t, BigInteger.One);

        // (|y| − σ²/t)²/2σ² = (|y|·t·b − a)²/(2·a·b·t²) for σ² = a/b.
        BigInteger factor = t * variance.Denominator;
        BigInteger denominator = 2 * variance.Numerator * t * factor;
        while (true)
        {
            BigInteger y = DiscreteLaplace(scale);
            BigInteger distance = (BigInteger.Abs(y) * factor) - variance.Numerator;
            if (BernoulliExp(distance * distance, denominator))
            {
                return y;
            }
        }
    }

    /// <summary>Draws from the Poisson distribution.</summary>
    /// <param name="rate">Its mean; at most 2²⁰, since the time is proportional to it.</param>
    /// <remarks>
    /// A sum of n parts of rate r = rate/n ≤ ½. A part k is proposed with probability 2^(−k−1) and kept with
    /// probability Π(2r/i), i = 1 to k: so P(k) ∝ rᵏ/k!, and half of the proposals or more are kept.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is above 2²⁰.</exception>
    public BigInteger Poisson(Rational rate)
    {
        if (rate.Numerator > LargestPoissonRate * rate.Denominator)
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, $"Expected at most {LargestPoissonRate}.");
        }

        int parts = (int)((2 * rate.Numerator) / rate.Denominator) + 1;
        BigInteger denominator = rate.Denominator * parts;
        BigInteger sum = BigInteger.Zero;
        for (int part = 0; part < parts; part++)
        {
            sum += PoissonPart(2 * rate.Numerator, denominator);
        }

        return sum;
    }

    /// <summary>Draws the difference of two independent Poisson numbers.</summary>
    /// <param name="variance">The distribution's variance: twice the rate of each; at most 2²¹.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="variance"/> is above 2²¹.</exception>
    public BigInteger Skellam(Rational variance)
    {
        if (variance.Numerator > 2 * LargestPoissonRate * variance.Denominator)
        {
            throw new ArgumentOutOfRangeException(
                nameof(variance), variance, $"Expected at most {2 * LargestPoissonRate}.");
        }

        Rational rate = new(variance.Numerator, 2 * variance.Denominator);
        return Poisson(rate) - Poisson(rate);
    }

    private bool Coin() => (_words.Next() & 1) != 0;

    private bool BernoulliExp(BigInteger numerator, BigInteger denominator)
    {
        for (; numerator > denominator; numerator -= denominator)
        {
            if (!BernoulliExpUpToOne(BigInteger.One, BigInteger.One))
            {
                return false;
            }
        }

        return BernoulliExpUpToOne(numerator, denominator);
    }

    // The first k that fails with probability 1 − x/k is odd with probability Σ(−x)ᵏ/k! = exp(−x).
    private bool BernoulliExpUpToOne(BigInteger numerator, BigInteger denominator)
    {
        int k = 1;
        while (_words.Below(denominator * k) < numerator)
        {
            k++;
        }

        return (k & 1) == 1;
    }

    private int PoissonPart(BigInteger numerator, BigInteger denominator)
    {
        while (true)
        {
            int proposed = 0;
            while (Coin())
            {
                proposed++;
            }

            int kept = 0;
            while (kept < proposed && _words.Below(denominator * (kept + 1)) < numerator)
            {
                kept++;
            }

            if (kept == proposed)
            {
                return proposed;
            }
        }
    }

    // The floor of the square root: Newton's steps from above.
    private static BigInteger Root(BigInteger n)
    {
        if (n.IsZero)
        {
            return n;
        }

        BigInteger x = BigInteger.One << (int)((n.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (x + (n / x)) >> 1;
            if (next >= x)
            {
                return x;
            }

            x = next;
        }
    }
}
