using Research.Training.Layers;
using Research.Training.Specification;

namespace Research.Training.Export;

/// <summary>Says the normalising layers in ONNX's operators.</summary>
internal static class OnnxNorms
{
    private const float Epsilon = 1e-5f;

    /// <summary>Adds a layer norm, over the last dimension.</summary>
    public static string Rows(OnnxGraph graph, string name, string x) => graph.Add(
        name,
        "LayerNormalization",
        [x, graph.Weight(name, "weight"), graph.Weight(name, "bias")],
        OnnxSchema.Attribute("axis", -1L),
        OnnxSchema.Attribute("epsilon", Epsilon));

    /// <summary>Adds a group norm: each group as one channel of an instance norm, then each channel's weight.</summary>
    /// <remarks>
    /// GroupNormalization itself came with operator set 18, and before 21 weighed groups instead of channels.
    /// </remarks>
    public static string Group(OnnxGraph graph, GroupNorm norm, string name, IReadOnlyList<int> input, string x)
    {
        int groups = norm.Groups;
        string rows = graph.Add(
            name, "Reshape", [x, graph.Constant(name, "groups", 0, groups, Shapes.Size(input) / groups)]);
        float[] ones = new float[groups];
        Array.Fill(ones, 1f);
        string scale = graph.Constant(name, "ones", [groups], ones);
        string shift = graph.Constant(name, "zeros", [groups], new float[groups]);
        string normal = graph.Add(
            name, "InstanceNormalization", [rows, scale, shift], OnnxSchema.Attribute("epsilon", Epsilon));

        // Zero keeps the batch; the weight lies along the first dimension behind it.
        string back = graph.Add(
            name, "Reshape", [normal, graph.Constant(name, "shape", [0, .. input.Select(size => (long)size)])]);
        string weight = Along(graph, name, "weight", norm.Channels, input.Count);
        string bias = Along(graph, name, "bias", norm.Channels, input.Count);
        return graph.Add(name, "Add", [graph.Add(name, "Mul", [back, weight]), bias]);
    }

    // [C] as [C, 1, 1], so that it meets [N, C, H, W].
    private static string Along(OnnxGraph graph, string name, string parameter, int channels, int dimensions)
    {
        long[] shape = new long[dimensions];
        Array.Fill(shape, 1L);
        shape[0] = channels;
        return graph.Add(
            name, "Reshape", [graph.Weight(name, parameter), graph.Constant(name, parameter + "Shape", shape)]);
    }
}
