namespace Research.Training.Specification;

/// <summary>What the numbers of the training section may be.</summary>
internal static class TrainingRanges
{
    public const int MostSteps = 100_000_000;

    private const int LargestShift = 64;
    private const int MostCopies = 64;
    private const string AugmentationPath = "$.training.augmentation";

    public static void Check(TrainingSection training)
    {
        SpecRange.Check(training.BatchSize, 1, 1 << 24, "$.training.batchSize");
        SpecRange.Check(training.Steps, 1, MostSteps, "$.training.steps");
        if (training.AverageDecay is { } decay)
        {
            SpecRange.Check(decay, decay is > 0 and < 1, "a number in (0, 1)", "$.training.averageDecay");
        }
    }

    public static void Check(Augmentation? augmentation, IReadOnlyList<int> input)
    {
        if (augmentation is null)
        {
            return;
        }

        SpecRange.Check(augmentation.Shift, 0, LargestShift, AugmentationPath + ".shift");
        SpecRange.Check(augmentation.Copies, 1, MostCopies, AugmentationPath + ".copies");
        if (augmentation.Shift == 0 && !augmentation.Flip)
        {
            return;
        }

        if (input.Count != 3)
        {
            throw new SpecException(
                AugmentationPath,
                "an image input [channels, height, width] for shift and flip",
                Shapes.Text(input));
        }

        int most = Math.Min(input[1], input[2]) - 1;
        if (augmentation.Shift > most)
        {
            throw new SpecException(
                AugmentationPath + ".shift", $"less than the image's sides, at most {most}", $"{augmentation.Shift}");
        }
    }
}
