using Research.Training.Specification;

namespace Research.Training.Export;

/// <summary>Writes a network as an ONNX model.</summary>
/// <remarks>
/// ONNX's operators work on [N, ...], so that a runtime may sum in another order than <see cref="Network.Forward"/>:
/// the scores agree to rounding, not to the bit.
/// </remarks>
internal static class OnnxModel
{
    private const string Producer = "Research";
    private const string SpecKey = "spec";
    private const string NameKey = "name";

    private static string Version { get; } = typeof(OnnxModel).Assembly.GetName().Version!.ToString(3);

    /// <summary>Writes the model; see <see cref="Network.ToOnnx"/>.</summary>
    public static byte[] Export(Network network, IReadOnlyDictionary<string, string>? metadata)
    {
        ModelSpec spec = network.Spec;
        IReadOnlyList<int> shape = network.Nodes[0].Operator.InputShape;
        if (!Shapes.Same(shape, spec.Model.Input))
        {
            throw new NotSupportedException(
                "$.model.features cannot be exported to ONNX: the model's layers read features that are computed "
                + $"before them, {Shapes.Text(shape)} from {Shapes.Text(spec.Model.Input)}.");
        }

        OnnxGraph graph = new(network);
        string scores = OnnxLayers.AddAll(graph, spec.Model.Layers, "layers", shape, OnnxGraph.Input);
        ProtobufMessage message = graph.Finish(spec.Name, scores);
        return OnnxSchema.Model(message, Producer, Version, Metadata(spec, metadata)).ToArray();
    }

    private static SortedDictionary<string, string> Metadata(
        ModelSpec spec, IReadOnlyDictionary<string, string>? metadata)
    {
        SortedDictionary<string, string> texts = new(StringComparer.Ordinal)
        {
            [SpecKey] = spec.Hash.ToString(),
            [NameKey] = spec.Name,
        };
        foreach ((string key, string text) in metadata ?? new Dictionary<string, string>())
        {
            if (!texts.TryAdd(key, text))
            {
                throw new ArgumentException(
                    $"Expected other keys than {SpecKey} and {NameKey}, which the model's own texts have, got '{key}'.",
                    nameof(metadata));
            }
        }

        return texts;
    }
}
