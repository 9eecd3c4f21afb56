using System.Buffers.Binary;
using Nethereum.Util;

namespace Research.Chain.Primitives;

/// <summary>The 20 bytes that name an account or a contract. The default value is the zero address.</summary>
/// <remarks>Source: EIP-55 for the checksum that letter case carries.</remarks>
public readonly struct Address : IEquatable<Address>
{
    /// <summary>The length in bytes.</summary>
    public const int Length = 20;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly uint _c;

    /// <summary>Copies 20 bytes.</summary>
    /// <exception cref="ArgumentException">There are not exactly 20.</exception>
    public Address(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"Expected 20 bytes, got {bytes.Length}.", nameof(bytes));
        }

        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>Gets the zero address.</summary>
    public static Address Zero => default;

    /// <summary>Gets whether this is the zero address.</summary>
    public bool IsZero => this == default;

    /// <summary>
    /// Reads 40 hex digits, with or without <c>0x</c>; letters in one case carry no checksum and are accepted.
    /// </summary>
    /// <exception cref="FormatException">The text is no address, or its letters are of both
    /// cases and the checksum is wrong.</exception>
    public static Address Parse(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (!Hex.TryDecodeExactly(text, bytes))
        {
            throw new FormatException($"Expected an address, 0x and 40 hex digits, got {Hex.Excerpt(text)}.");
        }

        Address address = new(bytes);
        ReadOnlySpan<char> digits = Hex.WithoutPrefix(text);
        bool mixed = digits.ContainsAnyInRange('a', 'f') && digits.ContainsAnyInRange('A', 'F');
        if (mixed && !digits.SequenceEqual(address.ToString().AsSpan(2)))
        {
            throw new FormatException(
                $"The checksum in the letter case of {text} is wrong (EIP-55); a character was mistyped. "
                + "Copy the address again.");
        }

        return address;
    }

    /// <summary>Gets the address of a contract that an account deploys (by CREATE).</summary>
    /// <param name="deployer">The account.</param>
    /// <param name="nonce">How many transactions it sent before.</param>
    public static Address OfDeployment(Address deployer, ulong nonce) =>
        Parse(ContractUtils.CalculateContractAddress(deployer.ToString(), nonce));

    /// <summary>Writes the 20 bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is shorter.</exception>
    public void CopyTo(Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, Length);
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _c);
    }

    /// <summary>Gets a copy of the 20 bytes.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals(Address other) => _a == other._a && _b == other._b && _c == other._c;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Address other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_a, _b, _c);

    /// <summary>Gets <c>0x</c> and 40 hex digits whose case is the EIP-55 checksum.</summary>
    public override string ToString() => AddressUtil.Current.ConvertToChecksumAddress(Hex.Encode(ToArray()));

    /// <summary>Tells whether the two name the same account.</summary>
    public static bool operator ==(Address left, Address right) => left.Equals(right);

    /// <summary>Tells whether the two name different accounts.</summary>
    public static bool operator !=(Address left, Address right) => !left.Equals(right);
}
