namespace Research.Tensors;

/// <summary>The squared norm of a sum of outer products, Σ_p dy_p·[x_p, 1]ᵀ, in each lane.</summary>
internal static unsafe class OuterNorm
{
    /// <summary>Gets whether the form by pairs costs less than forming the sum.</summary>
    /// <remarks>Pairs run in double, at half the speed.</remarks>
    public static bool PairsCostLess(long terms, long inputs, long outputs) =>
        terms * (terms + 1) / 2 * (inputs + outputs) * 2 <= terms * inputs * outputs;

    /// <summary>Adds Σ_pq (dy_p·dy_q)(x_p·x_q + 1) for 16 examples; the sum itself is never formed.</summary>
    /// <remarks>Dot products run in double, first to last; pairs p ≤ q in order, those apart counted twice.</remarks>
    /// <param name="x">[terms, inputs, 16].</param>
    /// <param name="inputs">Length of an input.</param>
    /// <param name="dy">[terms, outputs, 16].</param>
    /// <param name="outputs">Length of an output.</param>
    /// <param name="terms">Outer products in the sum.</param>
    /// <param name="squaredNorms">16 sums, added to.</param>
    public static void AddPairs(float* x, int inputs, float* dy, int outputs, int terms, double* squaredNorms)
    {
        double* left = stackalloc double[Lanes.Count];
        double* right = stackalloc double[Lanes.Count];
        for (int p = 0; p < terms; p++)
        {
            for (int q = p; q < terms; q++)
            {
                Dot(x, inputs, p, q, left);
                Dot(dy, outputs, p, q, right);
                AddProducts(left, right, p == q ? 1 : 2, squaredNorms);
            }
        }
    }

    /// <summary>Adds times · right · (left + 1) in each lane.</summary>
    public static void AddProducts(double* left, double* right, double times, double* squaredNorms)
    {
        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            double product = Math.FusedMultiplyAdd(left[lane], right[lane], right[lane]);
            squaredNorms[lane] = Math.FusedMultiplyAdd(times, product, squaredNorms[lane]);
        }
    }

    private static void Dot(float* values, int length, int p, int q, double* sums)
    {
        new Span<double>(sums, Lanes.Count).Clear();
        float* a = values + ((long)p * length * Lanes.Count);
        if (p == q)
        {
            Lanes.AddSquares(a, length, sums);
        }
        else
        {
            Lanes.AddDots(a, values + ((long)q * length * Lanes.Count), length, sums);
        }
    }
}
