using System.Buffers.Binary;

namespace Research.Chain.Primitives;

/// <summary>24 bytes: a hash cut short, as a market keeps commitments and seals. The default value is all zeros.</summary>
public readonly struct Bytes24 : IEquatable<Bytes24>, IComparable<Bytes24>
{
    /// <summary>The length in bytes.</summary>
    public const int Length = 24;

    // Big-endian words, most significant first, so that comparing words compares bytes.
    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;

    /// <summary>Copies 24 bytes.</summary>
    /// <exception cref="ArgumentException">There are not exactly 24.</exception>
    public Bytes24(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"Expected 24 bytes, got {bytes.Length}.", nameof(bytes));
        }

        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
    }

    /// <summary>Gets 24 zero bytes.</summary>
    public static Bytes24 Zero => default;

    /// <summary>Gets the first 24 bytes of a hash.</summary>
    public static Bytes24 Of(Bytes32 hash)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        hash.CopyTo(bytes);
        return new Bytes24(bytes[..Length]);
    }

    /// <summary>Reads 48 hex digits, with or without <c>0x</c>.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static Bytes24 Parse(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        return Hex.TryDecodeExactly(text, bytes)
            ? new Bytes24(bytes)
            : throw new FormatException($"Expected 24 bytes as 48 hex digits, got {Hex.Excerpt(text)}.");
    }

    /// <summary>Writes the 24 bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is shorter.</exception>
    public void CopyTo(Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, Length);
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
    }

    /// <summary>Gets a copy of the 24 bytes.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals(Bytes24 other) => _a == other._a && _b == other._b && _c == other._c;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Bytes24 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_a, _b, _c);

    /// <summary>Orders by bytes, first byte first.</summary>
    public int CompareTo(Bytes24 other) => (_a, _b, _c).CompareTo((other._a, other._b, other._c));

    /// <summary>Gets <c>0x</c> and 48 lower-case hex digits.</summary>
    public override string ToString() => Hex.Encode(ToArray());

    /// <summary>Tells whether all bytes are equal.</summary>
    public static bool operator ==(Bytes24 left, Bytes24 right) => left.Equals(right);

    /// <summary>Tells whether some byte differs.</summary>
    public static bool operator !=(Bytes24 left, Bytes24 right) => !left.Equals(right);

    /// <summary>Tells whether <paramref name="left"/> sorts first.</summary>
    public static bool operator <(Bytes24 left, Bytes24 right) => left.CompareTo(right) < 0;

    /// <summary>Tells whether <paramref name="left"/> sorts last.</summary>
    public static bool operator >(Bytes24 left, Bytes24 right) => left.CompareTo(right) > 0;

    /// <summary>Tells whether <paramref name="left"/> does not sort last.</summary>
    public static bool operator <=(Bytes24 left, Bytes24 right) => left.CompareTo(right) <= 0;

    /// <summary>Tells whether <paramref name="left"/> does not sort first.</summary>
    public static bool operator >=(Bytes24 left, Bytes24 right) => left.CompareTo(right) >= 0;
}
