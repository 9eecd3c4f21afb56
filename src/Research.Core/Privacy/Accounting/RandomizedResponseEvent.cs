namespace Research.Privacy.Accounting;

/// <summary>k-ary randomised response: a record's value is told with the odds e^ε against each other value.</summary>
/// <param name="Epsilon">ε of one release, in nats; finite, above 0.</param>
/// <param name="Categories">Number k of values; 2 or more.</param>
/// <param name="Steps">Number of releases; 0 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names it.</exception>
public sealed record RandomizedResponseEvent(double Epsilon, int Categories, int Steps) : PrivacyEvent(Steps)
{
    /// <summary>Gets ε of one release, in nats; finite, above 0.</summary>
    public double Epsilon
    {
        get;
        init => field = Positive(value, nameof(Epsilon));
    } = Positive(Epsilon, nameof(Epsilon));

    /// <summary>Gets the number of values; 2 or more.</summary>
    public int Categories { get; init => field = Check(value); } = Check(Categories);

    private static int Check(int categories) => categories >= 2
        ? categories
        : throw new ArgumentOutOfRangeException(nameof(categories), categories, "Expected 2 or more categories.");
}
