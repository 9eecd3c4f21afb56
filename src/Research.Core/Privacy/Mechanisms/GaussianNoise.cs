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
    /// <summary>Samples of one chunk of the key stream: parts begin at multiples of it.</summary>
    internal const int PartBlock = KeyStream.ChunkWords;

    private const double LeastDeviation = 7.888609052210118e-31; // 2⁻¹⁰⁰: the grid stays within float's range.
    private const double LargestDeviation = 1.2676506002282294e30; // 2¹⁰⁰

    private readonly KeyStream _stream;

    /// <summary>Creates noise on a stream of its own, forked from <paramref name="source"/>.</summary>
    /// <param name="source">Where the randomness comes from; cryptographic for any claim of privacy.</param>
    public GaussianNoise(RandomSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _stream = new KeyStream(source.Fork("gaussian-noise"));
    }

    /// <summary>Gets or sets how many blocks of samples were drawn: with the seed, all the state of a run.</summary>
    /// <remarks>Means nothing under a cryptographic source: a resumed run has fresh noise.</remarks>
    internal ulong Position
    {
        get => _stream.Position;
        set => _stream.Position = value;
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
        AddPart(values, 0, standardDeviation);
        Advance(values.Length);
    }

    /// <summary>
    /// Does the part of an <see cref="Add"/> that begins at <paramref name="offset"/>, with the bits of the whole.
    /// </summary>
    /// <param name="part">The values from the offset on; parts of one vector may be done at the same time.</param>
    /// <param name="offset">A multiple of <see cref="PartBlock"/>.</param>
    /// <param name="standardDeviation">Standard deviation of the noise; in [2⁻¹⁰⁰, 2¹⁰⁰].</param>
    /// <remarks>
    /// After all parts, and before the next vector, call <see cref="Advance"/>: once. Only this part is searched for
    /// values that are not finite: when it is refused, other parts may have been changed.
    /// </remarks>
    internal void AddPart(Span<float> part, int offset, double standardDeviation)
    {
        if (standardDeviation is not (>= LeastDeviation and <= LargestDeviation))
        {
            throw new ArgumentOutOfRangeException(
                nameof(standardDeviation), standardDeviation, "Expected a standard deviation in [2^-100, 2^100].");
        }

        if (offset < 0 || offset % PartBlock != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"Expected a multiple of {PartBlock}.");
        }

        RequireFinite(part);
        _stream.AddNoise(part, (uint)(offset / PartBlock), new NoiseGrid(standardDeviation));
    }

    /// <summary>Moves on to the samples of the next vector.</summary>
    /// <param name="count">Length of the vector that is done.</param>
    internal void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _stream.Advance((uint)(((long)count + PartBlock - 1) / PartBlock));
    }

    private static void RequireFinite(ReadOnlySpan<float> values)
    {
        Vector512<float> largest = Vector512.Create(float.MaxValue);
        int i = 0;
        for (; i <= values.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            if (!Vector512.LessThanOrEqualAll(Vector512.Abs(Vector512.Create(values[i..])), largest))
            {
                break; // The loop below finds which.
            }
        }

        for (; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException($"Expected finite numbers; got {values[i]} at index {i}.", nameof(values));
            }
        }
    }
}
