using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Research.Chain.Signing;

/// <summary>256 bits as four 64-bit limbs, the least significant first.</summary>
internal readonly record struct Limbs256(ulong L0, ulong L1, ulong L2, ulong L3)
{
    public bool IsZero => (L0 | L1 | L2 | L3) == 0;

    public static Limbs256 FromBigEndian(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes));

    /// <summary>
    /// Gets <paramref name="whenSet"/> if <paramref name="bit"/> is 1, else
    /// <paramref name="whenClear"/>, without a branch.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Limbs256 Select(ulong bit, in Limbs256 whenSet, in Limbs256 whenClear)
    {
        ulong mask = 0 - bit;
        return new Limbs256(
            (whenSet.L0 & mask) | (whenClear.L0 & ~mask),
            (whenSet.L1 & mask) | (whenClear.L1 & ~mask),
            (whenSet.L2 & mask) | (whenClear.L2 & ~mask),
            (whenSet.L3 & mask) | (whenClear.L3 & ~mask));
    }

    /// <summary>
    /// Subtracts modulo 2^256; <paramref name="borrow"/> becomes 1 if <paramref name="right"/> was more.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Limbs256 Subtract(in Limbs256 left, in Limbs256 right, out ulong borrow)
    {
        borrow = 0;
        return new Limbs256(
            SubtractLimb(left.L0, right.L0, ref borrow),
            SubtractLimb(left.L1, right.L1, ref borrow),
            SubtractLimb(left.L2, right.L2, ref borrow),
            SubtractLimb(left.L3, right.L3, ref borrow));
    }

    /// <summary>Gets bit <paramref name="index"/>, 0 for the least significant.</summary>
    public ulong Bit(int index)
    {
        ulong limb = (index >> 6) switch { 0 => L0, 1 => L1, 2 => L2, _ => L3 };
        return (limb >> (index & 63)) & 1;
    }

    public byte[] ToBigEndian()
    {
        byte[] bytes = new byte[32];
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(24), L0);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(16), L1);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), L2);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, L3);
        return bytes;
    }

    /// <summary>Says nothing: limbs may be a key.</summary>
    public override string ToString() => nameof(Limbs256);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong SubtractLimb(ulong left, ulong right, ref ulong borrow)
    {
        ulong first = left - right;
        ulong second = first - borrow;
        borrow = (left < right ? 1UL : 0UL) | (first < borrow ? 1UL : 0UL);
        return second;
    }
}
