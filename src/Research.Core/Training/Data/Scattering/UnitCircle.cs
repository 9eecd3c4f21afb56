using Research.Tensors;

namespace Research.Training.Data.Scattering;

/// <summary>Sine and cosine of any angle, with the same bits on every processor.</summary>
internal static class UnitCircle
{
    /// <summary>Gets sin and cos of 2π·numerator/denominator; the reduction is exact.</summary>
    public static (double Sin, double Cos) OfTurns(long numerator, long denominator)
    {
        long part = numerator % denominator * 4; // quarter turns, over the denominator
        long quarters = (long)Math.Round((double)part / denominator);
        return Turn(quarters, (double)(part - (quarters * denominator)) / denominator);
    }

    /// <summary>Gets sin and cos of π·quarterTurns/2.</summary>
    public static (double Sin, double Cos) OfQuarterTurns(double quarterTurns)
    {
        double whole = Math.Round(quarterTurns);
        return Turn((long)whole, quarterTurns - whole);
    }

    private static (double Sin, double Cos) Turn(long quarters, double rest)
    {
        (double sin, double cos) = DoubleSinCos.OfQuarterTurns(rest);
        return (quarters & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }
}
