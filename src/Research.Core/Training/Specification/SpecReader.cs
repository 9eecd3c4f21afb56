using System.Text.Json;
using Research.Storage;
using Research.Training.Layers;
using Research.Training.Losses;
using Research.Training.Optimizers;

namespace Research.Training.Specification;

/// <summary>
/// Turns a specification's JSON into its sections; checks types and names, leaves ranges to <see
/// cref="SpecValidator"/>.
/// </summary>
internal static class SpecReader
{
    public const int LargestDocument = 1 << 20;
    public const int MostLayers = 1000;
    public const int MostDimensions = 4;

    private const int DeepestNesting = 16;
    private const string LayerTypes =
        "linear, conv2d, maxPool2d, avgPool2d, globalAvgPool2d, globalMaxPool2d, relu, tanh, sigmoid, gelu, silu, "
        + "flatten, groupNorm, layerNorm, residual, embedding, selfAttention or dropout";

    public static ModelSpec Read(ReadOnlySpan<byte> utf8Json)
    {
        if (utf8Json.Length > LargestDocument)
        {
            throw new SpecException("$", $"a document of at most {LargestDocument} bytes", $"{utf8Json.Length}");
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
            Loss = Loss(root.Object("loss")),
            Optimizer = Optimizer(root.Object("optimizer")),
            Training = Training(root.Object("training")),
            Privacy = root.Optional("privacy") is { } privacy ? Privacy(new SpecObject(privacy, "$.privacy")) : null,
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
            Layer(layer, $"{model.At("layers")}[{i}]"))]);
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
                layer.Optional("groups") is { } groups ? SpecObject.Int(groups, layer.At("groups")) : 1),
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
            "selfAttention" => new SelfAttention(layer.Int("size"), layer.Int("heads"), Flag(layer, "causal")),
            "dropout" => new Dropout(layer.Number("rate")),
            "batchNorm" => throw Unknown(
                layer,
                type,
                "groupNorm or layerNorm (batchNorm mixes the examples of a batch, so no example's gradient is its own)"),
            _ => throw Unknown(layer, type, LayerTypes),
        };
        layer.End();
        return result;
    }

    // False where it is left out.
    private static bool Flag(SpecObject parent, string name) => parent.Optional(name) is { } element
        && (element.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? element.GetBoolean()
            : throw new SpecException(parent.At(name), "true or false", SpecObject.Describe(element)));

    private static Loss Loss(SpecObject loss)
    {
        string type = loss.Text("type");
        Loss result = type == "crossEntropy" ? new CrossEntropy() : throw Unknown(loss, type, "crossEntropy");
        loss.End();
        return result;
    }

    private static Optimizer Optimizer(SpecObject optimizer)
    {
        string type = optimizer.Text("type");
        Optimizer result = type == "sgd"
            ? new Sgd(optimizer.Number("learningRate"), optimizer.Number("momentum"))
            : throw Unknown(optimizer, type, "sgd");
        optimizer.End();
        return result;
    }

    private static TrainingSection Training(SpecObject training)
    {
        TrainingSection section = new(training.Int("batchSize"), training.Int("steps"));
        training.End();
        return section;
    }

    private static PrivacySection Privacy(SpecObject privacy)
    {
        PrivacySection section = new(
            privacy.Number("sampleRate"),
            privacy.Number("clipNorm"),
            privacy.Number("noiseMultiplier"),
            privacy.Number("delta"),
            privacy.Number("epsilonCap"));
        privacy.End();
        return section;
    }

    private static TaskSection Task(SpecObject task)
    {
        int rounds = task.Int("rounds");
        SpecObject reward = task.Object("reward");
        RewardSection rewardSection = new(
            reward.Text("rule"), reward.Int("permutations"), reward.Number("copySimilarity"));
        reward.End();

        SpecObject evaluation = task.Object("evaluation");
        EvaluationSection evaluationSection = new(Hash(evaluation, "sha256"), evaluation.Int("examples"));
        evaluation.End();

        TaskSection section = new(rounds, rewardSection, evaluationSection, task.Text("licence"), task.Text("consent"));
        task.End();
        return section;
    }

    private static ContentHash Hash(SpecObject parent, string name)
    {
        string hex = parent.Text(name);
        return !hex.AsSpan().ContainsAnyInRange('A', 'F') && ContentHash.TryParse(hex, out ContentHash hash)
            ? hash
            : throw new SpecException(parent.At(name), "64 lower-case hexadecimal digits", $"\"{hex}\"");
    }

    private static SpecException Unknown(SpecObject parent, string type, string known) =>
        new(parent.At("type"), known, $"\"{type}\"");
}
