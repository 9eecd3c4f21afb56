using Research.Training.Layers;

namespace Research.Training.Export;

/// <summary>Says each layer in operators of ONNX's operator set 17 (onnx/onnx, docs/Operators.md).</summary>
internal static class OnnxLayers
{
    /// <summary>Adds a layer to a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="name">Its name, which its parameters' names start with.</param>
    /// <param name="input">Shape of one example that arrives, without the batch.</param>
    /// <param name="x">The value that arrives.</param>
    /// <returns>The value that leaves.</returns>
    /// <exception cref="NotSupportedException">No operators are known for this layer.</exception>
    public static string Add(OnnxGraph graph, Layer layer, string name, IReadOnlyList<int> input, string x) =>
        layer switch
        {
            Linear => Product(graph, name, input, x),
            Conv2d conv => Convolution(graph, conv, name, x),
            MaxPool2d pool => Pool(graph, "MaxPool", pool.Kernel, pool.Stride, name, x),
            AvgPool2d pool => Pool(graph, "AveragePool", pool.Kernel, pool.Stride, name, x),
            Flatten => graph.Add(name, "Flatten", [x], OnnxSchema.Attribute("axis", 1L)),
            ReLU => graph.Add(name, "Relu", [x]),
            Tanh => graph.Add(name, "Tanh", [x]),
            _ => throw new NotSupportedException(
                $"{name}: a layer of type {layer.Type} cannot be exported to ONNX: its operators are not known."),
        };

    // Gemm takes matrices only; on [N, T, I] the transposed weight is a constant that a runtime computes once.
    private static string Product(OnnxGraph graph, string name, IReadOnlyList<int> input, string x)
    {
        (string weight, string bias) = (graph.Weight(name, "weight"), graph.Weight(name, "bias"));
        return input.Count == 1
            ? graph.Add(name, "Gemm", [x, weight, bias], OnnxSchema.Attribute("transB", 1L))
            : Rows(graph, name, x, weight, bias);
    }

    private static string Rows(OnnxGraph graph, string name, string x, string weight, string bias)
    {
        string transposed = graph.Add(name, "Transpose", [weight], OnnxSchema.Attribute("perm", 1, 0));
        return graph.Add(name, "Add", [graph.Add(name, "MatMul", [x, transposed]), bias]);
    }

    private static string Convolution(OnnxGraph graph, Conv2d conv, string name, string x) => graph.Add(
        name,
        "Conv",
        [x, graph.Weight(name, "weight"), graph.Weight(name, "bias")],
        OnnxSchema.Attribute("kernel_shape", conv.Kernel, conv.Kernel),
        OnnxSchema.Attribute("strides", conv.Stride, conv.Stride),
        OnnxSchema.Attribute("pads", conv.Padding, conv.Padding, conv.Padding, conv.Padding),
        OnnxSchema.Attribute("group", (long)conv.Groups));

    private static string Pool(OnnxGraph graph, string operation, int kernel, int stride, string name, string x) =>
        graph.Add(
            name,
            operation,
            [x],
            OnnxSchema.Attribute("kernel_shape", kernel, kernel),
            OnnxSchema.Attribute("strides", stride, stride));
}
