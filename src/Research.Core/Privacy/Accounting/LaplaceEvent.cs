namespace Research.Privacy.Accounting;

/// <summary>Laplace mechanisms.</summary>
/// <param name="Scale">Scale b of the noise over the L1 sensitivity; finite, above 0. Each is 1/b-private.</param>
/// <param name="Steps">Number of releases; 0 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
public sealed record LaplaceEvent(double Scale, int Steps) : PrivacyEvent(Steps)
{
    /// <summary>Gets the scale of the noise over the L1 sensitivity; finite, above 0.</summary>
    public double Scale { get; init => field = Positive(value, nameof(Scale)); } = Positive(Scale, nameof(Scale));
}
