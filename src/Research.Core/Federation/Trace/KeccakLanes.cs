using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Research.Federation.Trace;

/// <summary>Keccak-256 of many short messages of one size: several messages to a permutation.</summary>
/// <remarks>
/// Source: FIPS 202, section 4, with rate 136 bytes and capacity 512 bits; the padding is Ethereum's, 0x01 … 0x80, not
/// SHA-3's. A message shorter than the rate takes one permutation.
/// </remarks>
internal static unsafe class KeccakLanes
{
    /// <summary>Bytes of a digest.</summary>
    public const int DigestBytes = 32;

    /// <summary>Bytes of a leaf.</summary>
    public const int LeafBytes = 128;

    /// <summary>Bytes of two digests.</summary>
    public const int PairBytes = 2 * DigestBytes;

    private const int RateWords = 17;
    private const int CacheLine = 64; // Bytes; a state that begins one has no vector across two.
    private const ulong FirstPadding = 1;
    private const ulong LastPadding = 1UL << 63;

    /// <summary>Hashes leaves.</summary>
    /// <param name="leaves">[m, 128].</param>
    /// <param name="hashes">Receives [m, 32].</param>
    /// <exception cref="ArgumentException">The lengths are not those.</exception>
    public static void HashLeaves(ReadOnlySpan<byte> leaves, Span<byte> hashes) => Hash(leaves, LeafBytes, hashes);

    /// <summary>Hashes pairs of digests.</summary>
    /// <param name="pairs">[m, 64].</param>
    /// <param name="hashes">Receives [m, 32]; may begin where <paramref name="pairs"/> does.</param>
    /// <remarks>
    /// Batches go in ascending order and each is read before its hashes are written, which end where no later batch
    /// begins: a level of a tree is reduced in place.
    /// </remarks>
    /// <exception cref="ArgumentException">The lengths are not those.</exception>
    public static void HashPairs(ReadOnlySpan<byte> pairs, Span<byte> hashes) => Hash(pairs, PairBytes, hashes);

    /// <summary>Hashes messages eight at once and the rest as <see cref="Hash256"/> does.</summary>
    internal static void Hash512(ReadOnlySpan<byte> messages, int size, Span<byte> hashes)
    {
        int done = HashBatches<Vector512<ulong>, KeccakWidth512>(messages, size, hashes);
        Hash256(messages[(done * size)..], size, hashes[(done * DigestBytes)..]);
    }

    /// <summary>Hashes messages four at once; two or three left over make a batch, one does not.</summary>
    [SkipLocalsInit]
    internal static void Hash256(ReadOnlySpan<byte> messages, int size, Span<byte> hashes)
    {
        int done = HashBatches<Vector256<ulong>, KeccakWidth256>(messages, size, hashes);
        ReadOnlySpan<byte> rest = messages[(done * size)..];
        Span<byte> restHashes = hashes[(done * DigestBytes)..];
        if (rest.Length <= size)
        {
            HashScalar(rest, size, restHashes);
            return;
        }

        Span<byte> batch = stackalloc byte[KeccakWidth256.Messages * LeafBytes];
        Span<byte> batchHashes = stackalloc byte[KeccakWidth256.Messages * DigestBytes];
        batch = batch[..(KeccakWidth256.Messages * size)];
        rest.CopyTo(batch);
        batch[rest.Length..].Clear();
        _ = HashBatches<Vector256<ulong>, KeccakWidth256>(batch, size, batchHashes);
        batchHashes[..restHashes.Length].CopyTo(restHashes);
    }

    /// <summary>Hashes messages one by one: the scalar twin.</summary>
    internal static void HashScalar(ReadOnlySpan<byte> messages, int size, Span<byte> hashes) =>
        _ = HashBatches<ulong, KeccakWidth64>(messages, size, hashes);

    private static void Hash(ReadOnlySpan<byte> messages, int size, Span<byte> hashes)
    {
        if (messages.Length % size != 0 || hashes.Length != messages.Length / size * DigestBytes)
        {
            throw new ArgumentException(
                $"Expected [m, {size}] and [m, {DigestBytes}] bytes; got {messages.Length} and {hashes.Length}.",
                nameof(hashes));
        }

        if (KeccakWidth512.IsSupported)
        {
            Hash512(messages, size, hashes);
        }
        else if (KeccakWidth256.IsSupported)
        {
            Hash256(messages, size, hashes);
        }
        else
        {
            HashScalar(messages, size, hashes);
        }
    }

    /// <summary>Hashes the whole batches and says how many messages these were.</summary>
    /// <remarks>The padding and the capacity are written once: <see cref="KeccakPermutation"/> leaves them.</remarks>
    private static int HashBatches<TWord, TWidth>(ReadOnlySpan<byte> messages, int size, Span<byte> hashes)
        where TWord : unmanaged
        where TWidth : struct, IKeccakWidth<TWord>
    {
        int words = size / sizeof(ulong);
        byte* memory = stackalloc byte[(KeccakPermutation.StateWords * sizeof(TWord)) + CacheLine];
        TWord* state = (TWord*)(memory + (CacheLine - ((nuint)memory % CacheLine)));
        new Span<TWord>(state, KeccakPermutation.StateWords).Clear();
        state[words] = TWidth.Broadcast(FirstPadding);
        state[RateWords - 1] = TWidth.Xor(state[RateWords - 1], TWidth.Broadcast(LastPadding));

        int whole = messages.Length / size / TWidth.Messages * TWidth.Messages;
        fixed (byte* source = messages, target = hashes)
        {
            for (int first = 0; first < whole; first += TWidth.Messages)
            {
                TWidth.Load(source + ((long)first * size), words, state);
                KeccakPermutation.Digest<TWord, TWidth>(state);
                TWidth.Store(state, target + ((long)first * DigestBytes));
            }
        }

        return whole;
    }
}
