namespace Research.Benchmarks.Rewards;

/// <summary>How far two rankings of the same things agree, 1 for the same order and −1 for the reverse.</summary>
/// <remarks>
/// τ-b of Kendall 1945, "The treatment of ties in ranking problems", Biometrika 33(3), 239-251: pairs in the same order
/// less pairs in opposite order, over the geometric mean of the pairs that either ranking tells apart.
/// </remarks>
internal static class KendallTau
{
    /// <summary>Computes τ-b; NaN where one of the two tells nothing apart.</summary>
    /// <exception cref="ArgumentException">The two differ in length.</exception>
    public static double Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"Expected as many as {x.Length}; got {y.Length}.", nameof(y));
        }

        int agreement = 0;
        long apartInX = 0;
        long apartInY = 0;
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                int orderX = x[i].CompareTo(x[j]);
                int orderY = y[i].CompareTo(y[j]);
                agreement += orderX * orderY;
                apartInX += orderX == 0 ? 0 : 1;
                apartInY += orderY == 0 ? 0 : 1;
            }
        }

        return agreement / Math.Sqrt((double)apartInX * apartInY);
    }
}
