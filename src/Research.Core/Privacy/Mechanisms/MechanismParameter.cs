using System.Runtime.CompilerServices;

namespace Research.Privacy.Mechanisms;

/// <summary>Checks parameters of mechanisms.</summary>
internal static class MechanismParameter
{
    private const double Least = 7.888609052210118e-31; // 2⁻¹⁰⁰: grids stay within the range of double precision.
    private const double Largest = 1.2676506002282294e30; // 2¹⁰⁰

    /// <summary>Gets a value that lies in [2⁻¹⁰⁰, 2¹⁰⁰].</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not.</exception>
    public static double Scale(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value is >= Least and <= Largest
            ? value
            : throw new ArgumentOutOfRangeException(
                char.ToLowerInvariant(name[0]) + name[1..], value, "Expected a number in [2^-100, 2^100].");
}
