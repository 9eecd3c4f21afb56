using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>Masks of random zeros on 16 examples side by side, each a function of a hash and the element's
/// number.</summary>
/// <remarks>
/// MurmurHash3_x86_32 without its tail and length (Appleby, SMHasher, MurmurHash3.cpp), a hash in each lane. It need
/// only spread well: privacy does not rest on it.
/// </remarks>
internal static unsafe class DropoutMask
{
    private const uint Golden = 0x9E37_79B9; // 2^32 / the golden ratio

    /// <summary>Hashes the bits of x [count, 16] lane by lane.</summary>
    /// <param name="x">The values.</param>
    /// <param name="count">Values of an example.</param>
    /// <param name="start">Where each hash starts.</param>
    /// <param name="hash">Receives 16 hashes.</param>
    public static void Hash(float* x, int count, uint start, float* hash)
    {
        Vector512<uint> state = Vector512.Create(start);
        for (long i = 0; i < (long)count * Lanes.Count; i += Lanes.Count)
        {
            Vector512<uint> bits = Vector512.Load(x + i).AsUInt32() * Vector512.Create(0xCC9E_2D51);
            state ^= Rotate(bits, 15) * Vector512.Create(0x1B87_3593u);
            state = (Rotate(state, 13) * Vector512.Create(5u)) + Vector512.Create(0xE654_6B64);
        }

        Finish(state).AsSingle().Store(hash);
    }

    /// <summary>Writes x times 0 or scale for [count, 16]; y may be x.</summary>
    /// <param name="x">The values.</param>
    /// <param name="count">Values of an example.</param>
    /// <param name="hash">16 hashes.</param>
    /// <param name="threshold">How many of 2^32 draws give 0.</param>
    /// <param name="scale">The factor of the others.</param>
    /// <param name="y">Receives the products; NaN and infinity stay seen.</param>
    public static void Apply(float* x, int count, float* hash, uint threshold, float scale, float* y)
    {
        Vector512<uint> draw = Vector512.Load(hash).AsUInt32();
        for (long i = 0; i < (long)count * Lanes.Count; i += Lanes.Count)
        {
            draw += Vector512.Create(Golden);
            Vector512<float> kept = Vector512.GreaterThanOrEqual(Finish(draw), Vector512.Create(threshold)).AsSingle();
            (Vector512.Load(x + i) * (kept & Vector512.Create(scale))).Store(y + i);
        }
    }

    private static Vector512<uint> Rotate(Vector512<uint> value, int bits) =>
        Vector512.ShiftLeft(value, bits) | Vector512.ShiftRightLogical(value, 32 - bits);

    private static Vector512<uint> Finish(Vector512<uint> value)
    {
        value = (value ^ Vector512.ShiftRightLogical(value, 16)) * Vector512.Create(0x85EB_CA6B);
        value = (value ^ Vector512.ShiftRightLogical(value, 13)) * Vector512.Create(0xC2B2_AE35);
        return value ^ Vector512.ShiftRightLogical(value, 16);
    }
}
