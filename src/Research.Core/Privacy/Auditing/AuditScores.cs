namespace Research.Privacy.Auditing;

/// <summary>What an attack gave each canary, and whether it really was in the data.</summary>
/// <remarks>
/// A threshold found on the scores that it is judged by would flatter itself. So every other trial chooses it, and the
/// rest, which had no say, are counted.
/// </remarks>
/// <param name="Scores">[trials]: higher speaks for membership.</param>
/// <param name="Members">[trials].</param>
internal sealed record AuditScores(double[] Scores, bool[] Members)
{
    private const int Candidates = 120;          // Thresholds tried, half of them from each end.
    private const double LeastShare = 1e-5;
    private const double ChoiceRisk = 1e-3;      // Of the risk: at the ends, among few, luck would choose.

    // Shares of canaries guessed as members, and as others; each is a test of its own.
    private static readonly (double Top, double Bottom)[] Guesses =
    [
        (0.25, 0.25), (0.1, 0.1), (0.02, 0.02), (0.004, 0.004),
        (0.1, 0), (0.02, 0), (0.004, 0), (0.0008, 0),
    ];

    /// <summary>Gets the counts of the measuring half at the threshold that a criterion likes best.</summary>
    /// <param name="risk">Chance that the rates in the end may miss.</param>
    /// <param name="criterion">What is to be large; asked only about the choosing half.</param>
    public MembershipCounts Measure(double risk, Func<MembershipRates, double> criterion)
    {
        double threshold = Choose(risk, criterion);
        (long members, long others, long right, long wrong) = (0, 0, 0, 0);
        for (int i = 1; i < Scores.Length; i += 2)
        {
            bool isCalled = Scores[i] >= threshold;
            (members, right) = Members[i] ? (members + 1, right + (isCalled ? 1 : 0)) : (members, right);
            (others, wrong) = Members[i] ? (others, wrong) : (others + 1, wrong + (isCalled ? 1 : 0));
        }

        return new MembershipCounts(members, others, right, wrong);
    }

    /// <summary>Gets the largest ε that all canaries together refute, as in one run.</summary>
    /// <param name="delta">δ in (0, 1).</param>
    /// <param name="risk">Chance of refuting a claim that is true; divided among the shares tried.</param>
    public double OneRunEpsilon(double delta, double risk)
    {
        int[] order = [.. Enumerable.Range(0, Scores.Length)];
        Array.Sort((double[])Scores.Clone(), order);
        double best = 0;
        foreach ((double top, double bottom) in Guesses)
        {
            int called = (int)(top * order.Length);
            int refused = (int)(bottom * order.Length);
            int right = order[^called..].Count(i => Members[i]) + order[..refused].Count(i => !Members[i]);
            best = Math.Max(
                best,
                OneRunBound.Epsilon(order.Length, called + refused, right, delta, risk / Guesses.Length));
        }

        return best;
    }

    private double Choose(double risk, Func<MembershipRates, double> criterion)
    {
        int[] order = [.. Enumerable.Range(0, (Scores.Length + 1) / 2).Select(i => 2 * i)];
        Array.Sort([.. order.Select(i => Scores[i])], order);
        Array.Reverse(order);
        int[] right = new int[order.Length + 1]; // Members among the highest so many.
        for (int i = 0; i < order.Length; i++)
        {
            right[i + 1] = right[i] + (Members[order[i]] ? 1 : 0);
        }

        (double best, double threshold) = (double.NegativeInfinity, 0);
        foreach (int called in Ranks(order.Length))
        {
            MembershipCounts counts = new(
                right[^1], order.Length - right[^1], right[called], called - right[called]);
            double value = criterion(counts.Rates(risk * ChoiceRisk));
            (best, threshold) = value > best ? (value, Scores[order[called - 1]]) : (best, threshold);
        }

        return threshold;
    }

    // Dense at both ends, where few are called, or all but a few.
    private static SortedSet<int> Ranks(int count)
    {
        SortedSet<int> ranks = [];
        for (int i = 0; i < Candidates / 2; i++)
        {
            double share = 0.5 * Math.Pow(LeastShare, i / (Candidates / 2.0));
            ranks.Add(Math.Clamp((int)(share * count), 1, count));
            ranks.Add(Math.Clamp((int)((1 - share) * count), 1, count));
        }

        return ranks;
    }
}
