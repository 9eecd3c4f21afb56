using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Research.Privacy.Mechanisms;

namespace Research.Privacy.Sampling;

/// <summary>
/// Draws batches in which every record appears with one fixed probability, independently of all others.
/// </summary>
/// <remarks>
/// A record is chosen when 64 uniform bits, read as a number, lie below floor(q·2⁶⁴). For a q of double precision the
/// product is exact, so the true rate is q when q ≥ 2⁻¹¹, and otherwise below it by less than 2⁻⁶⁴: accounting at q is
/// an upper bound. No floating-point function takes part. The batch's size is random and private; divide by a public
/// constant.
/// </remarks>
public sealed class PoissonSampler
{
    private const int RecordsAtOnce = 512;
    private const double TwoTo64 = 18446744073709551616.0;

    private readonly RandomSource _source;
    private readonly ulong[] _uniform = new ulong[RecordsAtOnce];

    /// <summary>Creates a sampler on a stream of its own, forked from <paramref name="source"/>.</summary>
    /// <param name="source">Where the randomness comes from; cryptographic for any claim of privacy.</param>
    public PoissonSampler(RandomSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source.Fork("poisson-sampling");
    }

    /// <summary>Draws one batch.</summary>
    /// <param name="recordCount">Number of records; 0 or more.</param>
    /// <param name="sampleRate">Probability of each record, q in [0, 1]; 0 chooses none and 1 chooses all.</param>
    /// <param name="chosen">Cleared, then given the chosen indices, ascending.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative, or the rate is
    /// outside [0, 1] or NaN.</exception>
    public void Sample(int recordCount, double sampleRate, List<int> chosen)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(recordCount);
        ArgumentNullException.ThrowIfNull(chosen);
        if (sampleRate is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, "Expected a sample rate in [0, 1].");
        }

        chosen.Clear();
        if (sampleRate == 1)
        {
            chosen.EnsureCapacity(recordCount);
            for (int record = 0; record < recordCount; record++)
            {
                chosen.Add(record);
            }

            return;
        }

        ulong threshold = Threshold(sampleRate);
        for (long first = 0; first < recordCount; first += RecordsAtOnce)
        {
            ReadOnlySpan<ulong> uniform = NextUniform((int)Math.Min(RecordsAtOnce, recordCount - first));
            for (int i = 0; i < uniform.Length; i++)
            {
                if (uniform[i] < threshold)
                {
                    chosen.Add((int)first + i);
                }
            }
        }
    }

    /// <summary>
    /// Gets floor(q·2⁶⁴) for q in [0, 1): scaling by a power of two is exact, so only the floor rounds.
    /// </summary>
    internal static ulong Threshold(double sampleRate) => (ulong)Math.Floor(sampleRate * TwoTo64);

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
