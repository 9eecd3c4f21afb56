using System.Numerics;
using System.Runtime.Intrinsics;
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
    private const double TwoTo64 = 18446744073709551616.0;

    private readonly KeyStream _stream;

    /// <summary>Creates a sampler on a stream of its own, forked from <paramref name="source"/>.</summary>
    /// <param name="source">Where the randomness comes from; cryptographic for any claim of privacy.</param>
    public PoissonSampler(RandomSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _stream = new KeyStream(source.Fork("poisson-sampling"));
    }

    /// <summary>Gets or sets how many chunks of words were drawn: with the seed, all the state of a run.</summary>
    /// <remarks>Means nothing under a cryptographic source: a resumed run has fresh batches.</remarks>
    internal ulong Position
    {
        get => _stream.Position;
        set => _stream.Position = value;
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
        Span<ulong> words = stackalloc ulong[KeyStream.ChunkWords];
        uint chunks = (uint)((recordCount + (long)words.Length - 1) / words.Length);
        for (uint chunk = 0; chunk < chunks; chunk++)
        {
            _stream.Read(chunk, words);
            int first = (int)chunk * words.Length;
            AddChosen(words[..Math.Min(words.Length, recordCount - first)], threshold, first, chosen);
        }

        words.Clear();
        _stream.Advance(chunks);
    }

    /// <summary>
    /// Gets floor(q·2⁶⁴) for q in [0, 1): scaling by a power of two is exact, so only the floor rounds.
    /// </summary>
    internal static ulong Threshold(double sampleRate) => (ulong)Math.Floor(sampleRate * TwoTo64);

    private static void AddChosen(ReadOnlySpan<ulong> words, ulong threshold, int first, List<int> chosen)
    {
        Vector512<ulong> bound = Vector512.Create(threshold);
        int i = 0;
        for (; i <= words.Length - Vector512<ulong>.Count; i += Vector512<ulong>.Count)
        {
            ulong below = Vector512.LessThan(Vector512.Create(words[i..]), bound).ExtractMostSignificantBits();
            for (; below != 0; below &= below - 1)
            {
                chosen.Add(first + i + BitOperations.TrailingZeroCount(below));
            }
        }

        for (; i < words.Length; i++)
        {
            if (words[i] < threshold)
            {
                chosen.Add(first + i);
            }
        }
    }
}
