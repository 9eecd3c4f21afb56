using System.Buffers;
using System.Text.Json;
using Research.Training.Layers;

namespace Research.Training.Specification;

/// <summary>Turns a checked specification into canonical JSON.</summary>
internal static class SpecWriter
{
    public static byte[] Write(ModelSpec spec)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("format", ModelSpec.Format);
            json.WriteString("name", spec.Name);
            Model(json, spec.Model);
            LossJson.Write(json, spec.Loss);
            OptimizerJson.Write(json, spec.Optimizer);
            TrainingJson.Write(json, spec.Training);
            PrivacyJson.Write(json, spec.Privacy);
            Task(json, spec.Task);
            json.WriteEndObject();
        }

        return CanonicalJson.Write(buffer.WrittenSpan);
    }

    private static void Model(Utf8JsonWriter json, ModelSection model)
    {
        json.WriteStartObject("model");
        json.WriteStartArray("input");
        foreach (int size in model.Input)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteNumber("seed", model.Seed);
        Layers(json, model.Layers);
        FeaturesJson.Write(json, model.Features);
        json.WriteEndObject();
    }

    private static void Layers(Utf8JsonWriter json, IReadOnlyList<Layer> layers)
    {
        json.WriteStartArray("layers");
        foreach (Layer layer in layers)
        {
            json.WriteStartObject();
            json.WriteString("type", layer.Type);
            LayerFields(json, layer);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void LayerFields(Utf8JsonWriter json, Layer layer)
    {
        switch (layer)
        {
            case Linear linear:
                json.WriteNumber("inputs", linear.Inputs);
                json.WriteNumber("outputs", linear.Outputs);
                break;
            case Conv2d conv:
                json.WriteNumber("inputChannels", conv.InputChannels);
                json.WriteNumber("outputChannels", conv.OutputChannels);
                Window(json, conv.Kernel, conv.Stride);
                json.WriteNumber("padding", conv.Padding);
                if (conv.Groups != 1)
                {
                    json.WriteNumber("groups", conv.Groups);
                }

                break;
            case MaxPool2d pool:
                Window(json, pool.Kernel, pool.Stride);
                break;
            case AvgPool2d pool:
                Window(json, pool.Kernel, pool.Stride);
                break;
            case GroupNorm norm:
                json.WriteNumber("groups", norm.Groups);
                json.WriteNumber("channels", norm.Channels);
                break;
            case LayerNorm norm:
                json.WriteNumber("size", norm.Size);
                break;
            case Residual residual:
                Layers(json, residual.Layers);
                break;
            case Embedding embedding:
                json.WriteNumber("tokens", embedding.Tokens);
                json.WriteNumber("size", embedding.Size);
                break;
            case SelfAttention attention:
                json.WriteNumber("size", attention.Size);
                json.WriteNumber("heads", attention.Heads);
                if (attention.Causal)
                {
                    json.WriteBoolean("causal", true);
                }

                break;
            case Dropout dropout:
                json.WriteNumber("rate", dropout.Rate);
                break;
            default:
                break; // The others have no fields.
        }
    }

    private static void Window(Utf8JsonWriter json, int kernel, int stride)
    {
        json.WriteNumber("kernel", kernel);
        json.WriteNumber("stride", stride);
    }

    private static void Task(Utf8JsonWriter json, TaskSection? task)
    {
        if (task is null)
        {
            return;
        }

        json.WriteStartObject("task");
        json.WriteNumber("rounds", task.Rounds);
        json.WriteStartObject("reward");
        json.WriteString("type", RewardSection.Type);
        json.WriteNumber("records", task.Reward.Records);
        json.WriteNumber("significance", task.Reward.Significance);
        json.WriteNumber("noiseFloor", task.Reward.NoiseFloor);
        json.WriteNumber("references", task.Reward.References);
        json.WriteEndObject();
        json.WriteStartObject("evaluation");
        json.WriteNumber("examples", task.Evaluation.Examples);
        json.WriteNumber("fraction", task.Evaluation.Fraction);
        json.WriteStartArray("rounds");
        foreach (EvaluationCommitment round in task.Evaluation.Rounds)
        {
            json.WriteStartObject();
            json.WriteString("keys", Convert.ToHexStringLower(round.Keys.ToArray()));
            json.WriteString("records", Convert.ToHexStringLower(round.Records.ToArray()));
            json.WriteString("sha256", round.Sha256.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        AggregationJson.Write(json, task.Aggregation);
        json.WriteString("licence", task.Licence);
        json.WriteString("consent", task.Consent);
        StoresJson.Write(json, task.Stores);
        json.WriteEndObject();
    }
}
