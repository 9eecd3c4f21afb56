using Research.Training.Data.Scattering;
using Research.Training.Layers;

namespace Research.Training.Specification;

/// <summary>
/// Checks ranges and shapes, the same for specifications read from JSON and built in code; allocates no weight.
/// </summary>
internal static class SpecValidator
{
    public const long MostParameters = 1L << 28;

    private const int MostExamples = 1 << 22; // Their file is at most 2^30 bytes, and a record has 128 or more.
    private const int MostFraction = 15;
    private const int LongestName = 200;
    private const int LongestText = 100_000;
    private const long LargestSeed = (1L << 53) - 1;

    /// <summary>Checks everything and returns what computes the layers.</summary>
    public static Node[] Validate(ModelSpec spec)
    {
        SpecRange.CheckText(Present(spec.Name, "$.name"), LongestName, "$.name");
        ModelSection model = Present(spec.Model, "$.model");
        TrainingSection training = Present(spec.Training, "$.training");
        TrainingRanges.Check(training);
        OptimizerRanges.Check(Present(spec.Optimizer, "$.optimizer"), training.Steps);
        LossRanges.Check(Present(spec.Loss, "$.loss"));
        PrivacyRanges.Check(spec.Privacy);
        Task(spec.Task);
        Node[] nodes = Model(model);
        LossRanges.CheckOutput(spec.Loss, nodes[^1].Operator.OutputShape, model.Layers.Count);
        TrainingRanges.Check(training.Augmentation, model.Input);
        Features(spec);
        return nodes;
    }

    private static Node[] Model(ModelSection model)
    {
        IReadOnlyList<int> shape = Present(model.Input, "$.model.input");
        if (shape.Count is 0 || shape.Count > SpecReader.MostDimensions)
        {
            throw new SpecException("$.model.input", $"1 to {SpecReader.MostDimensions} sizes", $"{shape.Count}");
        }

        Shapes.Check(shape, "$.model.input");
        SpecRange.Check(model.Seed, 0, LargestSeed, "$.model.seed");
        IReadOnlyList<Layer> layers = Present(model.Layers, "$.model.layers");
        if (layers.Count is 0 || layers.Count > SpecReader.MostLayers)
        {
            throw new SpecException("$.model.layers", $"1 to {SpecReader.MostLayers} layers", $"{layers.Count}");
        }

        return Layers(layers, model.Features?.OutputShape(shape) ?? shape);
    }

    private static Node[] Layers(IReadOnlyList<Layer> layers, IReadOnlyList<int> shape)
    {
        List<Node> nodes = [];
        long parameters = 0;
        for (int i = 0; i < layers.Count; i++)
        {
            string path = $"$.model.layers[{i}]";
            foreach (Node node in Present(layers[i], path).Expand(shape, path, $"layers.{i}", nodes.Count))
            {
                nodes.Add(node);
                shape = node.Operator.OutputShape;
                Shapes.Check(shape, path);
                parameters += node.Operator.ParameterCount;
            }

            if (parameters > MostParameters)
            {
                throw new SpecException(path, $"at most {MostParameters} parameters up to here", $"{parameters}");
            }
        }

        return [.. nodes];
    }

    private static void Features(ModelSpec spec)
    {
        if (spec.Model.Features is { Normalization: DataNormalization } && spec.Task is not null)
        {
            throw new SpecException(
                "$.model.features.normalization.type",
                "\"group\" in a task, since every owner's data would have statistics of their own",
                "\"data\"");
        }

        if (spec.Model.Features is not null && spec.Training.Augmentation is not null)
        {
            throw new SpecException(
                "$.training.augmentation", "nothing where $.model.features replace the images", "an object");
        }
    }

    private static void Task(TaskSection? task)
    {
        if (task is null)
        {
            return;
        }

        SpecRange.Check(task.Rounds, 1, SpecReader.MostRounds, "$.task.rounds");
        RewardSection reward = Present(task.Reward, "$.task.reward");
        SpecRange.Check(reward.Records, 1, 1_000_000_000, "$.task.reward.records");
        SpecRange.Check(
            reward.Significance,
            reward.Significance is >= 1 and <= 10,
            "a number in [1, 10]",
            "$.task.reward.significance");
        SpecRange.Check(
            reward.NoiseFloor, reward.NoiseFloor is >= 0 and <= 1, "a number in [0, 1]", "$.task.reward.noiseFloor");
        SpecRange.Check(reward.References, 1, 1000, "$.task.reward.references");
        AggregationRanges.Check(Present(task.Aggregation, "$.task.aggregation"));
        Evaluation(Present(task.Evaluation, "$.task.evaluation"), task.Rounds);
        SpecRange.CheckText(Present(task.Licence, "$.task.licence"), LongestName, "$.task.licence");
        SpecRange.CheckText(Present(task.Consent, "$.task.consent"), LongestText, "$.task.consent");
        StoresJson.Check(Present(task.Stores, "$.task.stores"), "$.task.stores");
    }

    private static void Evaluation(EvaluationSection evaluation, int rounds)
    {
        SpecRange.Check(evaluation.Examples, 1, MostExamples, "$.task.evaluation.examples");
        SpecRange.Check(evaluation.Fraction, 0, MostFraction, "$.task.evaluation.fraction");
        IReadOnlyList<EvaluationCommitment> sets = Present(evaluation.Rounds, "$.task.evaluation.rounds");
        for (int i = 0; i < sets.Count; i++)
        {
            Present(sets[i], $"$.task.evaluation.rounds[{i}]");
        }

        // What two rounds shared, the first would open for the second.
        int different = Math.Min(
            Math.Min(sets.DistinctBy(set => set.Keys).Count(), sets.DistinctBy(set => set.Records).Count()),
            sets.DistinctBy(set => set.Sha256).Count());
        if (sets.Count != rounds || different != sets.Count)
        {
            throw new SpecException(
                "$.task.evaluation.rounds",
                $"{rounds} commitments, records and keys of its own for each round",
                $"{sets.Count}, {different} of them different");
        }
    }

    // Specifications built in code can hold null where JSON cannot.
    private static T Present<T>(T? value, string path)
        where T : class => value ?? throw new SpecException(path, "a value", "null");
}
