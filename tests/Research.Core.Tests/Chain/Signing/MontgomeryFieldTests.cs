using System.Numerics;
using Research.Chain.Signing;

namespace Research.Tests.Chain.Signing;

public sealed class MontgomeryFieldTests
{
    private static readonly BigInteger P = (BigInteger.One << 256) - (BigInteger.One << 32) - 977;

    // Oracle: BigInteger.
    [Fact]
    public void Arithmetic_EdgesAndRandomElements_AgreesWithBigInteger()
    {
        foreach (BigInteger modulus in (BigInteger[])[P, Secp256k1.Order])
        {
            MontgomeryField field = new(modulus);
            BigInteger[] values = Values(modulus);
            foreach (BigInteger a in values)
            {
                foreach (BigInteger b in values)
                {
                    Limbs256 x = field.Enter(Limbs(a));
                    Limbs256 y = field.Enter(Limbs(b));
                    Assert.Equal((a + b) % modulus, Number(field.Leave(field.Add(x, y))));
                    Assert.Equal((a - b + modulus) % modulus, Number(field.Leave(field.Subtract(x, y))));
                    Assert.Equal(a * b % modulus, Number(field.Leave(field.Multiply(x, y))));
                }
            }
        }
    }

    [Fact]
    public void Invert_Elements_AgreesWithBigInteger()
    {
        MontgomeryField field = new(P);
        foreach (BigInteger a in Values(P).Where(value => !value.IsZero))
        {
            Assert.Equal(BigInteger.ModPow(a, P - 2, P), Number(field.Leave(field.Invert(field.Enter(Limbs(a))))));
        }
    }

    [Fact]
    public void Enter_ValueAboveTheModulus_Reduces()
    {
        BigInteger most = (BigInteger.One << 256) - 1;
        MontgomeryField field = new(Secp256k1.Order);

        Assert.Equal(most % Secp256k1.Order, Number(field.Leave(field.Enter(Limbs(most)))));
        Assert.False(field.IsReduced(Limbs(Secp256k1.Order)));
        Assert.True(field.IsReduced(Limbs(Secp256k1.Order - 1)));
    }

    private static BigInteger[] Values(BigInteger modulus)
    {
        Random random = new(3);
        byte[] bytes = new byte[32];
        List<BigInteger> values =
        [
            0, 1, 2, ulong.MaxValue, BigInteger.One << 64, (BigInteger.One << 192) - 1,
            modulus / 2, modulus - 2, modulus - 1,
        ];
        for (int i = 0; i < 20; i++)
        {
            random.NextBytes(bytes);
            values.Add(new BigInteger(bytes, isUnsigned: true) % modulus);
        }

        return [.. values];
    }

    private static Limbs256 Limbs(BigInteger value)
    {
        byte[] digits = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return Limbs256.FromBigEndian([.. new byte[32 - digits.Length], .. digits]);
    }

    private static BigInteger Number(Limbs256 limbs) => new(limbs.ToBigEndian(), isUnsigned: true, isBigEndian: true);
}
