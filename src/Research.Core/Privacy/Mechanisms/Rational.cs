using System.Globalization;
using System.Numerics;

namespace Research.Privacy.Mechanisms;

/// <summary>A number that is not negative, as a quotient of whole numbers: a parameter of an exact sampler.</summary>
public readonly record struct Rational
{
    private readonly BigInteger _denominatorLessOne; // So that the default is 0/1.

    /// <summary>Makes numerator/denominator, in lowest terms.</summary>
    /// <param name="numerator">0 or more.</param>
    /// <param name="denominator">Above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
    public Rational(BigInteger numerator, BigInteger denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(numerator);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        BigInteger divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        Numerator = numerator / divisor;
        _denominatorLessOne = (denominator / divisor) - 1;
    }

    /// <summary>Gets the numerator; 0 or more.</summary>
    public BigInteger Numerator { get; }

    /// <summary>Gets the denominator; above 0.</summary>
    public BigInteger Denominator => _denominatorLessOne + 1;

    /// <summary>Gets a floating-point number exactly: it is a whole number times a power of two.</summary>
    /// <param name="value">Finite; 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is negative, NaN or infinite.</exception>
    public static Rational Of(double value)
    {
        if (!(value >= 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "Expected a finite number of 0 or more.");
        }

        if (value == 0)
        {
            return default;
        }

        int exponent = Math.ILogB(value) - 52; // Below the last bit, also of a subnormal number.
        BigInteger mantissa = new(Math.ScaleB(value, -exponent));
        return exponent >= 0
            ? new Rational(mantissa << exponent, BigInteger.One)
            : new Rational(mantissa, BigInteger.One << -exponent);
    }

    /// <summary>Gets the product.</summary>
    public static Rational operator *(Rational a, Rational b) =>
        new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    /// <summary>Gets the least whole number that is not below.</summary>
    public BigInteger Ceiling() => (Numerator + Denominator - 1) / Denominator;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");
}
