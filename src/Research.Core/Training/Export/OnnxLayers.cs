using Research.Training.Layers;

namespace Research.Training.Export;

/// <summary>Says each layer in operators of ONNX's operator set 17 (onnx/onnx, docs/Operators.md).</summary>
internal static class OnnxLayers
{
    /// <summary>Adds layers, one after the other.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="layers">The layers.</param>
    /// <param name="name">What their names, and those of their parameters, start with.</param>
    /// <param name="input">Shape of one example that arrives, without the batch.</param>
    /// <param name="x">The value that arrives.</param>
    /// <returns>The value that leaves.</returns>
    /// <exception cref="NotSupportedException">No operators are known for a layer.</exception>
    public static string AddAll(
        OnnxGraph graph, IReadOnlyList<Layer> layers, string name, IReadOnlyList<int> input, string x)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            string own = $"{name}.{i}";
            x = Add(graph, layers[i], own, input, x);
            input = layers[i].Expand(input, own, own, 0)[^1].Operator.OutputShape;
        }

        return x;
    }

    private static string Add(OnnxGraph graph, Layer layer, string name, IReadOnlyList<int> input, string x) =>
        layer switch
        {
            Linear => input.Count == 1 ? Vector(graph, name, x) : Rows(graph, name, x),
            Conv2d conv => Convolution(graph, conv, name, x),
            MaxPool2d pool => Pool(graph, "MaxPool", pool.Kernel, pool.Stride, name, x),
            AvgPool2d pool => Pool(graph, "AveragePool", pool.Kernel, pool.Stride, name, x),
            GlobalAvgPool2d => Flat(graph, name, graph.Add(name, "GlobalAveragePool", [x])),
            GlobalMaxPool2d => Flat(graph, name, graph.Add(name, "GlobalMaxPool", [x])),
            Flatten => Flat(graph, name, x),
            ReLU => graph.Add(name, "Relu", [x]),
            Tanh => graph.Add(name, "Tanh", [x]),
            Sigmoid => graph.Add(name, "Sigmoid", [x]),
            Silu => graph.Add(name, "Mul", [x, graph.Add(name, "Sigmoid", [x])]),
            Gelu => ErrorFunction(graph, name, x),
            GroupNorm norm => OnnxNorms.Group(graph, norm, name, input, x),
            LayerNorm => OnnxNorms.Rows(graph, name, x),
            Embedding => Lookup(graph, name, x),
            SelfAttention attention => OnnxAttention.Add(graph, attention, name, input[0], x),
            Residual residual => graph.Add(
                name, "Add", [x, AddAll(graph, residual.Layers, name + ".layers", input, x)]),
            Dropout => x, // Nothing outside training.
            _ => throw new NotSupportedException(
                $"{name}: a layer of type {layer.Type} cannot be exported to ONNX: its operators are not known."),
        };

    /// <summary>Adds y = x·Wᵀ + b on rows, [N, T, I] to [N, T, O].</summary>
    public static string Rows(OnnxGraph graph, string name, string x)
    {
        // Gemm takes no more than two dimensions; the transposed weight is a constant that a runtime computes once.
        string transposed = graph.Add(
            name, "Transpose", [graph.Weight(name, "weight")], OnnxSchema.Attribute("perm", 1, 0));
        return graph.Add(name, "Add", [graph.Add(name, "MatMul", [x, transposed]), graph.Weight(name, "bias")]);
    }

    private static string Vector(OnnxGraph graph, string name, string x) => graph.Add(
        name,
        "Gemm",
        [x, graph.Weight(name, "weight"), graph.Weight(name, "bias")],
        OnnxSchema.Attribute("transB", 1L));

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

    private static string Flat(OnnxGraph graph, string name, string x) =>
        graph.Add(name, "Flatten", [x], OnnxSchema.Attribute("axis", 1L));

    // Token numbers arrive as floats, and Gather wants whole numbers.
    private static string Lookup(OnnxGraph graph, string name, string x)
    {
        string tokens = graph.Add(name, "Cast", [x], OnnxSchema.Attribute("to", OnnxSchema.Int64));
        return graph.Add(name, "Gather", [graph.Weight(name, "weight"), tokens]);
    }

    // x/2 · (1 + erf(x/√2)); an operator of its own came only with operator set 20.
    private static string ErrorFunction(OnnxGraph graph, string name, string x)
    {
        string scaled = graph.Add(name, "Mul", [x, graph.Constant(name, "sqrtHalf", [], [0.70710678f])]);
        string error = graph.Add(name, "Erf", [scaled]);
        string share = graph.Add(name, "Add", [error, graph.Constant(name, "one", [], [1f])]);
        string half = graph.Add(name, "Mul", [x, graph.Constant(name, "half", [], [0.5f])]);
        return graph.Add(name, "Mul", [half, share]);
    }
}
