namespace Research.Privacy.Accounting;

/// <summary>Discrete Gaussian mechanisms on one integer of sensitivity 1.</summary>
/// <remarks>Source: Canonne, Kamath and Steinke 2020, arXiv:2004.00010v4, Definition 1 and Theorem 7.</remarks>
/// <param name="Sigma">Parameter σ: P(x) ∝ exp(−x²/2σ²) on the integers; finite, above 0.</param>
/// <param name="Steps">Number of releases; 0 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
public sealed record DiscreteGaussianEvent(double Sigma, int Steps) : PrivacyEvent(Steps)
{
    /// <summary>Gets the parameter σ; finite, above 0.</summary>
    public double Sigma { get; init => field = Positive(value, nameof(Sigma)); } = Positive(Sigma, nameof(Sigma));
}
