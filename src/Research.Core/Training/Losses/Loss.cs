using Research.Tensors;

namespace Research.Training.Losses;

/// <summary>The loss of a specification.</summary>
public abstract record Loss
{
    private protected Loss()
    {
    }

    /// <summary>Gets the name that specifications use.</summary>
    public abstract string Type { get; }

    /// <summary>Gets how many classes a model with so many outputs tells apart.</summary>
    internal abstract int Classes(int outputs);

    /// <summary>Computes the loss of each of 16 examples, and the gradient of that loss (not of a mean).</summary>
    /// <param name="scores">The last layer's outputs, [outputs, 16].</param>
    /// <param name="outputs">Outputs of one example.</param>
    /// <param name="labels">16 labels; lanes without an example hold 0.</param>
    /// <param name="losses">Receives 16 losses; those of lanes without an example mean nothing.</param>
    /// <param name="gradient">Receives the gradient by the scores, [outputs, 16]; empty if only losses are
    /// wanted.</param>
    internal abstract void Evaluate(
        ReadOnlySpan<float> scores, int outputs, ReadOnlySpan<int> labels, Span<float> losses, Span<float> gradient);

    /// <summary>Gets the class that the scores of one example name.</summary>
    /// <param name="scores">The last layer's outputs, [outputs, 16].</param>
    /// <param name="outputs">Outputs of one example.</param>
    /// <param name="lane">Which example.</param>
    internal abstract int Predicted(ReadOnlySpan<float> scores, int outputs, int lane);

    /// <summary>Gets the class with the largest score; of equals the first.</summary>
    private protected static int Largest(ReadOnlySpan<float> scores, int outputs, int lane)
    {
        int best = 0;
        for (int c = 1; c < outputs; c++)
        {
            best = scores[(c * Lanes.Count) + lane] > scores[(best * Lanes.Count) + lane] ? c : best;
        }

        return best;
    }
}
