using System.Runtime.Intrinsics;
using Research.Privacy.Sums;

namespace Research.Privacy.Mechanisms;

/// <summary>Adds Gaussian noise to vectors, exactly: the low bits of a result tell nothing.</summary>
/// <remarks>
/// Values are rounded to a grid, 2⁻²⁴ of the standard deviation apart; each gets the centre of the grid's cell into
/// which a Gaussian falls, drawn in whole numbers by <see cref="GaussianZiggurat"/>; the sum becomes a float. So the
/// result is post-processing of the continuous Gaussian mechanism on the rounded values, but for the cut at 16 standard
/// deviations: <see cref="StatisticalDistance"/>. The rounding of values raises their sensitivity a little; given the
/// sensitivity, the noise is raised as much. No attack on floating-point noise applies (Mironov 2012, CCS; Haney et al.
/// 2022, arXiv:2207.13793): floating point takes no part until the sum is known. Proof in
/// Privacy/PROOFS.md. Not safe for concurrent use.
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

    /// <summary>
    /// Bounds the total variation distance between <paramref name="samples"/> samples and ideal ones.
    /// </summary>
    /// <param name="samples">Number of samples, over all vectors and steps of a run; 0 or more.</param>
    /// <returns>
    /// τ = samples·2⁻¹⁸⁸. A mechanism that would be (ε, δ)-private with ideal noise is (ε, δ + (1 + e^ε)·τ)-private.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="samples"/> is negative.</exception>
    public static double StatisticalDistance(long samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        return Math.BitIncrement((double)samples) * GaussianZiggurat.CutMass;
    }

    /// <summary>Adds an independent sample of N(0, std²), rounded to the grid, to every value.</summary>
    /// <param name="values">Finite numbers, any length; overwritten with the noisy ones.</param>
    /// <param name="standardDeviation">Standard deviation of the noise; in [2⁻¹⁰⁰, 2¹⁰⁰].</param>
    /// <remarks>
    /// The noise is not raised for the rounding of values: for a release, give the sensitivity as well.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is 0, negative, NaN or
    /// outside the range.</exception>
    /// <exception cref="ArgumentException">A value is NaN or infinite: no noise can hide it.
    /// Nothing was changed.</exception>
    public void Add(Span<float> values, double standardDeviation)
    {
        AddPart(values, 0, Grid(standardDeviation));
        Advance(values.Length);
    }

    /// <summary>
    /// Adds noise whose deviation over the sensitivity of the <em>rounded</em> values is at least the one stated.
    /// </summary>
    /// <param name="values">Finite numbers, any length d; overwritten with the noisy ones.</param>
    /// <param name="standardDeviation">Standard deviation of the noise, before it is raised; in [2⁻¹⁰⁰, 2¹⁰⁰].</param>
    /// <param name="sensitivity">The largest L2 distance C between the values of neighbouring data sets; above
    /// √d·2⁻²³ deviations. The noise multiplier is standardDeviation/sensitivity.</param>
    /// <exception cref="ArgumentOutOfRangeException">Deviation or sensitivity lie outside their range.</exception>
    /// <exception cref="ArgumentException">A value is NaN or infinite. Nothing was changed.</exception>
    public void Add(Span<float> values, double standardDeviation, double sensitivity)
    {
        AddPart(values, 0, Grid(standardDeviation, sensitivity, values.Length));
        Advance(values.Length);
    }

    /// <summary>Makes the grid of an <see cref="Add(Span{float}, double)"/>.</summary>
    internal static NoiseGrid Grid(double standardDeviation) => new(Checked(standardDeviation));

    /// <summary>Makes the grid of an <see cref="Add(Span{float}, double, double)"/>.</summary>
    /// <param name="standardDeviation">As there.</param>
    /// <param name="sensitivity">As there.</param>
    /// <param name="count">Length of the whole vector.</param>
    internal static NoiseGrid Grid(double standardDeviation, double sensitivity, int count) =>
        new(Checked(standardDeviation), sensitivity, count);

    /// <summary>
    /// Does the part of an addition that begins at <paramref name="offset"/>, with the bits of the whole.
    /// </summary>
    /// <param name="part">The values from the offset on; parts of one vector may be done at the same time.</param>
    /// <param name="offset">A multiple of <see cref="PartBlock"/>.</param>
    /// <param name="grid">The grid of the whole vector.</param>
    /// <remarks>
    /// After all parts, and before the next vector, call <see cref="Advance"/>: once. Only this part is searched for
    /// values that are not finite: when it is refused, other parts may have been changed.
    /// </remarks>
    internal void AddPart(Span<float> part, int offset, in NoiseGrid grid)
    {
        if (offset < 0 || offset % PartBlock != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"Expected a multiple of {PartBlock}.");
        }

        RequireFinite(part);
        _stream.AddNoise(part, (uint)(offset / PartBlock), grid);
    }

    /// <summary>Adds noise to the part of a vector of whole sums that begins at <paramref name="offset"/>.</summary>
    /// <param name="sums">The sums from the offset on, in grid steps; parts may be done at the same time.</param>
    /// <param name="noisy">Receives as many noisy sums.</param>
    /// <param name="offset">A multiple of <see cref="PartBlock"/>.</param>
    /// <param name="grid">The lattice of the sums.</param>
    internal void AddPart(ReadOnlySpan<long> sums, Span<float> noisy, int offset, in SumGrid grid)
    {
        if (offset < 0 || offset % PartBlock != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"Expected a multiple of {PartBlock}.");
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(noisy.Length, sums.Length);
        _stream.AddNoise(sums, noisy, (uint)(offset / PartBlock), grid);
    }

    /// <summary>Moves on to the samples of the next vector.</summary>
    /// <param name="count">Length of the vector that is done.</param>
    internal void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _stream.Advance((uint)(((long)count + PartBlock - 1) / PartBlock));
    }

    private static double Checked(double standardDeviation) =>
        standardDeviation is >= LeastDeviation and <= LargestDeviation
            ? standardDeviation
            : throw new ArgumentOutOfRangeException(
                nameof(standardDeviation), standardDeviation, "Expected a standard deviation in [2^-100, 2^100].");

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
