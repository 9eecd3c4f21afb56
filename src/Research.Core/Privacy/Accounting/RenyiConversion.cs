using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>From (α, ρ)-Rényi differential privacy to (ε, δ).</summary>
/// <remarks>Source: Canonne, Kamath and Steinke 2020, arXiv:2004.00010v4, Proposition 12.</remarks>
internal static class RenyiConversion
{
    private const double Margin = 1e-11; // Of the terms' magnitude: well above their rounding, some 1e-15.
    private const double PerNat = 4294967296.0; // ε is reported in steps of 2⁻³² nats (2.3e-10), rounded up.
    private const double LargestOnGrid = 1048576.0; // 2²⁰: above it a double has no bits left for such steps.

    /// <summary>Gets what the conversion adds to ρ: ln(1 − 1/α) − ln(δα)/(α − 1).</summary>
    /// <param name="order">α, above 1.</param>
    /// <param name="delta">δ in (0, 1).</param>
    public static double Cost(double order, double delta)
    {
        double ratio = DoubleLog1P.Of(-1 / order);
        double tail = -(DoubleLog.Of(delta) + DoubleLog.Of(order)) / (order - 1);
        return ratio + tail + (Margin * (Math.Abs(ratio) + Math.Abs(tail) + 1));
    }

    /// <summary>
    /// Rounds ε up to a multiple of 2⁻³², or to the next number where those no longer fit; negative becomes 0.
    /// </summary>
    /// <param name="epsilon">Not NaN.</param>
    public static double RoundUp(double epsilon) => epsilon < LargestOnGrid
        ? Math.Max(0, Math.Ceiling(epsilon * PerNat) / PerNat)
        : Math.BitIncrement(epsilon);

    /// <summary>Refuses a δ outside (0, 1).</summary>
    public static void Check(double delta)
    {
        if (!(delta is > 0 and < 1 && double.IsNormal(delta)))
        {
            throw new ArgumentOutOfRangeException(nameof(delta), delta, "Expected a delta in (0, 1).");
        }
    }
}
