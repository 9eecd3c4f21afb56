namespace Research.Tensors;

/// <summary>ln(1 + x) without cancellation, with the same bits on every processor.</summary>
/// <remarks>
/// Source: Kahan's correction (Higham 2002, Accuracy and Stability of Numerical Algorithms, 2nd ed., problem 1.5).
/// <c>double.LogP1</c> of the framework adds first and loses every digit of a small x. Tests hold the error below 4
/// ulp.
/// </remarks>
internal static class DoubleLog1P
{
    /// <summary>Gets ln(1 + x); infinity of infinity, NaN of NaN.</summary>
    /// <param name="x">Above −1.</param>
    public static double Of(double x)
    {
        double sum = 1 + x;
        if (sum == 1 || !double.IsFinite(sum))
        {
            return x;
        }

        return DoubleLog.Of(sum) * (x / (sum - 1));
    }
}
