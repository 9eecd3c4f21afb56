using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Research.Privacy.Mechanisms;

/// <summary>Adds Gaussian noise, and returns the sums on a grid that does not depend on the values.</summary>
/// <remarks>
/// Every result is a multiple of 2⁻¹⁶ of the standard deviation's power of two (then the nearest float): were the noise
/// ideal, this rounding would be post-processing and cost nothing, and it hides the low bits by which naive
/// floating-point noise betrays what it was added to (Mironov 2012, CCS). The noise itself is Box-Muller in double
/// precision: near the Gaussian, cut at 9.49 standard deviations, but its distance from the ideal is NOT proven nor
/// charged to δ; see Privacy/PROOFS.md. Not safe for concurrent use.
/// </remarks>
public sealed class GaussianNoise
{
    private const int GridBits = 16;
    private const double LeastDeviation = 7.888609052210118e-31; // 2⁻¹⁰⁰: the grid stays within float's range.
    private const double LargestDeviation = 1.2676506002282294e30; // 2¹⁰⁰
    private const int WordsAtOnce = 1024;

    private readonly RandomSource _source;
    private readonly ulong[] _uniform = new ulong[WordsAtOnce];

    /// <summary>Creates noise on a stream of its own, forked from <paramref name="source"/>.</summary>
    /// <param name="source">Where the randomness comes from; cryptographic for any claim of privacy.</param>
    public GaussianNoise(RandomSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source.Fork("gaussian-noise");
    }

    /// <summary>Adds an independent sample of N(0, std²) to every value.</summary>
    /// <param name="values">Finite numbers, any length; overwritten with the noisy ones, on the grid.</param>
    /// <param name="standardDeviation">Standard deviation of the noise; in [2⁻¹⁰⁰, 2¹⁰⁰].</param>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is 0, negative, NaN or
    /// outside the range.</exception>
    /// <exception cref="ArgumentException">A value is NaN or infinite: no noise can hide it.
    /// Nothing was changed.</exception>
    public void Add(Span<float> values, double standardDeviation)
    {
        if (standardDeviation is not (>= LeastDeviation and <= LargestDeviation))
        {
            throw new ArgumentOutOfRangeException(
                nameof(standardDeviation), standardDeviation, "Expected a standard deviation in [2^-100, 2^100].");
        }

        RequireFinite(values);
        double grid = Grid(standardDeviation);
        Span<float> last = stackalloc float[BoxMuller.Block]; // Of its samples, those left over are dropped.
        while (!values.IsEmpty)
        {
            Span<float> some = values[..Math.Min(values.Length, WordsAtOnce)];
            int rest = some.Length % BoxMuller.Block;
            int whole = some.Length - rest;
            AddBlocks(some[..whole], NextUniform(whole), standardDeviation, grid);
            if (rest != 0)
            {
                some[whole..].CopyTo(last);
                AddBlocks(last, NextUniform(last.Length), standardDeviation, grid);
                last[..rest].CopyTo(some[whole..]);
            }

            values = values[some.Length..];
        }

        Array.Clear(_uniform);
    }

    /// <summary>
    /// Gets the spacing of the results: 2⁻¹⁶ of the largest power of two that is at most the deviation.
    /// </summary>
    internal static double Grid(double standardDeviation) =>
        Math.ScaleB(1.0, Math.ILogB(standardDeviation) - GridBits);

    private static void AddBlocks(Span<float> values, ReadOnlySpan<ulong> uniform, double deviation, double grid)
    {
        Vector256<double> scale = Vector256.Create(deviation);
        Vector256<double> spacing = Vector256.Create(grid);
        Vector256<double> perUnit = Vector256.Create(1 / grid); // Exact: the grid is a power of two.
        for (int i = 0; i < values.Length; i += BoxMuller.Block)
        {
            BoxMuller.Transform(uniform[i..], out Vector256<double> first, out Vector256<double> second);
            Vector256<float> value = Vector256.Create(values[i..]);
            (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(value);
            lower = Vector256.Round((lower + (first * scale)) * perUnit) * spacing;
            upper = Vector256.Round((upper + (second * scale)) * perUnit) * spacing;
            Vector256.Narrow(lower, upper).CopyTo(values[i..]);
        }
    }

    private static void RequireFinite(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException($"Expected finite numbers; got {values[i]} at index {i}.", nameof(values));
            }
        }
    }

    private Span<ulong> NextUniform(int count)
    {
        Span<ulong> uniform = _uniform.AsSpan(0, count);
        _source.Fill(MemoryMarshal.AsBytes(uniform));
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(uniform, uniform);
        }

        return uniform;
    }
}
