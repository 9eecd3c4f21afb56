using System.Globalization;
using System.Numerics;

namespace Research.Chain.Primitives;

/// <summary>An amount of ether, counted in wei (10^18 wei = 1 ETH): a whole number from 0 to 2^256 - 1.</summary>
public readonly struct Wei : IEquatable<Wei>, IComparable<Wei>
{
    private const int Decimals = 18;

    private static readonly BigInteger PerEther = BigInteger.Pow(10, Decimals);
    private static readonly BigInteger Limit = BigInteger.One << 256;

    private readonly BigInteger _amount;

    /// <summary>Wraps a count of wei.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or does not fit into 256 bits.</exception>
    public Wei(BigInteger amount)
    {
        if (amount.Sign < 0 || amount >= Limit)
        {
            throw new ArgumentOutOfRangeException(nameof(amount), $"Expected 0 to 2^256 - 1 wei, got {amount}.");
        }

        _amount = amount;
    }

    /// <summary>Gets no wei at all.</summary>
    public static Wei Zero => default;

    /// <summary>Gets the count of wei.</summary>
    public BigInteger Amount => _amount;

    /// <summary>Reads a decimal number of ether, such as <c>10</c> or <c>0.05</c>, exactly.</summary>
    /// <param name="ether">Digits, at most one point, at most 18 digits after it; no sign,
    /// exponent or separators.</param>
    /// <exception cref="FormatException">The text is anything else.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The amount does not fit into 256 bits.</exception>
    public static Wei FromEther(string ether)
    {
        ArgumentNullException.ThrowIfNull(ether);
        int point = ether.IndexOf('.', StringComparison.Ordinal);
        ReadOnlySpan<char> whole = point < 0 ? ether : ether.AsSpan(0, point);
        ReadOnlySpan<char> fraction = point < 0 ? "0" : ether.AsSpan(point + 1);
        if (!AreDigits(whole) || whole.Length > 60 || !AreDigits(fraction) || fraction.Length > Decimals)
        {
            throw new FormatException(
                $"Expected an amount in ETH such as 10 or 0.05, with at most 18 decimals, got {Hex.Excerpt(ether)}.");
        }

        string digits = $"{whole}{fraction}{new string('0', Decimals - fraction.Length)}";
        return new Wei(BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture));
    }

    /// <summary>Gets the same amount from a decimal number of ether.</summary>
    /// <exception cref="ArgumentException">The number is negative or finer than one wei.</exception>
    public static Wei FromEther(decimal ether)
    {
        BigInteger scaled = new(decimal.Truncate(ether));
        decimal fraction = (ether - decimal.Truncate(ether)) * (decimal)PerEther;
        return fraction == decimal.Truncate(fraction)
            ? new Wei((scaled * PerEther) + new BigInteger(fraction))
            : throw new ArgumentException($"Expected at most 18 decimals, got {ether} ETH.", nameof(ether));
    }

    /// <summary>Reads a whole number of wei in decimal digits.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static Wei Parse(string wei)
    {
        ArgumentNullException.ThrowIfNull(wei);
        return AreDigits(wei) && wei.Length <= 78
            ? new Wei(BigInteger.Parse(wei, NumberStyles.None, CultureInfo.InvariantCulture))
            : throw new FormatException($"Expected a whole number of wei, got {Hex.Excerpt(wei)}.");
    }

    /// <summary>Gets the exact decimal number of ether, without trailing zeros, such as <c>0.05</c>.</summary>
    public string ToEther()
    {
        BigInteger whole = BigInteger.DivRem(_amount, PerEther, out BigInteger rest);
        string text = string.Create(CultureInfo.InvariantCulture, $"{whole}.{rest:D18}");
        return text.TrimEnd('0').TrimEnd('.');
    }

    /// <summary>Gets the exact amount for people, such as <c>0.05 ETH</c>.</summary>
    public override string ToString() => ToEther() + " ETH";

    /// <inheritdoc/>
    public bool Equals(Wei other) => _amount == other._amount;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Wei other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _amount.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(Wei other) => _amount.CompareTo(other._amount);

    /// <summary>Adds.</summary>
    public static Wei operator +(Wei left, Wei right) => new(left._amount + right._amount);

    /// <summary>Subtracts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The result would be negative.</exception>
    public static Wei operator -(Wei left, Wei right) => new(left._amount - right._amount);

    /// <summary>Multiplies by a whole number.</summary>
    public static Wei operator *(Wei left, BigInteger factor) => new(left._amount * factor);

    /// <summary>Divides by a whole number, rounding down.</summary>
    public static Wei operator /(Wei left, BigInteger divisor) => new(left._amount / divisor);

    /// <summary>Tells whether the amounts are equal.</summary>
    public static bool operator ==(Wei left, Wei right) => left.Equals(right);

    /// <summary>Tells whether the amounts differ.</summary>
    public static bool operator !=(Wei left, Wei right) => !left.Equals(right);

    /// <summary>Tells whether <paramref name="left"/> is less.</summary>
    public static bool operator <(Wei left, Wei right) => left.CompareTo(right) < 0;

    /// <summary>Tells whether <paramref name="left"/> is more.</summary>
    public static bool operator >(Wei left, Wei right) => left.CompareTo(right) > 0;

    /// <summary>Tells whether <paramref name="left"/> is not more.</summary>
    public static bool operator <=(Wei left, Wei right) => left.CompareTo(right) <= 0;

    /// <summary>Tells whether <paramref name="left"/> is not less.</summary>
    public static bool operator >=(Wei left, Wei right) => left.CompareTo(right) >= 0;

    private static bool AreDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');
}
