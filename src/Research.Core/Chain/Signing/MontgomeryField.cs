using System.Numerics;
using System.Runtime.CompilerServices;

namespace Research.Chain.Signing;

/// <summary>Arithmetic modulo a 256-bit odd prime on elements in Montgomery form (times 2^256).</summary>
/// <remarks>
/// Source: Koç, Acar and Kaliski 1996, "Analyzing and Comparing Montgomery Multiplication Algorithms", CIOS.
/// No branch and no memory access depends on an element's value; the JIT compiler promises neither to keep it so.
/// </remarks>
internal sealed class MontgomeryField
{
    private readonly Limbs256 _modulus;
    private readonly Limbs256 _radixSquared; // 2^512 mod p: multiplying by it enters Montgomery form.
    private readonly ulong _negatedInverse;  // -1/p mod 2^64.
    private readonly Limbs256 _inversionExponent;

    public MontgomeryField(BigInteger modulus)
    {
        _modulus = FromBigInteger(modulus);
        _radixSquared = FromBigInteger((BigInteger.One << 512) % modulus);
        _inversionExponent = FromBigInteger(modulus - 2);
        ulong inverse = 1;
        for (int i = 0; i < 6; i++)
        {
            inverse *= 2 - (_modulus.L0 * inverse); // Newton: each step doubles the correct low bits.
        }

        _negatedInverse = 0 - inverse;
        One = Enter(new Limbs256(1, 0, 0, 0));
    }

    /// <summary>Gets 1 in Montgomery form.</summary>
    public Limbs256 One { get; }

    /// <summary>Converts any 256-bit integer, reducing it modulo the prime.</summary>
    public Limbs256 Enter(in Limbs256 value) => Multiply(value, _radixSquared);

    /// <summary>Converts back to the plain integer below the prime.</summary>
    public Limbs256 Leave(in Limbs256 element) => Multiply(element, new Limbs256(1, 0, 0, 0));

    /// <summary>Tells whether a plain integer is below the prime.</summary>
    public bool IsReduced(in Limbs256 value)
    {
        Limbs256.Subtract(value, _modulus, out ulong borrow);
        return borrow == 1;
    }

    public Limbs256 Add(in Limbs256 left, in Limbs256 right)
    {
        ulong carry = 0;
        ulong l0 = AddLimb(left.L0, right.L0, ref carry);
        ulong l1 = AddLimb(left.L1, right.L1, ref carry);
        ulong l2 = AddLimb(left.L2, right.L2, ref carry);
        ulong l3 = AddLimb(left.L3, right.L3, ref carry);
        return ReduceOnce(new Limbs256(l0, l1, l2, l3), carry);
    }

    public Limbs256 Subtract(in Limbs256 left, in Limbs256 right)
    {
        Limbs256 difference = Limbs256.Subtract(left, right, out ulong borrow);
        ulong mask = 0 - borrow;
        ulong carry = 0;
        return new Limbs256(
            AddLimb(difference.L0, _modulus.L0 & mask, ref carry),
            AddLimb(difference.L1, _modulus.L1 & mask, ref carry),
            AddLimb(difference.L2, _modulus.L2 & mask, ref carry),
            AddLimb(difference.L3, _modulus.L3 & mask, ref carry));
    }

    public Limbs256 Multiply(in Limbs256 left, in Limbs256 right)
    {
        ulong t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0;
        MultiplyStep(left, right.L0, ref t0, ref t1, ref t2, ref t3, ref t4);
        MultiplyStep(left, right.L1, ref t0, ref t1, ref t2, ref t3, ref t4);
        MultiplyStep(left, right.L2, ref t0, ref t1, ref t2, ref t3, ref t4);
        MultiplyStep(left, right.L3, ref t0, ref t1, ref t2, ref t3, ref t4);
        return ReduceOnce(new Limbs256(t0, t1, t2, t3), t4);
    }

    /// <summary>
    /// Gets 1/x by Fermat's little theorem: the exponent p - 2 is public, so the steps tell nothing of x.
    /// </summary>
    public Limbs256 Invert(in Limbs256 element)
    {
        Limbs256 result = One;
        for (int i = 255; i >= 0; i--)
        {
            result = Multiply(result, result);
            if (_inversionExponent.Bit(i) == 1)
            {
                result = Multiply(result, element);
            }
        }

        return result;
    }

    // t = (t + left * limb + m * p) / 2^64, with m chosen so that the division is exact.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MultiplyStep(
        in Limbs256 left, ulong limb, ref ulong t0, ref ulong t1, ref ulong t2, ref ulong t3, ref ulong t4)
    {
        ulong carry = 0;
        t0 = MultiplyAddLimb(left.L0, limb, t0, ref carry);
        t1 = MultiplyAddLimb(left.L1, limb, t1, ref carry);
        t2 = MultiplyAddLimb(left.L2, limb, t2, ref carry);
        t3 = MultiplyAddLimb(left.L3, limb, t3, ref carry);
        ulong t5 = 0;
        t4 = AddLimb(t4, carry, ref t5);

        ulong m = t0 * _negatedInverse;
        carry = 0;
        MultiplyAddLimb(m, _modulus.L0, t0, ref carry);
        t0 = MultiplyAddLimb(m, _modulus.L1, t1, ref carry);
        t1 = MultiplyAddLimb(m, _modulus.L2, t2, ref carry);
        t2 = MultiplyAddLimb(m, _modulus.L3, t3, ref carry);
        ulong top = 0;
        t3 = AddLimb(t4, carry, ref top);
        t4 = t5 + top;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Limbs256 ReduceOnce(in Limbs256 value, ulong carry)
    {
        Limbs256 reduced = Limbs256.Subtract(value, _modulus, out ulong borrow);
        return Limbs256.Select(carry | (1 - borrow), reduced, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong AddLimb(ulong left, ulong right, ref ulong carry)
    {
        ulong first = left + right;
        ulong second = first + carry;
        carry = (first < left ? 1UL : 0UL) + (second < first ? 1UL : 0UL);
        return second;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MultiplyAddLimb(ulong left, ulong right, ulong addend, ref ulong carry)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        low += addend;
        high += low < addend ? 1UL : 0UL;
        low += carry;
        high += low < carry ? 1UL : 0UL;
        carry = high;
        return low;
    }

    private static Limbs256 FromBigInteger(BigInteger value)
    {
        Span<byte> bytes = stackalloc byte[32];
        byte[] digits = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        bytes.Clear();
        digits.CopyTo(bytes[(32 - digits.Length)..]);
        return Limbs256.FromBigEndian(bytes);
    }
}
