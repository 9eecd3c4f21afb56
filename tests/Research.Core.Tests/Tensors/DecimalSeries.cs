namespace Research.Tests.Tensors;

/// <summary>Power series in 28-digit decimal arithmetic: an oracle with twelve digits to spare over double.</summary>
internal static class DecimalSeries
{
    public const decimal Pi = 3.1415926535897932384626433833m;

    public static decimal Exp(decimal x)
    {
        int halvings = 0;
        for (; Math.Abs(x) > 0.01m; halvings++)
        {
            x /= 2;
        }

        decimal m1 = Sum(x, x, k => k + 1); // eˣ − 1, so that squaring keeps the small digits
        for (; halvings > 0; halvings--)
        {
            m1 = (2 * m1) + (m1 * m1);
        }

        return m1 + 1;
    }

    public static decimal Sin(decimal x) => Sum(x, -x * x, k => 2 * k * ((2 * k) + 1));

    public static decimal Cos(decimal x) => Sum(1, -x * x, k => 2 * k * ((2 * k) - 1));

    /// <summary>Gets the distance of a double from a decimal, in units of the double's last place.</summary>
    public static double Ulps(double actual, decimal expected) =>
        Math.Abs((double)(Exact(actual) - expected)) / (Math.BitIncrement(Math.Abs(actual)) - Math.Abs(actual));

    /// <summary>Gets a double, of magnitude 2⁻³⁰ to 2¹⁶, in all the digits a decimal holds.</summary>
    public static decimal Exact(double value)
    {
        int exponent = Math.ILogB(value) - 52;
        decimal mantissa = (long)Math.ScaleB(value, -exponent);
        for (; exponent < 0; exponent++)
        {
            mantissa /= 2;
        }

        for (; exponent > 0; exponent--)
        {
            mantissa *= 2;
        }

        return mantissa;
    }

    private static decimal Sum(decimal first, decimal ratio, Func<int, int> divisor)
    {
        decimal sum = 0;
        decimal term = first;
        for (int k = 1; term != 0 && k < 60; k++)
        {
            sum += term;
            term = term * ratio / divisor(k);
        }

        return sum;
    }
}
