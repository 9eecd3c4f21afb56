using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Research.Privacy.Mechanisms;

/// <summary>Adds to values the noise that a key's stream gives from one chunk on.</summary>
/// <remarks>
/// Each word of a chunk makes one sample by <see cref="GaussianZiggurat"/>: eight at a time when their cells are sure,
/// which all but one in 380 are; the others one by one, with further words of their own. The rounds of ChaCha wait for
/// one another: with wide vectors the samples of one chunk are made between the rounds of the next.
/// </remarks>
internal static class NoiseKernel
{
    private const int Block = 8; // Samples at a time.
    private const ulong SignBit = 1UL << 63;
    private const int SignShift = 63 - GaussianZiggurat.LayerBits;
    private const ulong LowerHalf = 0xFFFFFFFF;
    private const ulong LowCellBits = LowerHalf & ~((2UL << GaussianZiggurat.LayerBits) - 1);

    // Lemire's remainder is below the width, hence below 2²⁸ of 2^CellBits, only where these bits are all 0.
    private const ulong RemainderBits = LowerHalf & ~((1UL << (60 - GaussianZiggurat.CellBits)) - 1);
    private const ulong TwoTo52Bits = 0x4330000000000000;
    private const double TwoTo52LessHalf = 4503599627370495.5;

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

        Span<float> last = stackalloc float[KeyStream.ChunkWords];
        int whole = (values.Length - 1) / KeyStream.ChunkWords * KeyStream.ChunkWords;
        values[whole..].CopyTo(last);
        Add(key, chunk, whole, new FloatSteps(values, grid), new FloatSteps(last, grid));
        last[..(values.Length - whole)].CopyTo(values[whole..]);
        last.Clear(); // What is left would undo the noise.
    }

    /// <summary>Adds noise to sums of any length; nothing is rounded before the noise is in.</summary>
    /// <param name="key">Key of the stream, 8 words.</param>
    /// <param name="chunk">The first sum's chunk.</param>
    /// <param name="sums">Whole numbers of grid steps, each below 2⁵³ in size.</param>
    /// <param name="noisy">Receives the noisy sums, as many.</param>
    /// <param name="noiseSteps">Noise steps in a grid step, a power of two.</param>
    /// <param name="step">What a noise step is worth.</param>
    public static void Add(
        ReadOnlySpan<uint> key, ulong chunk, ReadOnlySpan<long> sums, Span<float> noisy, long noiseSteps, double step)
    {
        if (sums.IsEmpty)
        {
            return;
        }

        Span<long> lastSums = stackalloc long[KeyStream.ChunkWords];
        Span<float> last = stackalloc float[KeyStream.ChunkWords];
        int whole = (sums.Length - 1) / KeyStream.ChunkWords * KeyStream.ChunkWords;
        sums[whole..].CopyTo(lastSums);
        Add(
            key,
            chunk,
            whole,
            new IntegerSteps(sums, noisy, noiseSteps, step),
            new IntegerSteps(lastSums, last, noiseSteps, step));
        last[..(sums.Length - whole)].CopyTo(noisy[whole..]);
        last.Clear();
        lastSums.Clear();
    }

    // All but the last chunk in place, the last in a copy as long as a chunk.
    private static void Add<TSteps>(ReadOnlySpan<uint> key, ulong chunk, int whole, TSteps values, TSteps last)
        where TSteps : struct, INoisySteps, allows ref struct
    {

        Span<ulong> words = stackalloc ulong[KeyStream.ChunkWords];
        Span<ulong> next = stackalloc ulong[KeyStream.ChunkWords];
        ChaCha.Write(key, chunk, words);
        for (int at = 0; at < whole; at += words.Length)
        {
            AddAndRefill(key, chunk++, values, at, words, next);
            Span<ulong> used = words;
            words = next;
            next = used;
        }

        AddChunk(key, chunk, last, 0, words);
        words.Clear();
        next.Clear();
    }

    private static void AddAndRefill<TSteps>(
        ReadOnlySpan<uint> key, ulong chunk, TSteps values, int at, Span<ulong> words, Span<ulong> next)
        where TSteps : struct, INoisySteps, allows ref struct
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            AddChunk(key, chunk, values, at, words);
            ChaCha.Write(key, chunk + 1, next);
            return;
        }

        Span<byte> slow = stackalloc byte[Companion<TSteps>.Shares];
        ChaCha.Blocks<ChaChaLanes16, Vector512<uint>, Companion<TSteps>>(
            ref MemoryMarshal.GetReference(key),
            (chunk + 1) * ChaCha.ChunkBlocks,
            ref Unsafe.As<ulong, uint>(ref MemoryMarshal.GetReference(next)),
            new Companion<TSteps>(values, at, words, slow));
        AddSlow(key, chunk, values, at, words, slow);
    }

    /// <summary>Adds the samples that one chunk's words make.</summary>
    internal static void AddChunk(
        ReadOnlySpan<uint> key, ulong chunk, Span<float> values, ReadOnlySpan<ulong> words, in NoiseGrid grid) =>
        AddChunk(key, chunk, new FloatSteps(values, grid), 0, words);

    private static void AddChunk<TSteps>(
        ReadOnlySpan<uint> key, ulong chunk, TSteps values, int at, ReadOnlySpan<ulong> words)
        where TSteps : struct, INoisySteps, allows ref struct
    {
        Span<byte> slow = stackalloc byte[Companion<TSteps>.Shares];
        Companion<TSteps> all = new(values, at, words, slow);
        for (int i = 0; i < Companion<TSteps>.Shares; i++)
        {
            all.AddShare(i);
        }

        AddSlow(key, chunk, values, at, words, slow);
    }

    // The samples whose first word does not settle them.
    private static void AddSlow<TSteps>(
        ReadOnlySpan<uint> key,
        ulong chunk,
        TSteps values,
        int at,
        ReadOnlySpan<ulong> words,
        Span<byte> slow)
        where TSteps : struct, INoisySteps, allows ref struct
    {
        UInt128 rest = BinaryPrimitives.ReadUInt128LittleEndian(slow);
        if (rest == 0)
        {
            return;
        }

        Span<uint> block = stackalloc uint[ChaCha.ChunkWords];
        for (; rest != 0; rest &= rest - 1)
        {
            int i = (int)UInt128.TrailingZeroCount(rest);
            RetryWords more = new(key, (chunk * KeyStream.ChunkWords) + (uint)i, block);
            double noise = GaussianZiggurat.Draw(words[i], ref more);
            values.AddOne(at + i, noise);
        }

        block.Clear();
        slow.Clear();
    }

    /// <summary>Adds the sure samples among eight.</summary>
    /// <returns>A bit for each of the others, whose values stay.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong AddSure<TSteps>(ref ulong words, in TSteps values, int at)
        where TSteps : struct, INoisySteps, allows ref struct
    {
        Vector512<ulong> word = Vector512.LoadUnsafe(ref words);
        Vector512<ulong> entry = Entries(ref words);

        // The cell: the word's upper bits times the width, over 2^CellBits. 32 bits below the cell are kept as well.
        Vector512<ulong> width = entry & Vector512.Create(LowerHalf);
        Vector512<ulong> product = (Vector512.ShiftRightLogical(word, 32) * width)
            + Vector512.ShiftRightLogical((word & Vector512.Create(LowCellBits)) * width, 32);
        Vector512<ulong> cell = Vector512.ShiftRightLogical(product, 32);
        Vector512<ulong> isSlow = Vector512.GreaterThanOrEqual(cell, Vector512.ShiftRightLogical(entry, 32))
            | Vector512.Equals(product & Vector512.Create(RemainderBits), Vector512<ulong>.Zero);

        Vector512<ulong> sign = Vector512.ShiftLeft(word, SignShift) & Vector512.Create(SignBit);
        Vector512<double> magnitude = (cell | Vector512.Create(TwoTo52Bits)).AsDouble()
            - Vector512.Create(TwoTo52LessHalf);
        Vector512<double> noise = (magnitude.AsUInt64() | sign).AsDouble();

        values.AddEight(at, noise, isSlow.AsDouble());
        return isSlow.ExtractMostSignificantBits();
    }

    // Eight loads are faster than a gather.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Entries(ref ulong words)
    {
        ref ulong first = ref MemoryMarshal.GetReference(GaussianZiggurat.Entries);
        return Vector512.Create(
            Entry(ref first, words),
            Entry(ref first, Unsafe.Add(ref words, 1)),
            Entry(ref first, Unsafe.Add(ref words, 2)),
            Entry(ref first, Unsafe.Add(ref words, 3)),
            Entry(ref first, Unsafe.Add(ref words, 4)),
            Entry(ref first, Unsafe.Add(ref words, 5)),
            Entry(ref first, Unsafe.Add(ref words, 6)),
            Entry(ref first, Unsafe.Add(ref words, 7)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Entry(ref ulong first, ulong word) =>
        Unsafe.Add(ref first, (nint)(word & (GaussianZiggurat.Layers - 1)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Widen(ref float values)
    {
        Vector256<float> some = Vector256.LoadUnsafe(ref values);
        if (Avx512F.IsSupported)
        {
            return Avx512F.ConvertToVector512Double(some);
        }

        (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(some);
        return Vector512.Create(lower, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Narrow(Vector512<double> sums, ref float values)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector256Single(sums).StoreUnsafe(ref values);
            return;
        }

        Vector256.Narrow(sums.GetLower(), sums.GetUpper()).StoreUnsafe(ref values);
    }

    /// <summary>What noise is added to, in whole numbers of the noise's steps.</summary>
    private interface INoisySteps
    {
        /// <summary>Adds a sample to each of eight values but those that wait for another.</summary>
        void AddEight(int at, Vector512<double> noise, Vector512<double> waits);

        /// <summary>Adds a sample to one value.</summary>
        void AddOne(int at, double noise);
    }

    // Floats, rounded to the grid, in place.
    private readonly ref struct FloatSteps(Span<float> values, NoiseGrid grid) : INoisySteps
    {
        private readonly ref float _values = ref MemoryMarshal.GetReference(values);
        private readonly double _stepsPerUnit = grid.StepsPerUnit;
        private readonly double _step = grid.Step;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void AddEight(int at, Vector512<double> noise, Vector512<double> waits)
        {
            ref float values = ref Unsafe.Add(ref _values, at);
            Vector512<double> value = Widen(ref values);
            Vector512<double> steps = Vector512.Round(value * Vector512.Create(_stepsPerUnit));
            Vector512<double> sum = (steps + noise) * Vector512.Create(_step);
            Narrow(Vector512.ConditionalSelect(waits, value, sum), ref values);
        }

        public void AddOne(int at, double noise)
        {
            ref float value = ref Unsafe.Add(ref _values, at);
            value = (float)((Math.Round(value * _stepsPerUnit) + noise) * _step);
        }
    }

    // Sums of whole numbers: exact in double, and so is their product with a power of two.
    private readonly ref struct IntegerSteps(ReadOnlySpan<long> sums, Span<float> noisy, long noiseSteps, double step)
        : INoisySteps
    {
        private readonly ref long _sums = ref MemoryMarshal.GetReference(sums);
        private readonly ref float _noisy = ref MemoryMarshal.GetReference(noisy);
        private readonly double _noiseSteps = noiseSteps;
        private readonly double _step = step;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void AddEight(int at, Vector512<double> noise, Vector512<double> waits)
        {
            Vector512<long> sums = Vector512.LoadUnsafe(ref Unsafe.Add(ref _sums, at));
            Vector512<double> steps = Vector512.ConvertToDouble(sums) * Vector512.Create(_noiseSteps);
            Narrow((steps + noise) * Vector512.Create(_step), ref Unsafe.Add(ref _noisy, at));
        }

        public void AddOne(int at, double noise) => Unsafe.Add(ref _noisy, at) =
            (float)(((Unsafe.Add(ref _sums, at) * _noiseSteps) + noise) * _step);
    }

    private readonly ref struct Companion<TSteps> : IChaChaCompanion
        where TSteps : struct, INoisySteps, allows ref struct
    {
        public const int Shares = KeyStream.ChunkWords / Block;

        private readonly TSteps _values;
        private readonly int _at;
        private readonly ref ulong _words;
        private readonly ref byte _slow;

        public Companion(TSteps values, int at, ReadOnlySpan<ulong> words, Span<byte> slow)
        {
            _values = values;
            _at = at;
            _words = ref MemoryMarshal.GetReference(words);
            _slow = ref MemoryMarshal.GetReference(slow);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void AfterColumns(int doubleRound) => AddShare(2 * doubleRound);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void AfterDiagonals(int doubleRound) => AddShare((2 * doubleRound) + 1);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void AddShare(int share)
        {
            if (share < Shares)
            {
                int at = share * Block;
                Unsafe.Add(ref _slow, share) = (byte)AddSure(ref Unsafe.Add(ref _words, at), in _values, _at + at);
            }
        }
    }
}
