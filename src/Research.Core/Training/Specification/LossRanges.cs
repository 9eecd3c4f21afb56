using Research.Training.Losses;

namespace Research.Training.Specification;

/// <summary>What a loss may be, and what it needs of the model.</summary>
internal static class LossRanges
{
    public static void Check(Loss loss)
    {
        if (loss is CrossEntropy { LabelSmoothing: double smoothing })
        {
            SpecRange.Check(smoothing, smoothing is >= 0 and < 1, "a number in [0, 1)", "$.loss.labelSmoothing");
        }
    }

    /// <summary>Throws unless the last layer's outputs tell two or more classes apart.</summary>
    public static void CheckOutput(Loss loss, IReadOnlyList<int> shape, int layers)
    {
        if (shape.Count == 1 && loss.Classes(shape[0]) >= 2)
        {
            return;
        }

        string orOne = loss.Classes(1) == 2 ? ", or one score for 2 classes" : "";
        throw new SpecException(
            $"$.model.layers[{layers - 1}]",
            $"an output of one dimension with a score for each of 2 or more classes{orOne}",
            Shapes.Text(shape));
    }
}
