using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Research.Privacy.Mechanisms;

/// <summary>Adds to values the noise that a key's stream gives from one chunk on.</summary>
/// <remarks>
/// A chunk's 128 words make 128 samples: its vector 2j of 8 words holds radii and vector 2j + 1 angles. The rounds of
/// ChaCha wait for one another, and so do the steps of Box-Muller: with wide vectors the samples of one chunk are made
/// between the rounds of the next.
/// </remarks>
internal static class NoiseKernel
{
    /// <summary>Adds noise to values of any length.</summary>
    /// <param name="key">Key of the stream, 8 words.</param>
    /// <param name="chunk">The first value's chunk.</param>
    /// <param name="values">The values; of the last chunk's samples, those left over are dropped.</param>
    /// <param name="grid">Deviation and grid.</param>
    public static void Add(ReadOnlySpan<uint> key, ulong chunk, Span<float> values, in NoiseGrid grid)
    {
        if (values.IsEmpty)
        {
            return;
        }

        Span<ulong> words = stackalloc ulong[ChaCha.ChunkWords / 2];
        ChaCha.Write(key, chunk, words);
        for (; values.Length > words.Length; values = values[words.Length..])
        {
            AddAndRefill(key, ++chunk, values[..words.Length], words, grid);
        }

        Span<float> last = stackalloc float[words.Length];
        values.CopyTo(last);
        AddChunk(last, words, grid);
        last[..values.Length].CopyTo(values);

        // What is left would undo the noise.
        last.Clear();
        words.Clear();
    }

    private static void AddAndRefill(
        ReadOnlySpan<uint> key, ulong next, Span<float> values, Span<ulong> words, in NoiseGrid grid)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            AddChunk(values, words, grid);
            ChaCha.Write(key, next, words);
            return;
        }

        ref ulong word = ref MemoryMarshal.GetReference(words);
        ChaCha.Blocks<ChaChaLanes16, Vector512<uint>, Companion>(
            ref MemoryMarshal.GetReference(key),
            next * ChaCha.ChunkBlocks,
            ref Unsafe.As<ulong, uint>(ref word),
            new Companion(ref MemoryMarshal.GetReference(values), ref word, in grid));
    }

    private static void AddChunk(Span<float> values, Span<ulong> words, in NoiseGrid grid)
    {
        Companion all = new(
            ref MemoryMarshal.GetReference(values), ref MemoryMarshal.GetReference(words), in grid);
        for (int i = 0; i <= Companion.Shares; i++)
        {
            all.AfterColumns(i);
            all.AfterDiagonals(i);
        }
    }

    private readonly ref struct Companion : IChaChaCompanion
    {
        public const int Shares = ChaCha.ChunkWords / 2 / BoxMuller.Block;

        private readonly ref float _values;
        private readonly ref ulong _words;
        private readonly ref readonly NoiseGrid _grid;

        public Companion(ref float values, ref ulong words, in NoiseGrid grid)
        {
            _values = ref values;
            _words = ref words;
            _grid = ref grid;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void AfterColumns(int doubleRound)
        {
            if (doubleRound < Shares)
            {
                BoxMuller.MakeRadii(ref Unsafe.Add(ref _words, doubleRound * BoxMuller.Block), in _grid);
            }
        }

        // A round behind, so that nothing waits for the roots.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void AfterDiagonals(int doubleRound)
        {
            if ((uint)(doubleRound - 1) < Shares)
            {
                int at = (doubleRound - 1) * BoxMuller.Block;
                BoxMuller.Add(ref Unsafe.Add(ref _words, at), in _grid, ref Unsafe.Add(ref _values, at));
            }
        }
    }
}
