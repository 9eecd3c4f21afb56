using System.Text.Json;
using Research.Federation.Trace;
using Research.Storage;
using Research.Training.Aggregation;
using Research.Training.Layers;

namespace Research.Training.Specification;

/// <summary>
/// Turns a specification's JSON into its sections; checks types and names, leaves ranges to <see
/// cref="SpecValidator"/>.
/// </summary>
internal static class SpecReader
{
    public const int MostLayers = 1000;
    public const int MostRounds = ushort.MaxValue;
    public const int MostDimensions = 4;

    private const int DeepestNesting = 16;
    private const string LayerTypes =
        "linear, conv2d, maxPool2d, avgPool2d, globalAvgPool2d, globalMaxPool2d, relu, tanh, sigmoid, gelu, silu, "
        + "flatten, groupNorm, layerNorm, residual, embedding, selfAttention or dropout";

    public static ModelSpec Read(ReadOnlySpan<byte> utf8Json)
    {
        if (utf8Json.Length > ModelSpec.LargestDocument)
        {
            throw new SpecException("$", $"a document of at most {ModelSpec.LargestDocument} bytes", $"{utf8Json.Length}");
        }

        using JsonDocument document = ParseJson(utf8Json.ToArray());
        SpecObject root = new(document.RootElement, "$");
        string format = root.Text("format");
        if (format != ModelSpec.Format)
        {
            throw new SpecException("$.format", $"\"{ModelSpec.Format}\"", $"\"{format}\"");
        }

        ModelSpec spec = new()
        {
            Name = root.Text("name"),
            Model = Model(root.Object("model")),
            Loss = LossJson.Read(root.Object("loss")),
            Optimizer = OptimizerJson.Read(root.Object("optimizer")),
            Training = TrainingJson.Read(root.Object("training")),
            Privacy = root.Optional("privacy") is { } privacy ? PrivacyJson.Read(new SpecObject(privacy, "$.privacy")) : null,
            Task = root.Optional("task") is { } task ? Task(new SpecObject(task, "$.task")) : null,
        };
        root.End();
        return spec;
    }

    private static JsonDocument ParseJson(byte[] utf8Json)
    {
        try
        {
            return JsonDocument.Parse(utf8Json, new JsonDocumentOptions { MaxDepth = DeepestNesting });
        }
        catch (JsonException e)
        {
            string where = $"an error at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
            throw new SpecException("$", $"a JSON document of at most {DeepestNesting} levels", where, e);
        }
    }

    private static ModelSection Model(SpecObject model)
    {
        JsonElement[] input = model.Array("input", MostDimensions);
        int[] shape = [.. input.Select((size, i) => SpecObject.Int(size, $"{model.At("input")}[{i}]"))];
        long seed = model.Whole("seed");
        JsonElement[] layers = model.Array("layers", MostLayers);
        ModelSection section = new(shape, seed, [.. layers.Select((layer, i) =>
            Layer(layer, $"{model.At("layers")}[{i}]"))], FeaturesJson.Read(model));
        model.End();
        return section;
    }

    private static Layer Layer(JsonElement element, string path)
    {
        SpecObject layer = new(element, path);
        string type = layer.Text("type");
        Layer result = type switch
        {
            "linear" => new Linear(layer.Int("inputs"), layer.Int("outputs")),
            "conv2d" => new Conv2d(
                layer.Int("inputChannels"),
                layer.Int("outputChannels"),
                layer.Int("kernel"),
                layer.Int("stride"),
                layer.Int("padding"),
                layer.Int("groups", absent: 1)),
            "maxPool2d" => new MaxPool2d(layer.Int("kernel"), layer.Int("stride")),
            "avgPool2d" => new AvgPool2d(layer.Int("kernel"), layer.Int("stride")),
            "globalAvgPool2d" => new GlobalAvgPool2d(),
            "globalMaxPool2d" => new GlobalMaxPool2d(),
            "relu" => new ReLU(),
            "tanh" => new Tanh(),
            "sigmoid" => new Sigmoid(),
            "gelu" => new Gelu(),
            "silu" => new Silu(),
            "flatten" => new Flatten(),
            "groupNorm" => new GroupNorm(layer.Int("groups"), layer.Int("channels")),
            "layerNorm" => new LayerNorm(layer.Int("size")),
            "residual" => new Residual(
                [.. layer.Array("layers", MostLayers).Select((inner, i) => Layer(inner, $"{path}.layers[{i}]"))]),
            "embedding" => new Embedding(layer.Int("tokens"), layer.Int("size")),
            "selfAttention" => new SelfAttention(layer.Int("size"), layer.Int("heads"), layer.Flag("causal", absent: false)),
            "dropout" => new Dropout(layer.Number("rate")),
            "batchNorm" => throw Unknown(
                layer,
                type,
                "groupNorm or layerNorm "
                + "(batchNorm mixes the examples of a batch, so no example's gradient is its own)"),
            _ => throw Unknown(layer, type, LayerTypes),
        };
        layer.End();
        return result;
    }

    private static TaskSection Task(SpecObject task)
    {
        int rounds = task.Int("rounds");
        SpecObject reward = task.Object("reward");
        string rule = reward.Text("type");
        if (rule != RewardSection.Type)
        {
            throw new SpecException(reward.At("type"), $"\"{RewardSection.Type}\"", $"\"{rule}\"");
        }

        RewardSection rewardSection = new(
            reward.Int("records"),
            reward.Number("significance"),
            reward.Number("noiseFloor"),
            reward.Int("references"));
        reward.End();

        SpecObject evaluation = task.Object("evaluation");
        EvaluationSection evaluationSection = new(
            evaluation.Int("examples"),
            evaluation.Int("fraction"),
            [.. evaluation.Array("rounds", MostRounds).Select((round, i) =>
                Commitment(new SpecObject(round, $"{evaluation.At("rounds")}[{i}]")))]);
        evaluation.End();

        AggregationRule aggregation = AggregationJson.Read(task);
        TaskSection section = new(rounds, rewardSection, evaluationSection, task.Text("licence"), task.Text("consent"))
        {
            Aggregation = aggregation,
            Stores = StoresJson.Read(task),
        };
        task.End();
        return section;
    }

    private static EvaluationCommitment Commitment(SpecObject round)
    {
        EvaluationCommitment commitment = new(
            new TreeHash(Hash(round, "keys")),
            new TreeHash(Hash(round, "records")),
            new ContentHash(Hash(round, "sha256")));
        round.End();
        return commitment;
    }

    private static byte[] Hash(SpecObject round, string name)
    {
        string hex = round.Text(name);
        return !hex.AsSpan().ContainsAnyInRange('A', 'F') && hex.Length == 2 * ContentHash.Size
            && ContentHash.TryParse(hex, out ContentHash hash)
            ? hash.ToArray()
            : throw new SpecException(round.At(name), "64 lower-case hexadecimal digits", $"\"{hex}\"");
    }

    private static SpecException Unknown(SpecObject parent, string type, string known) =>
        parent.UnknownText("type", type, known);
}
