namespace Research.Training.Losses;

/// <summary>The loss of a specification.</summary>
public abstract record Loss
{
    private protected Loss()
    {
    }

    /// <summary>Gets the name that specifications use.</summary>
    public abstract string Type { get; }

    /// <summary>Evaluates a block of 16 examples.</summary>
    internal abstract void Evaluate(
        ReadOnlySpan<float> scores, int outputs, ReadOnlySpan<int> labels, Span<float> losses, Span<float> gradient);

    /// <summary>Gets the class that a lane's scores choose.</summary>
    internal abstract int Predicted(ReadOnlySpan<float> scores, int outputs, int lane);
}
