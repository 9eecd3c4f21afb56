namespace Research.Privacy.Accounting;

/// <summary>Releases that a data set is charged for: one mechanism, run a number of times.</summary>
/// <remarks>
/// Neighbours: add or remove one record. A plan is a list of events; accountants compose them. The kinds are those that
/// this namespace defines, each with an analysis of its own.
/// </remarks>
public abstract record PrivacyEvent
{
    private protected PrivacyEvent(int steps) => Steps = steps;

    /// <summary>Gets the number of releases; 0 or more.</summary>
    public int Steps
    {
        get;
        init => field = NotNegative(value);
    }

    /// <summary>Gets whether nothing about any record is released.</summary>
    internal virtual bool IsFree => Steps == 0;

    /// <summary>Refuses what is not a finite number above 0; the name that it blames is the constructor's.</summary>
    private protected static double Positive(double value, string property) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(
            char.ToLowerInvariant(property[0]) + property[1..], value, "Expected a finite number above 0.");

    private static int NotNegative(int steps) => steps >= 0
        ? steps
        : throw new ArgumentOutOfRangeException(nameof(steps), steps, "Expected 0 or more steps.");
}
