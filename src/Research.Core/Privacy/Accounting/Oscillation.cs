using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>Σ w·(e^(iyL) − 1) over weighted points, and powers of what lies near 1.</summary>
/// <remarks>
/// e^(iyL) − 1 = −2·sin²(yL/2) + 2i·sin(yL/2)·cos(yL/2), to full relative precision however small. Eight points at a
/// time, and the eight sums in one order: the same bits on every processor.
/// </remarks>
internal sealed class Oscillation
{
    private const double Parity = 6755399441055744.0; // 2⁵² + 2⁵¹: adding it leaves a whole number in the low bits.

    private readonly double[] _weights;
    private readonly double[] _halfTurns;

    /// <summary>Keeps the points.</summary>
    /// <param name="losses">L of each.</param>
    /// <param name="weight">Its weight, by its index.</param>
    public Oscillation(double[] losses, Func<int, double> weight)
    {
        int padded = (losses.Length + Vector512<double>.Count - 1) & -Vector512<double>.Count;
        _weights = new double[padded];
        _halfTurns = new double[padded];
        for (int i = 0; i < losses.Length; i++)
        {
            _halfTurns[i] = losses[i] * (1 / Math.PI);
            _weights[i] = weight(i);
        }
    }

    /// <summary>Gets the number of points.</summary>
    public int Count => _weights.Length;

    /// <summary>Gets the sum at a frequency.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Complex At(double y)
    {
        Vector512<double> squares = Vector512<double>.Zero;
        Vector512<double> products = Vector512<double>.Zero;
        Vector512<double> frequency = Vector512.Create(y);
        Vector512<double> parity = Vector512.Create(Parity);
        ReadOnlySpan<Vector512<double>> weights = MemoryMarshal.Cast<double, Vector512<double>>(_weights);
        ReadOnlySpan<Vector512<double>> turns = MemoryMarshal.Cast<double, Vector512<double>>(_halfTurns);
        for (int i = 0; i < weights.Length; i++)
        {
            Vector512<double> quarters = frequency * turns[i]; // Of yL/2, in quarter turns.
            Vector512<double> shifted = quarters + parity;
            (Vector512<double> sin, Vector512<double> cos) = DoubleSinCos.OfQuarterTurns(quarters - (shifted - parity));

            // An odd number of quarter turns exchanges the two, and turns the product's sign.
            Vector512<double> isOdd = Vector512.Equals(
                shifted.AsUInt64() & Vector512<ulong>.One, Vector512<ulong>.One).AsDouble();
            Vector512<double> sine = Vector512.ConditionalSelect(isOdd, cos, sin);
            Vector512<double> sign = Vector512.ShiftLeft(shifted.AsUInt64(), 63).AsDouble();
            squares = Vector512.FusedMultiplyAdd(weights[i] * sine, sine, squares);
            products = Vector512.FusedMultiplyAdd(weights[i] * sin, cos ^ sign, products);
        }

        return new Complex(-2 * InOrder(squares), 2 * InOrder(products));
    }

    /// <summary>Gets (1 + x)ⁿ − 1, to full relative precision where x is small.</summary>
    public static Complex PowerLessOne(Complex x, long n)
    {
        Complex power = Complex.Zero;
        for (Complex square = x; n > 0; n >>= 1)
        {
            power = (n & 1) == 0 ? power : ProductLessOne(power, square);
            square = ProductLessOne(square, square);
        }

        return power;
    }

    /// <summary>Gets (1 + a)·(1 + b) − 1.</summary>
    public static Complex ProductLessOne(Complex a, Complex b) => new(
        a.Real + b.Real + ((a.Real * b.Real) - (a.Imaginary * b.Imaginary)),
        a.Imaginary + b.Imaginary + ((a.Real * b.Imaginary) + (a.Imaginary * b.Real)));

    private static double InOrder(Vector512<double> lanes)
    {
        double sum = 0;
        for (int i = 0; i < Vector512<double>.Count; i++)
        {
            sum += lanes[i];
        }

        return sum;
    }
}
