using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Research.Privacy.Mechanisms;

/// <summary>One block at a time: the plain form that tests hold the vectors to.</summary>
internal readonly struct ChaChaLanes1 : IChaChaLanes<uint>
{
    public static int Count => 1;

    public static uint Create(uint value) => value;

    public static uint Counting(uint first) => first;

    public static uint Add(uint a, uint b) => a + b;

    public static uint Xor(uint a, uint b) => a ^ b;

    public static uint RotateLeft(uint a, [ConstantExpected] byte bits) => BitOperations.RotateLeft(a, bits);

    public static void Store(uint lanes, ref uint destination) => destination = lanes;
}

/// <summary>Four blocks side by side.</summary>
internal readonly struct ChaChaLanes4 : IChaChaLanes<Vector128<uint>>
{
    public static int Count => 4;

    public static Vector128<uint> Create(uint value) => Vector128.Create(value);

    public static Vector128<uint> Counting(uint first) => Vector128.Create(first) + Vector128<uint>.Indices;

    public static Vector128<uint> Add(Vector128<uint> a, Vector128<uint> b) => a + b;

    public static Vector128<uint> Xor(Vector128<uint> a, Vector128<uint> b) => a ^ b;

    public static Vector128<uint> RotateLeft(Vector128<uint> a, [ConstantExpected] byte bits) =>
        Vector128.ShiftLeft(a, bits) | Vector128.ShiftRightLogical(a, 32 - bits);

    public static void Store(Vector128<uint> lanes, ref uint destination) => lanes.StoreUnsafe(ref destination);
}

/// <summary>Eight blocks side by side.</summary>
internal readonly struct ChaChaLanes8 : IChaChaLanes<Vector256<uint>>
{
    public static int Count => 8;

    public static Vector256<uint> Create(uint value) => Vector256.Create(value);

    public static Vector256<uint> Counting(uint first) => Vector256.Create(first) + Vector256<uint>.Indices;

    public static Vector256<uint> Add(Vector256<uint> a, Vector256<uint> b) => a + b;

    public static Vector256<uint> Xor(Vector256<uint> a, Vector256<uint> b) => a ^ b;

    public static Vector256<uint> RotateLeft(Vector256<uint> a, [ConstantExpected] byte bits) =>
        Vector256.ShiftLeft(a, bits) | Vector256.ShiftRightLogical(a, 32 - bits);

    public static void Store(Vector256<uint> lanes, ref uint destination) => lanes.StoreUnsafe(ref destination);
}

/// <summary>Sixteen blocks side by side; the processor rotates in one instruction.</summary>
internal readonly struct ChaChaLanes16 : IChaChaLanes<Vector512<uint>>
{
    public static int Count => 16;

    public static Vector512<uint> Create(uint value) => Vector512.Create(value);

    public static Vector512<uint> Counting(uint first) => Vector512.Create(first) + Vector512<uint>.Indices;

    public static Vector512<uint> Add(Vector512<uint> a, Vector512<uint> b) => a + b;

    public static Vector512<uint> Xor(Vector512<uint> a, Vector512<uint> b) => a ^ b;

    public static Vector512<uint> RotateLeft(Vector512<uint> a, [ConstantExpected] byte bits) =>
        Avx512F.IsSupported
            ? Avx512F.RotateLeft(a, bits)
            : Vector512.ShiftLeft(a, bits) | Vector512.ShiftRightLogical(a, 32 - bits);

    public static void Store(Vector512<uint> lanes, ref uint destination) => lanes.StoreUnsafe(ref destination);
}
