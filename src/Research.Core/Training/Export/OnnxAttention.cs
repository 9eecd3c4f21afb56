using Research.Training.Layers;

namespace Research.Training.Export;

/// <summary>Says self-attention in ONNX's operators.</summary>
/// <remarks>N = examples, T = positions, D = size, h = heads, d = D / h.</remarks>
internal static class OnnxAttention
{
    /// <summary>Adds the layer, [N, T, D] to [N, T, D].</summary>
    public static string Add(OnnxGraph graph, SelfAttention layer, string name, int positions, string x)
    {
        int depth = layer.Size / layer.Heads;
        string all = OnnxLayers.Rows(graph, name + ".inProjection", x);
        string[] parts = graph.AddParts(name, "Split", 3, [all], OnnxSchema.Attribute("axis", 2L));
        string shape = graph.Constant(name, "heads", 0, positions, layer.Heads, depth);
        string q = Heads(graph, name, parts[0], shape, 0, 2, 1, 3); // [N, h, T, d]
        string k = Heads(graph, name, parts[1], shape, 0, 2, 3, 1); // [N, h, d, T]
        string v = Heads(graph, name, parts[2], shape, 0, 2, 1, 3); // [N, h, T, d]

        string scale = graph.Constant(name, "scale", [], [(float)(1 / Math.Sqrt(depth))]);
        string scores = graph.Add(name, "Mul", [graph.Add(name, "MatMul", [q, k]), scale]); // [N, h, T, T]
        string seen = layer.Causal ? graph.Add(name, "Add", [scores, Mask(graph, name, positions)]) : scores;
        string weights = graph.Add(name, "Softmax", [seen], OnnxSchema.Attribute("axis", -1L));
        string mixed = graph.Add(
            name, "Transpose", [graph.Add(name, "MatMul", [weights, v])], OnnxSchema.Attribute("perm", 0, 2, 1, 3));
        string joined = graph.Add(name, "Reshape", [mixed, graph.Constant(name, "shape", 0, positions, layer.Size)]);
        return OnnxLayers.Rows(graph, name + ".outProjection", joined);
    }

    private static string Heads(
        OnnxGraph graph, string name, string part, string shape, params ReadOnlySpan<long> order) => graph.Add(
            name, "Transpose", [graph.Add(name, "Reshape", [part, shape])], OnnxSchema.Attribute("perm", order));

    // −∞ where a position would look ahead: its exponential is zero.
    private static string Mask(OnnxGraph graph, string name, int positions)
    {
        float[] mask = new float[positions * positions];
        for (int row = 0; row < positions; row++)
        {
            mask.AsSpan((row * positions) + row + 1, positions - row - 1).Fill(float.NegativeInfinity);
        }

        return graph.Constant(name, "mask", [positions, positions], mask);
    }
}
