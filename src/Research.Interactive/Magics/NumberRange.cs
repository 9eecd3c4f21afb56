namespace Research.Interactive.Magics;

/// <summary>Which numbers an option takes, for help and error alike.</summary>
/// <param name="Words">The numbers in words, after "expected".</param>
/// <param name="Contains">Whether a number is one; never true of NaN.</param>
internal sealed record NumberRange(string Words, Func<double, bool> Contains)
{
    /// <summary>Gets the Poisson rates of a step.</summary>
    public static NumberRange SampleRate { get; } = new("a number above 0 and at most 1", q => q is > 0 and <= 1);

    /// <summary>Gets the values of δ.</summary>
    public static NumberRange Delta { get; } =
        new("a number above 0 and below 1", d => d is > 0 and < 1 && double.IsNormal(d));

    /// <summary>Gets the confidences of a bound.</summary>
    public static NumberRange Confidence { get; } = new("a number above 0 and below 1", c => c is > 0 and < 1);

    /// <summary>Gets all finite numbers above 0.</summary>
    public static NumberRange Positive { get; } = new("a number above 0", x => x > 0 && double.IsFinite(x));
}
