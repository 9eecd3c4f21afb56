using System.Numerics;
using Research.Chain.Abi;
using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>Narrows decoded ABI values to the types of a binding; a value too large is an error, never cut.</summary>
internal static class AbiValues
{
    public static Wei ToWei(this object value) => new((BigInteger)value);

    public static ulong ToUInt64(this object value) => (ulong)AtMost((BigInteger)value, ulong.MaxValue);

    public static int ToInt32(this object value) => (int)AtMost((BigInteger)value, int.MaxValue);

    public static TEnum ToEnum<TEnum>(this object value)
        where TEnum : struct, Enum
    {
        TEnum member = (TEnum)Enum.ToObject(typeof(TEnum), value.ToInt32());
        return Enum.IsDefined(member)
            ? member
            : throw new AbiException($"Expected a member of {typeof(TEnum).Name}, got {value}.");
    }

    private static BigInteger AtMost(BigInteger value, BigInteger greatest) =>
        value <= greatest ? value : throw new AbiException($"Expected at most {greatest}, got {value}.");
}
