namespace Research.Privacy.Accounting;

/// <summary>
/// Mechanisms of which only zero-concentrated differential privacy is known, such as the discrete Gaussian on vectors.
/// </summary>
/// <remarks>
/// Divergence of order α at most ρ·α, for every α above 1: Bun and Steinke 2016, arXiv:1605.02065v1, Definition 1.1.
/// </remarks>
/// <param name="Rho">ρ of one release; finite, above 0.</param>
/// <param name="Steps">Number of releases; 0 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
public sealed record ConcentratedEvent(double Rho, int Steps) : PrivacyEvent(Steps)
{
    /// <summary>Gets ρ of one release; finite, above 0.</summary>
    public double Rho { get; init => field = Positive(value, nameof(Rho)); } = Positive(Rho, nameof(Rho));
}
