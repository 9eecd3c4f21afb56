using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>Reports of ε₀-private local randomisers, shuffled by someone who is trusted to do nothing else.</summary>
/// <remarks>
/// Neighbours: <b>replace</b> one person's value; the number of reports is public. With C ~ Bin(n−1, e^−ε₀) clones,
/// A ~ Bin(C, ½) and Δ ~ Bernoulli(e^ε₀/(e^ε₀+1)), the shuffled reports are (ε, δ)-private if (A+Δ, C−A+1−Δ) and
/// (A+1−Δ, C−A+Δ) are (ε, δ)-indistinguishable: Feldman, McMillan and Talwar 2021, arXiv:2012.12803v3, Theorem 3.2, for
/// one release of any ε₀-private randomisers, the same or not, chosen adaptively. The two are each other's mirror
/// image, so one direction is enough. The stronger decomposition of arXiv:2208.04591 is not used: its authors withdrew
/// it for general randomisers (errata to Theorems 3.1 and 3.2).
/// </remarks>
/// <param name="LocalEpsilon">ε₀ of each report; above 0, at most 100.</param>
/// <param name="Reports">Number n of reports; 2 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
public sealed record ShuffledReports(double LocalEpsilon, int Reports)
{
    private const double LargestLocalEpsilon = 100; // Beyond it no number of reports that fits an int hides anything.
    private const double Window = 1e-20; // Bounds the mass left out on either side of C; it counts as lost to δ.
    private const double Rounding = 1e-11; // Relative, of each probability; measured below 1e-12.
    private const int MostQuestions = 60;
    private const double Precision = 1e-9; // Of ε.
    private const double LeastDelta = 1e-307;
    private const int Anew = 256;
    private const double LeastEdge = 1e-250; // Products of what is smaller lose digits.

    /// <summary>Gets which data sets count as neighbours.</summary>
    public static NeighbouringRelation Neighbours => NeighbouringRelation.ReplaceOne;

    /// <summary>Gets ε₀ of each report.</summary>
    public double LocalEpsilon { get; } = LocalEpsilon is > 0 and <= LargestLocalEpsilon
        ? LocalEpsilon
        : throw new ArgumentOutOfRangeException(
            "localEpsilon", LocalEpsilon, $"Expected a number above 0, at most {LargestLocalEpsilon}.");

    /// <summary>Gets the number of reports.</summary>
    public int Reports { get; } = Parameter.AtLeast(Reports, 2, nameof(Reports));

    /// <summary>Gets an ε for which the shuffled reports are (ε, δ)-differentially private, at most ε₀.</summary>
    /// <param name="delta">δ in (0, 1).</param>
    /// <returns>Nats, rounded up; within a relative 1e-9 of the least that this analysis gives.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> lies outside (0, 1).</exception>
    public double Epsilon(double delta)
    {
        RenyiConversion.Check(delta);
        // ln δ is nearly a line where it counts: its secant, and every third time the middle. At ε₀ δ is 0, which has no
        // logarithm: until a smaller ε is enough, the middle alone.
        double goal = DoubleLog.Of(delta);
        (double tooLittle, double above) = (0, DoubleLog.Of(Math.Max(Delta(0), LeastDelta)) - goal);
        if (above <= 0)
        {
            return 0;
        }

        (double enough, double below) = (LocalEpsilon, double.NegativeInfinity);
        for (int i = 0; i < MostQuestions && enough - tooLittle > Precision * enough; i++)
        {
            double share = i % 3 == 2 || double.IsInfinity(below) ? 0.5 : above / (above - below);
            double least = Precision / 2 * enough / (enough - tooLittle); // No nearer to an end, so that both close in.
            double middle = tooLittle + (Math.Clamp(share, least, 1 - least) * (enough - tooLittle));
            double excess = DoubleLog.Of(Math.Max(Delta(middle), LeastDelta)) - goal;
            (tooLittle, above, enough, below) =
                excess > 0 ? (middle, excess, enough, below) : (tooLittle, above, middle, excess);
        }

        return enough;
    }

    /// <summary>Gets a δ for which the shuffled reports are (ε, δ)-differentially private, rounded up.</summary>
    /// <remarks>
    /// Given C = c, let b be the masses of Bin(c, ½) and p that of Δ = 1. A count a of the first kind has probability
    /// p·b(a−1) + (1−p)·b(a), or with p and 1−p exchanged; their ratio grows with a and passes e^ε above θ·(c+1). With
    /// s the least whole a above it, δ(c) = κ·b(s−1) − (e^ε − 1)·P(A ≥ s), κ = p − (1−p)·e^ε. Going down in c, s falls
    /// by 0 or 1 and the tail follows by Pascal's rule; it grows on the whole, so errors of the rule do not.
    /// </remarks>
    /// <param name="epsilon">ε; finite, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epsilon"/> lies outside its range.</exception>
    public double Delta(double epsilon)
    {
        if (!(epsilon >= 0 && double.IsFinite(epsilon)))
        {
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Expected a finite number, 0 or more.");
        }

        if (epsilon >= LocalEpsilon)
        {
            return 0;
        }

        double inverse = DoubleExp.Of(-LocalEpsilon);
        double ratio = DoubleExp.Of(epsilon);
        double loss = DoubleExpM1.Of(epsilon);
        double local = -DoubleExpM1.Of(-LocalEpsilon);
        double threshold = (loss + local) / (local * (1 + ratio)); // θ
        double gain = -DoubleExpM1.Of(epsilon - LocalEpsilon) / (1 + inverse); // κ
        BinomialDistribution clones = new(Reports - 1, inverse);
        int c = Highest(clones);
        int least = Above(threshold, c);
        double tail = new BinomialDistribution(c, 0.5).UpperTail(least);
        double sum = 0;
        double clonesMass = clones.Mass(c);
        double edge = new BinomialDistribution(c, 0.5).Mass(least - 1);
        double odds = inverse / -DoubleExpM1.Of(-LocalEpsilon);
        for (int steps = 1; ; steps++)
        {
            double excess = (gain * edge * (1 + Rounding)) - (loss * tail * (1 - Rounding));
            sum += clonesMass * (1 + Rounding) * Math.Max(0, excess);
            if (c == 0 || (c < clones.Mean && clonesMass < Window / Reports))
            {
                return Math.Min(1, sum + (2 * Window));
            }

            // Masses from their neighbours, some multiplications each, and now and then anew, so that rounding does not add up.
            bool isAnew = steps % Anew == 0 || edge < LeastEdge;
            clonesMass = isAnew ? clones.Mass(c - 1) : clonesMass * c / ((Reports - (double)c) * odds);
            double same = isAnew
                ? new BinomialDistribution(c - 1, 0.5).Mass(least - 1)
                : edge * (2 * (c - least + 1.0) / c); // The mass of least − 1 among c − 1.
            c--;
            int next = Above(threshold, c);
            tail = next < least ? tail + (same / 2) : Math.Max(0, tail - (same / 2));
            edge = next == least ? same
                : isAnew || same < LeastEdge ? new BinomialDistribution(c, 0.5).Mass(next - 1)
                : same * (least - 1.0) / (c - least + 2.0);
            least = next;
        }
    }

    // The least whole number above θ·(c + 1).
    private static int Above(double threshold, int c) => (int)Math.Floor(threshold * (c + 1.0)) + 1;

    private int Highest(BinomialDistribution clones)
    {
        int c = (int)Math.Min(Reports - 1, Math.Ceiling(clones.Mean));
        int tooHigh = Reports - 1;
        while (c < tooHigh)
        {
            int middle = c + ((tooHigh - c) / 2);
            (c, tooHigh) = clones.Mass(middle) >= Window / Reports ? (middle + 1, tooHigh) : (c, middle);
        }

        return c;
    }
}
