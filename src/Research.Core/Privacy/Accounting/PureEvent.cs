namespace Research.Privacy.Accounting;

/// <summary>Mechanisms of which nothing is known but that each is ε-private.</summary>
/// <param name="Epsilon">ε of one release, in nats; finite, above 0.</param>
/// <param name="Steps">Number of releases; 0 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
public sealed record PureEvent(double Epsilon, int Steps) : PrivacyEvent(Steps)
{
    /// <summary>Gets ε of one release, in nats; finite, above 0.</summary>
    public double Epsilon
    {
        get;
        init => field = Positive(value, nameof(Epsilon));
    } = Positive(Epsilon, nameof(Epsilon));
}
