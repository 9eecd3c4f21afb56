using Research.Training.Specification;

namespace Research.Training.Layers;

/// <summary>In training, sets each element to zero with a given probability and scales the others up; else
/// nothing.</summary>
/// <remarks>
/// y = x·m / (1 − rate), m = 0 with probability <paramref name="Rate"/>, else 1, as <c>torch.nn.Dropout</c>. The mask is
/// a function of the model's seed, the step, the copy, the element and the example itself, by a hash of what arrives
/// here. It does not depend on the example's place in the batch: then adding one record to a batch would change the
/// masks of others, and one clip norm would no longer bound what a record can change. Source: Srivastava et al. 2014,
/// JMLR 15(56), section 4, scaled in training instead of in use.
/// </remarks>
/// <param name="Rate">Probability of zero, 0 to below 1.</param>
public sealed record Dropout(double Rate) : Layer
{
    /// <inheritdoc/>
    public override string Type => "dropout";

    internal override LayerOperator Bind(IReadOnlyList<int> input, string path)
    {
        SpecRange.Check(Rate, Rate is >= 0 and <= 0.999, "a number in [0, 0.999]", path + ".rate");
        return new DropoutOperator(input, Rate);
    }
}
