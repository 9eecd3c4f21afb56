using System.Numerics;
using Research.Chain.Abi;
using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>Narrows the values of generated messages to this library's; one too large is an error, never cut.</summary>
internal static class AbiValues
{
    public static Wei ToWei(this BigInteger value) => new(value);

    public static Address ToAddress(this string value) => Address.Parse(value);

    public static Bytes32 ToBytes32(this byte[] value) => new(value);

    public static Bytes24 ToBytes24(this byte[] value) => new(value);

    public static List<byte[]> ToMessage(this IReadOnlyList<Bytes32> words) =>
        [.. words.Select(word => word.ToArray())];

    public static ulong ToUInt64(this BigInteger value) => (ulong)AtMost(value, ulong.MaxValue);

    public static int ToInt32(this BigInteger value) => (int)AtMost(value, int.MaxValue);

    public static TEnum ToEnum<TEnum>(this byte value)
        where TEnum : struct, Enum
    {
        TEnum member = (TEnum)Enum.ToObject(typeof(TEnum), value);
        return Enum.IsDefined(member)
            ? member
            : throw new AbiException($"Expected a member of {typeof(TEnum).Name}, got {value}.");
    }

    private static BigInteger AtMost(BigInteger value, BigInteger greatest) =>
        value <= greatest ? value : throw new AbiException($"Expected at most {greatest}, got {value}.");
}
