using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Research.Federation.Trace;

/// <summary>Eight messages in vectors of AVX-512.</summary>
/// <remarks>A ternary operation is named by its truth table at a = 0xF0, b = 0xCC, c = 0xAA.</remarks>
internal readonly unsafe struct KeccakWidth512 : IKeccakWidth<Vector512<ulong>>
{
    private const byte XorTable = 0x96; // a ⊕ b ⊕ c
    private const byte ChiTable = 0xD2; // a ⊕ (¬b ∧ c)
    private const byte EvenQuarters = 0x88; // Shuffle4x128: quarters 0 and 2 of each operand.
    private const byte OddQuarters = 0xDD;

    public static int Messages => 8;

    /// <summary>Gets whether this processor runs 512-bit vectors, and without slowing down for them.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Broadcast(ulong value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Xor(Vector512<ulong> a, Vector512<ulong> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Xor(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) =>
        Avx512F.TernaryLogic(a, b, c, XorTable);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Chi(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) =>
        Avx512F.TernaryLogic(a, b, c, ChiTable);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> RotateLeft(Vector512<ulong> a, [ConstantExpected] byte bits) =>
        Avx512F.RotateLeft(a, bits);

    public static void Load(byte* messages, int words, Vector512<ulong>* state)
    {
        for (int word = 0; word < words; word += Vector512<ulong>.Count)
        {
            LoadTile((ulong*)messages + word, words, state + word);
        }
    }

    public static void Store(Vector512<ulong>* state, byte* digests)
    {
        ulong* rows = (ulong*)digests;
        KeccakWidth256.Transpose(
            state[0].GetLower(), state[1].GetLower(), state[2].GetLower(), state[3].GetLower(), rows);
        KeccakWidth256.Transpose(
            state[0].GetUpper(), state[1].GetUpper(), state[2].GetUpper(), state[3].GetUpper(), rows + 16);
    }

    /// <summary>Transposes 8 × 8 words: pairs of rows by unpacking, then quarters of pairs, then of fours.</summary>
    private static void LoadTile(ulong* rows, int step, Vector512<ulong>* columns)
    {
        Vector512<ulong> row0 = Vector512.Load(rows);
        Vector512<ulong> row1 = Vector512.Load(rows + step);
        Vector512<ulong> row2 = Vector512.Load(rows + (2 * step));
        Vector512<ulong> row3 = Vector512.Load(rows + (3 * step));
        Vector512<ulong> row4 = Vector512.Load(rows + (4 * step));
        Vector512<ulong> row5 = Vector512.Load(rows + (5 * step));
        Vector512<ulong> row6 = Vector512.Load(rows + (6 * step));
        Vector512<ulong> row7 = Vector512.Load(rows + (7 * step));
        StoreColumns(
            Avx512F.UnpackLow(row0, row1),
            Avx512F.UnpackLow(row2, row3),
            Avx512F.UnpackLow(row4, row5),
            Avx512F.UnpackLow(row6, row7),
            columns);
        StoreColumns(
            Avx512F.UnpackHigh(row0, row1),
            Avx512F.UnpackHigh(row2, row3),
            Avx512F.UnpackHigh(row4, row5),
            Avx512F.UnpackHigh(row6, row7),
            columns + 1);
    }

    /// <summary>Writes columns 0, 2, 4 and 6, each a quarter of every pair of rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreColumns(
        Vector512<ulong> rows01,
        Vector512<ulong> rows23,
        Vector512<ulong> rows45,
        Vector512<ulong> rows67,
        Vector512<ulong>* columns)
    {
        Vector512<ulong> even0123 = Avx512F.Shuffle4x128(rows01, rows23, EvenQuarters); // Columns 0 and 4.
        Vector512<ulong> odd0123 = Avx512F.Shuffle4x128(rows01, rows23, OddQuarters); // Columns 2 and 6.
        Vector512<ulong> even4567 = Avx512F.Shuffle4x128(rows45, rows67, EvenQuarters);
        Vector512<ulong> odd4567 = Avx512F.Shuffle4x128(rows45, rows67, OddQuarters);
        columns[0] = Avx512F.Shuffle4x128(even0123, even4567, EvenQuarters);
        columns[2] = Avx512F.Shuffle4x128(odd0123, odd4567, EvenQuarters);
        columns[4] = Avx512F.Shuffle4x128(even0123, even4567, OddQuarters);
        columns[6] = Avx512F.Shuffle4x128(odd0123, odd4567, OddQuarters);
    }
}
