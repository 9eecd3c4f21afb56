using Research.Training.Layers;
using Research.Training.Optimizers;

namespace Research.Training.Specification;

/// <summary>
/// Checks ranges and shapes, the same for specifications read from JSON and built in code; allocates no weight.
/// </summary>
internal static class SpecValidator
{
    public const long MostParameters = 1L << 28;

    private const int LongestName = 200;
    private const int LongestText = 100_000;
    private const long LargestSeed = (1L << 53) - 1;

    /// <summary>Checks everything and returns what computes the layers.</summary>
    public static LayerOperator[] Validate(ModelSpec spec)
    {
        SpecRange.CheckText(Present(spec.Name, "$.name"), LongestName, "$.name");
        Optimizer(Present(spec.Optimizer, "$.optimizer"));
        TrainingSection training = Present(spec.Training, "$.training");
        SpecRange.Check(training.BatchSize, 1, 1 << 24, "$.training.batchSize");
        SpecRange.Check(training.Steps, 1, 100_000_000, "$.training.steps");
        Present(spec.Loss, "$.loss");
        Privacy(spec.Privacy);
        Task(spec.Task);
        return Model(Present(spec.Model, "$.model"));
    }

    private static LayerOperator[] Model(ModelSection model)
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

    private static LayerOperator[] Layers(IReadOnlyList<Layer> layers, IReadOnlyList<int> shape)
    {
        LayerOperator[] operators = new LayerOperator[layers.Count];
        long parameters = 0;
        for (int i = 0; i < layers.Count; i++)
        {
            string path = $"$.model.layers[{i}]";
            operators[i] = Present(layers[i], path).Bind(shape, path);
            shape = operators[i].OutputShape;
            Shapes.Check(shape, path);
            parameters += operators[i].ParameterCount;
            if (parameters > MostParameters)
            {
                throw new SpecException(path, $"at most {MostParameters} parameters up to here", $"{parameters}");
            }
        }

        if (shape.Count != 1 || shape[0] < 2)
        {
            throw new SpecException(
                $"$.model.layers[{layers.Count - 1}]",
                "an output of one dimension with a score for each of 2 or more classes",
                Shapes.Text(shape));
        }

        return operators;
    }

    private static void Optimizer(Optimizer optimizer)
    {
        if (optimizer is Sgd sgd)
        {
            SpecRange.Check(
                sgd.LearningRate,
                sgd.LearningRate is > 0 and <= 1e6,
                "a number in (0, 1000000]",
                "$.optimizer.learningRate");
            SpecRange.Check(sgd.Momentum, sgd.Momentum is >= 0 and < 1, "a number in [0, 1)", "$.optimizer.momentum");
        }
    }

    private static void Privacy(PrivacySection? privacy)
    {
        if (privacy is null)
        {
            return;
        }

        Check(privacy.SampleRate, privacy.SampleRate is > 0 and <= 1, "a number in (0, 1]", "sampleRate");
        Check(privacy.ClipNorm, privacy.ClipNorm is >= 1e-9 and <= 1e9, "a number in [1e-9, 1e9]", "clipNorm");
        Check(
            privacy.NoiseMultiplier,
            privacy.NoiseMultiplier is >= 1e-9 and <= 1e6,
            "a number in [1e-9, 1000000]",
            "noiseMultiplier");
        Check(privacy.Delta, privacy.Delta is > 0 and < 1, "a number in (0, 1)", "delta");
        Check(privacy.EpsilonCap, privacy.EpsilonCap is > 0 and <= 1e6, "a number in (0, 1000000]", "epsilonCap");

        static void Check(double value, bool inside, string interval, string name) =>
            SpecRange.Check(value, inside, interval, "$.privacy." + name);
    }

    private static void Task(TaskSection? task)
    {
        if (task is null)
        {
            return;
        }

        SpecRange.Check(task.Rounds, 1, ushort.MaxValue, "$.task.rounds");
        RewardSection reward = Present(task.Reward, "$.task.reward");
        if (reward.Rule != "shapley")
        {
            throw new SpecException("$.task.reward.rule", "\"shapley\"", $"\"{reward.Rule}\"");
        }

        SpecRange.Check(reward.Permutations, 1, 1_000_000, "$.task.reward.permutations");
        SpecRange.Check(
            reward.CopySimilarity,
            reward.CopySimilarity is > 0 and <= 1,
            "a number in (0, 1]",
            "$.task.reward.copySimilarity");
        SpecRange.Check(
            Present(task.Evaluation, "$.task.evaluation").Examples, 1, int.MaxValue, "$.task.evaluation.examples");
        SpecRange.CheckText(Present(task.Licence, "$.task.licence"), LongestName, "$.task.licence");
        SpecRange.CheckText(Present(task.Consent, "$.task.consent"), LongestText, "$.task.consent");
    }

    // Specifications built in code can hold null where JSON cannot.
    private static T Present<T>(T? value, string path)
        where T : class => value ?? throw new SpecException(path, "a value", "null");
}
