namespace Research.Training.Export;

/// <summary>Collects the nodes and constants of an ONNX graph that computes a network.</summary>
/// <remarks>Weights keep the names, shapes and bits that they have in a checkpoint.</remarks>
internal sealed class OnnxGraph(Network network)
{
    /// <summary>The value that arrives.</summary>
    public const string Input = "input";

    private const string Output = "scores";

    private readonly float[] _weights = network.Weights.ToArray();
    private readonly List<(string Operation, string[] Inputs, string[] Outputs, ProtobufMessage[] Attributes)> _nodes =
        [];

    private readonly List<ProtobufMessage> _constants = [];
    private readonly HashSet<string> _names = [Input, Output];

    /// <summary>Adds a node.</summary>
    /// <param name="layer">Name of the layer that it belongs to; names start with it.</param>
    /// <param name="operation">Name of the operator.</param>
    /// <param name="inputs">The values that it reads.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>The value that it gives.</returns>
    public string Add(string layer, string operation, string[] inputs, params ProtobufMessage[] attributes) =>
        AddParts(layer, operation, 1, inputs, attributes)[0];

    /// <summary>Adds a node that gives several values.</summary>
    public string[] AddParts(
        string layer, string operation, int parts, string[] inputs, params ProtobufMessage[] attributes)
    {
        string[] outputs = new string[parts];
        for (int i = 0; i < parts; i++)
        {
            outputs[i] = Name($"{layer}/{operation}");
        }

        _nodes.Add((operation, inputs, outputs, attributes));
        return outputs;
    }

    /// <summary>Adds a parameter of a layer.</summary>
    public string Weight(string layer, string parameter)
    {
        string name = $"{layer}.{parameter}";
        ParameterTensor tensor = network.Parameters.Single(p => p.Name == name);
        _constants.Add(OnnxSchema.Tensor(name, tensor.Shape, _weights.AsMemory(tensor.Offset, tensor.Length)));
        return name;
    }

    /// <summary>Adds a constant of floats.</summary>
    public string Constant(string layer, string what, IReadOnlyList<int> shape, float[] values)
    {
        string name = Name($"{layer}/{what}");
        _constants.Add(OnnxSchema.Tensor(name, shape, values));
        return name;
    }

    /// <summary>Adds a constant of whole numbers, such as a shape.</summary>
    public string Constant(string layer, string what, params long[] values)
    {
        string name = Name($"{layer}/{what}");
        _constants.Add(OnnxSchema.Tensor(name, values));
        return name;
    }

    /// <summary>Ends the graph with a value, and makes its message.</summary>
    public ProtobufMessage Finish(string name, string last)
    {
        // The last node's value is the output, unless the model ends with a layer that computes nothing.
        if (_nodes.Count > 0 && _nodes[^1].Outputs is [string given] && given == last)
        {
            _nodes[^1].Outputs[0] = Output;
        }
        else
        {
            _nodes.Add(("Identity", [last], [Output], []));
        }

        return OnnxSchema.Graph(
            name,
            _nodes.Select(n => OnnxSchema.Node(n.Outputs[0], n.Operation, n.Inputs, n.Outputs, n.Attributes)),
            _constants,
            OnnxSchema.Value(Input, network.Spec.Model.Input),
            OnnxSchema.Value(Output, [network.Classes]));
    }

    private string Name(string wanted)
    {
        string name = wanted;
        for (int i = 1; !_names.Add(name); i++)
        {
            name = $"{wanted}_{i}";
        }

        return name;
    }
}
