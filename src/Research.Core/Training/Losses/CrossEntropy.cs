namespace Research.Training.Losses;

/// <summary>Cross-entropy of the softmax of the last layer's outputs, in nats.</summary>
public sealed record CrossEntropy : Loss
{
    /// <inheritdoc/>
    public override string Type => "crossEntropy";
}
