namespace Research.Tests.Federation.Program.Plain;

/// <summary>Tables of real functions, rounded to the nearest.</summary>
internal static class PlainFunctions
{
    private const double Error = 2e-15; // Relative, of a handful of operations in double.
    private const double Least = 16384;

    public static long[] Table(int length, Func<int, double> scaled, bool bounded)
    {
        long[] table = new long[length];
        for (int j = 0; j < length; j++)
        {
            double exact = scaled(j);
            double rounded = Math.Floor(exact + 0.5);
            bool isBounded = bounded && Math.Abs(exact) > 32768;
            double error = Error * Math.Max(Least, Math.Abs(exact));
            Assert.True(isBounded || Math.Abs(exact - Math.Floor(exact) - 0.5) > error, $"{exact:R} is too near.");
            table[j] = (long)(bounded ? Math.Clamp(rounded, -32767, 32767) : rounded);
        }

        return table;
    }

    /// <summary>Makes the table of values of an activation, for inputs with <paramref name="places"/> places.</summary>
    public static long[] Values(Func<double, double> function, int places, int outputPlaces) =>
        Table(65535, j => function(Math.ScaleB(j - 32767, -places)) * Math.ScaleB(1, outputPlaces), true);

    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    public static double Silu(double x) => x * Sigmoid(x);

    public static double TanhSlope(double x)
    {
        double cosh = Math.Cosh(x);
        return double.IsInfinity(cosh * cosh) ? 0 : 1 / (cosh * cosh);
    }

    public static double SigmoidSlope(double x) => Sigmoid(x) * Sigmoid(-x);

    public static double SiluSlope(double x) => Sigmoid(x) * (1 + (x * Sigmoid(-x)));
}
