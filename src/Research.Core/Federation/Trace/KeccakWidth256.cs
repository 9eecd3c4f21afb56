using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Research.Federation.Trace;

/// <summary>Four messages in vectors of AVX2; rotations and ternary logic of AVX-512VL where it is there.</summary>
internal readonly unsafe struct KeccakWidth256 : IKeccakWidth<Vector256<ulong>>
{
    private const int WordBits = 64;
    private const byte LowerHalves = 0x20; // Permute2x128: the lower half of each operand.
    private const byte UpperHalves = 0x31;

    public static int Messages => 4;

    /// <summary>Gets whether <see cref="Load"/> and <see cref="Store"/> run on this processor.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Broadcast(ulong value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Xor(Vector256<ulong> a, Vector256<ulong> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Xor(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) => a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Chi(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c) =>
        a ^ Vector256.AndNot(c, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> RotateLeft(Vector256<ulong> a, [ConstantExpected] byte bits) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(a, bits) : RotateLeftByAvx2(a, bits);

    /// <summary>Rotates by whole bytes with one shuffle, otherwise with two shifts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> RotateLeftByAvx2(Vector256<ulong> a, byte bits) =>
        bits == 8 ? MoveBytes(a, Vector128.Create((byte)7, 0, 1, 2, 3, 4, 5, 6, 15, 8, 9, 10, 11, 12, 13, 14))
        : bits == 56 ? MoveBytes(a, Vector128.Create((byte)1, 2, 3, 4, 5, 6, 7, 0, 9, 10, 11, 12, 13, 14, 15, 8))
        : (a << bits) | (a >>> (WordBits - bits));

    public static void Load(byte* messages, int words, Vector256<ulong>* state)
    {
        ulong* rows = (ulong*)messages;
        for (int word = 0; word < words; word += Vector256<ulong>.Count)
        {
            Transpose(
                Vector256.Load(rows + word),
                Vector256.Load(rows + words + word),
                Vector256.Load(rows + (2 * words) + word),
                Vector256.Load(rows + (3 * words) + word),
                (ulong*)(state + word));
        }
    }

    public static void Store(Vector256<ulong>* state, byte* digests) =>
        Transpose(state[0], state[1], state[2], state[3], (ulong*)digests);

    /// <summary>Writes the columns of a 4 × 4 tile one after another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(
        Vector256<ulong> row0, Vector256<ulong> row1, Vector256<ulong> row2, Vector256<ulong> row3, ulong* columns)
    {
        Vector256<ulong> even01 = Avx2.UnpackLow(row0, row1); // Columns 0 and 2 of rows 0 and 1.
        Vector256<ulong> odd01 = Avx2.UnpackHigh(row0, row1);
        Vector256<ulong> even23 = Avx2.UnpackLow(row2, row3);
        Vector256<ulong> odd23 = Avx2.UnpackHigh(row2, row3);
        Avx2.Permute2x128(even01, even23, LowerHalves).Store(columns);
        Avx2.Permute2x128(odd01, odd23, LowerHalves).Store(columns + 4);
        Avx2.Permute2x128(even01, even23, UpperHalves).Store(columns + 8);
        Avx2.Permute2x128(odd01, odd23, UpperHalves).Store(columns + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> MoveBytes(Vector256<ulong> a, Vector128<byte> order) =>
        Avx2.Shuffle(a.AsByte(), Vector256.Create(order, order)).AsUInt64();
}
