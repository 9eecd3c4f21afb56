using Research.Tensors;

namespace Research.Federation.Program.Layers;

/// <summary>The functions that tables hold, in double precision and the same bits on every machine.</summary>
internal static class Functions
{
    /// <summary>Computes e^x from sums, products and powers of two only.</summary>
    public static double Exp(double x) => DoubleExp.Of(x);

    public static double Tanh(double x)
    {
        double e = Exp(-2 * Math.Abs(x));
        double y = (1 - e) / (1 + e);
        return x < 0 ? -y : y;
    }

    public static double TanhSlope(double x)
    {
        double y = Tanh(x);
        return 1 - (y * y);
    }

    public static double Logistic(double x)
    {
        double e = Exp(-Math.Abs(x));
        return x < 0 ? e / (1 + e) : 1 / (1 + e);
    }

    public static double LogisticSlope(double x)
    {
        double y = Logistic(x);
        return y * (1 - y);
    }

    public static double Silu(double x) => x * Logistic(x);

    public static double SiluSlope(double x)
    {
        double y = Logistic(x);
        return y * (1 + (x * (1 - y)));
    }
}
