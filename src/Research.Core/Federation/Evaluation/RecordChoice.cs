using System.Globalization;
using Research.Federation.Trace;

namespace Research.Federation.Evaluation;

/// <summary>Which record of each pair is opened before anybody commits; the other scores.</summary>
/// <remarks>
/// It follows from the hash of the block after the publication, which nobody knows when the records are committed to. See
/// contracts/SCORING.md, "Evaluation records".
/// </remarks>
public sealed class RecordChoice
{
    private const int Word = 32;
    private const int BitsOfHash = 256;

    private readonly byte[] _bits;

    private RecordChoice(int pairs, byte[] seed)
    {
        Pairs = pairs;
        Seed = seed;
        _bits = BitsOf(seed, pairs);
    }

    /// <summary>Gets R, the number of pairs.</summary>
    public int Pairs { get; }

    /// <summary>Draws the choice.</summary>
    /// <param name="blockHash">The hash of the block after the one that the publication is in, 32 bytes.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from 0.</param>
    /// <param name="pairs">R, 1 or more.</param>
    /// <exception cref="ArgumentException"><paramref name="blockHash"/> is not 32 bytes long.</exception>
    public static RecordChoice Of(ReadOnlySpan<byte> blockHash, ulong taskId, int round, int pairs)
    {
        if (blockHash.Length != Word)
        {
            throw new ArgumentException($"Expected {Word} bytes; got {blockHash.Length}.", nameof(blockHash));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(round);
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 1);
        Span<byte> message = stackalloc byte[3 * Word];
        blockHash.CopyTo(message);
        RecordHashes.Number(taskId, message[Word..]);
        RecordHashes.Number((ulong)round, message[(2 * Word)..]);
        byte[] seed = new byte[Word];
        KeccakLanes.HashScalar(message, message.Length, seed);
        return new RecordChoice(pairs, seed);
    }

    /// <summary>Gets the 32 bytes that the choice follows from.</summary>
    internal ReadOnlyMemory<byte> Seed { get; }

    /// <summary>Gets the record of a pair that is opened before anybody commits.</summary>
    /// <param name="pair">The pair, from 0.</param>
    public int Opened(int pair) => (2 * pair) + Bit(pair);

    /// <summary>Gets the record of a pair that scores.</summary>
    /// <param name="pair">The pair, from 0.</param>
    public int Scoring(int pair) => (2 * pair) + 1 - Bit(pair);

    /// <summary>Throws where the choice is of another number of pairs.</summary>
    internal void Require(RecordFormat format)
    {
        if (Pairs != format.Examples)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"Expected a choice of {format.Examples} pairs; got one of {Pairs}."));
        }
    }

    /// <summary>Gets the bits of a seed: bit k is bit k mod 8 of byte k / 8.</summary>
    internal static byte[] BitsOf(ReadOnlySpan<byte> seed, int count)
    {
        Span<byte> counted = stackalloc byte[2 * Word];
        seed.CopyTo(counted);
        byte[] bits = new byte[(((count - 1) / BitsOfHash) + 1) * Word];
        for (int i = 0; i < bits.Length / Word; i++)
        {
            RecordHashes.Number((ulong)i, counted[Word..]);
            KeccakLanes.HashPairs(counted, bits.AsSpan(i * Word, Word));
        }

        return bits;
    }

    private int Bit(int pair)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pair);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(pair, Pairs);
        return (_bits[pair / 8] >> (pair % 8)) & 1; // Bit j of hash i is bit 256 i + j of all of them.
    }
}
