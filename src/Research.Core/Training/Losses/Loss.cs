namespace Research.Training.Losses;

/// <summary>The loss of a specification.</summary>
public abstract record Loss
{
    private protected Loss()
    {
    }

    /// <summary>Gets the name that specifications use.</summary>
    public abstract string Type { get; }
}
