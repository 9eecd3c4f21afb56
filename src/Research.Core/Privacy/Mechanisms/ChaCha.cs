using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Research.Privacy.Mechanisms;

/// <summary>
/// ChaCha20 as a seekable stream of uniform words: any part is a function of the key and its place alone.
/// </summary>
/// <remarks>
/// Source: RFC 8439, section 2.3, with the block counter of 64 bits in words 12 and 13 and a nonce of zero in words 14
/// and 15, as Bernstein 2008 (ChaCha, a variant of Salsa20) had it: a key lasts for 2⁷⁰ bytes. The stream comes in
/// chunks of 16 blocks, which vectors compute side by side, and keeps their order: word w of block b stands at 16w + b
/// of its chunk. All 20 rounds, as in the standard: they are fast enough, so fewer need no defence.
/// </remarks>
internal static class ChaCha
{
    /// <summary>Words of a key: 256 bits.</summary>
    public const int KeyWords = 8;

    /// <summary>Blocks computed together.</summary>
    public const int ChunkBlocks = 16;

    /// <summary>Words of a chunk: 1024 bytes.</summary>
    public const int ChunkWords = 16 * ChunkBlocks;

    private const int Rounds = 20;

    /// <summary>Writes one chunk as pairs of words, lower half first.</summary>
    /// <param name="key">8 words.</param>
    /// <param name="chunk">Number of the chunk, below 2⁶⁰.</param>
    /// <param name="destination">128 words of 64 bits.</param>
    public static void Write(ReadOnlySpan<uint> key, ulong chunk, Span<ulong> destination)
    {
        Write(key, chunk, MemoryMarshal.Cast<ulong, uint>(destination));
        if (!BitConverter.IsLittleEndian)
        {
            for (int i = 0; i < destination.Length; i++)
            {
                destination[i] = BitOperations.RotateLeft(destination[i], 32);
            }
        }
    }

    /// <summary>Writes one chunk.</summary>
    /// <param name="key">8 words.</param>
    /// <param name="chunk">Number of the chunk, below 2⁶⁰.</param>
    /// <param name="destination">256 words.</param>
    public static void Write(ReadOnlySpan<uint> key, ulong chunk, Span<uint> destination)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Write<ChaChaLanes16, Vector512<uint>>(key, chunk, destination);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Write<ChaChaLanes8, Vector256<uint>>(key, chunk, destination);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Write<ChaChaLanes4, Vector128<uint>>(key, chunk, destination);
        }
        else
        {
            Write<ChaChaLanes1, uint>(key, chunk, destination);
        }
    }

    /// <summary>Writes one chunk with the vectors of choice.</summary>
    /// <param name="key">8 words.</param>
    /// <param name="chunk">Number of the chunk, below 2⁶⁰.</param>
    /// <param name="destination">256 words.</param>
    public static void Write<TLanes, TVector>(ReadOnlySpan<uint> key, ulong chunk, Span<uint> destination)
        where TLanes : struct, IChaChaLanes<TVector>
        where TVector : struct
    {
        key = key[..KeyWords];
        destination = destination[..ChunkWords];
        for (int block = 0; block < ChunkBlocks; block += TLanes.Count)
        {
            // A chunk's first counter is a multiple of 16, so adding the lane never carries into the upper word.
            ulong counter = (chunk * ChunkBlocks) + (uint)block;
            Blocks<TLanes, TVector, Alone>(
                ref MemoryMarshal.GetReference(key),
                counter,
                ref MemoryMarshal.GetReference(destination[block..]),
                default);
        }
    }

    /// <summary>Writes one block, in the order of a chunk's first block: word w at 16w.</summary>
    /// <param name="key">8 words.</param>
    /// <param name="counter">Number of the block.</param>
    /// <param name="destination">256 words, of which every 16th is written.</param>
    public static void WriteBlock(ReadOnlySpan<uint> key, ulong counter, Span<uint> destination)
    {
        key = key[..KeyWords];
        destination = destination[..ChunkWords];
        Blocks<ChaChaLanes1, uint, Alone>(
            ref MemoryMarshal.GetReference(key), counter, ref MemoryMarshal.GetReference(destination), default);
    }

    /// <summary>Writes as many blocks as there are lanes, doing other work on the way.</summary>
    /// <param name="key">8 words.</param>
    /// <param name="counter">Number of the first block: a multiple of the number of lanes.</param>
    /// <param name="to">Receives the lanes of word w at 16w; written when all other work is done.</param>
    /// <param name="companion">The other work.</param>
    public static void Blocks<TLanes, TVector, TCompanion>(
        ref uint key, ulong counter, ref uint to, TCompanion companion)
        where TLanes : struct, IChaChaLanes<TVector>
        where TVector : struct
        where TCompanion : struct, IChaChaCompanion, allows ref struct
    {
        TVector lowCounter = TLanes.Counting((uint)counter);
        TVector x0 = TLanes.Create(0x61707865), x1 = TLanes.Create(0x3320646e);
        TVector x2 = TLanes.Create(0x79622d32), x3 = TLanes.Create(0x6b206574);
        TVector x4 = Key<TLanes, TVector>(ref key, 0), x5 = Key<TLanes, TVector>(ref key, 1);
        TVector x6 = Key<TLanes, TVector>(ref key, 2), x7 = Key<TLanes, TVector>(ref key, 3);
        TVector x8 = Key<TLanes, TVector>(ref key, 4), x9 = Key<TLanes, TVector>(ref key, 5);
        TVector x10 = Key<TLanes, TVector>(ref key, 6), x11 = Key<TLanes, TVector>(ref key, 7);
        TVector x12 = lowCounter, x13 = TLanes.Create((uint)(counter >> 32));
        TVector x14 = TLanes.Create(0), x15 = TLanes.Create(0);

        for (int i = 0; i < Rounds / 2; i++)
        {
            FourQuarterRounds<TLanes, TVector>(
                ref x0, ref x1, ref x2, ref x3, ref x4, ref x5, ref x6, ref x7,
                ref x8, ref x9, ref x10, ref x11, ref x12, ref x13, ref x14, ref x15);
            companion.AfterColumns(i);
            FourQuarterRounds<TLanes, TVector>(
                ref x0, ref x1, ref x2, ref x3, ref x5, ref x6, ref x7, ref x4,
                ref x10, ref x11, ref x8, ref x9, ref x15, ref x12, ref x13, ref x14);
            companion.AfterDiagonals(i);
        }

        Put<TLanes, TVector>(x0, TLanes.Create(0x61707865), ref to, 0);
        Put<TLanes, TVector>(x1, TLanes.Create(0x3320646e), ref to, 1);
        Put<TLanes, TVector>(x2, TLanes.Create(0x79622d32), ref to, 2);
        Put<TLanes, TVector>(x3, TLanes.Create(0x6b206574), ref to, 3);
        Put<TLanes, TVector>(x4, Key<TLanes, TVector>(ref key, 0), ref to, 4);
        Put<TLanes, TVector>(x5, Key<TLanes, TVector>(ref key, 1), ref to, 5);
        Put<TLanes, TVector>(x6, Key<TLanes, TVector>(ref key, 2), ref to, 6);
        Put<TLanes, TVector>(x7, Key<TLanes, TVector>(ref key, 3), ref to, 7);
        Put<TLanes, TVector>(x8, Key<TLanes, TVector>(ref key, 4), ref to, 8);
        Put<TLanes, TVector>(x9, Key<TLanes, TVector>(ref key, 5), ref to, 9);
        Put<TLanes, TVector>(x10, Key<TLanes, TVector>(ref key, 6), ref to, 10);
        Put<TLanes, TVector>(x11, Key<TLanes, TVector>(ref key, 7), ref to, 11);
        Put<TLanes, TVector>(x12, lowCounter, ref to, 12);
        Put<TLanes, TVector>(x13, TLanes.Create((uint)(counter >> 32)), ref to, 13);
        Put<TLanes, TVector>(x14, TLanes.Create(0), ref to, 14);
        Put<TLanes, TVector>(x15, TLanes.Create(0), ref to, 15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Key<TLanes, TVector>(ref uint key, int word)
        where TLanes : struct, IChaChaLanes<TVector>
        where TVector : struct => TLanes.Create(Unsafe.Add(ref key, word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TLanes, TVector>(TVector x, TVector start, ref uint to, int word)
        where TLanes : struct, IChaChaLanes<TVector>
        where TVector : struct => TLanes.Store(TLanes.Add(x, start), ref Unsafe.Add(ref to, word * ChunkBlocks));

    // Step by step across the four, none of which waits for another.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourQuarterRounds<TLanes, TVector>(
        ref TVector a0, ref TVector a1, ref TVector a2, ref TVector a3,
        ref TVector b0, ref TVector b1, ref TVector b2, ref TVector b3,
        ref TVector c0, ref TVector c1, ref TVector c2, ref TVector c3,
        ref TVector d0, ref TVector d1, ref TVector d2, ref TVector d3)
        where TLanes : struct, IChaChaLanes<TVector>
        where TVector : struct
    {
        Step<TLanes, TVector>(ref a0, ref a1, ref a2, ref a3, b0, b1, b2, b3, ref d0, ref d1, ref d2, ref d3, 16);
        Step<TLanes, TVector>(ref c0, ref c1, ref c2, ref c3, d0, d1, d2, d3, ref b0, ref b1, ref b2, ref b3, 12);
        Step<TLanes, TVector>(ref a0, ref a1, ref a2, ref a3, b0, b1, b2, b3, ref d0, ref d1, ref d2, ref d3, 8);
        Step<TLanes, TVector>(ref c0, ref c1, ref c2, ref c3, d0, d1, d2, d3, ref b0, ref b1, ref b2, ref b3, 7);
    }

    // x += y; z = (z ^ x) <<< bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TLanes, TVector>(
        ref TVector x0, ref TVector x1, ref TVector x2, ref TVector x3,
        TVector y0, TVector y1, TVector y2, TVector y3,
        ref TVector z0, ref TVector z1, ref TVector z2, ref TVector z3,
        [ConstantExpected] byte bits)
        where TLanes : struct, IChaChaLanes<TVector>
        where TVector : struct
    {
        x0 = TLanes.Add(x0, y0);
        x1 = TLanes.Add(x1, y1);
        x2 = TLanes.Add(x2, y2);
        x3 = TLanes.Add(x3, y3);
        z0 = TLanes.Xor(z0, x0);
        z1 = TLanes.Xor(z1, x1);
        z2 = TLanes.Xor(z2, x2);
        z3 = TLanes.Xor(z3, x3);
        z0 = TLanes.RotateLeft(z0, bits);
        z1 = TLanes.RotateLeft(z1, bits);
        z2 = TLanes.RotateLeft(z2, bits);
        z3 = TLanes.RotateLeft(z3, bits);
    }

    private readonly struct Alone : IChaChaCompanion
    {
        public void AfterColumns(int doubleRound) { }

        public void AfterDiagonals(int doubleRound) { }
    }
}
