namespace Research.Training.Export;

/// <summary>The messages of ONNX that a model needs.</summary>
/// <remarks>
/// Field numbers: onnx/onnx, onnx/onnx.proto3 at 004aa57; later versions only add to them. IR version 8 came with
/// operator set 17 (onnx/onnx, docs/Versioning.md, "Released Versions").
/// </remarks>
internal static class OnnxSchema
{
    /// <summary>TensorProto.DataType of whole numbers.</summary>
    public const long Int64 = 7;

    private const long IrVersion = 8;
    private const long OperatorSet = 17;
    private const long Float = 1;

    /// <summary>Makes a ModelProto.</summary>
    public static ProtobufMessage Model(
        ProtobufMessage graph, string producer, string version, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        ProtobufMessage operators = new ProtobufMessage() // OperatorSetIdProto
            .Add(1, "")                                   // domain: ONNX's own operators
            .Add(2, OperatorSet);                         // version
        ProtobufMessage model = new ProtobufMessage()
            .Add(1, IrVersion) // ir_version
            .Add(2, producer)  // producer_name
            .Add(3, version)   // producer_version
            .Add(7, graph)     // graph
            .Add(8, operators); // opset_import
        foreach ((string key, string value) in metadata)
        {
            ProtobufMessage entry = new ProtobufMessage().Add(1, key).Add(2, value); // StringStringEntryProto
            model.Add(14, entry);                                                    // metadata_props
        }

        return model;
    }

    /// <summary>Makes a GraphProto with one input and one output.</summary>
    public static ProtobufMessage Graph(
        string name,
        IEnumerable<ProtobufMessage> nodes,
        IEnumerable<ProtobufMessage> initializers,
        ProtobufMessage input,
        ProtobufMessage output)
    {
        ProtobufMessage graph = new();
        AddAll(graph, 1, nodes); // node
        graph.Add(2, name);      // name
        AddAll(graph, 5, initializers); // initializer
        return graph.Add(11, input).Add(12, output);
    }

    /// <summary>Makes a NodeProto.</summary>
    public static ProtobufMessage Node(
        string name,
        string operation,
        IEnumerable<string> inputs,
        IEnumerable<string> outputs,
        IEnumerable<ProtobufMessage> attributes)
    {
        ProtobufMessage node = new();
        foreach (string input in inputs)
        {
            node.Add(1, input);
        }

        foreach (string output in outputs)
        {
            node.Add(2, output);
        }

        node.Add(3, name).Add(4, operation); // name, op_type
        AddAll(node, 5, attributes);         // attribute
        return node;
    }

    /// <summary>Makes an AttributeProto that holds a whole number.</summary>
    public static ProtobufMessage Attribute(string name, long value) => new ProtobufMessage()
        .Add(1, name)   // name
        .Add(3, value)  // i
        .Add(20, 2);    // type: INT

    /// <summary>Makes an AttributeProto that holds a number.</summary>
    public static ProtobufMessage Attribute(string name, float value) => new ProtobufMessage()
        .Add(1, name)   // name
        .Add(2, value)  // f
        .Add(20, 1);    // type: FLOAT

    /// <summary>Makes an AttributeProto that holds whole numbers.</summary>
    public static ProtobufMessage Attribute(string name, params ReadOnlySpan<long> values)
    {
        ProtobufMessage attribute = new ProtobufMessage().Add(1, name); // name
        foreach (long value in values)
        {
            attribute.Add(8, value); // ints
        }

        return attribute.Add(20, 7); // type: INTS
    }

    /// <summary>Makes a TensorProto of floats.</summary>
    public static ProtobufMessage Tensor(string name, IReadOnlyList<int> shape, ReadOnlyMemory<float> values) =>
        Tensor(name, shape, Float).Add(9, values); // raw_data

    /// <summary>Makes a TensorProto of one dimension of whole numbers.</summary>
    public static ProtobufMessage Tensor(string name, ReadOnlyMemory<long> values) =>
        Tensor(name, [values.Length], Int64).Add(9, values); // raw_data

    /// <summary>Makes a ValueInfoProto of floats, [N, shape], with N the number of examples.</summary>
    public static ProtobufMessage Value(string name, IReadOnlyList<int> shape)
    {
        ProtobufMessage sizes = new ProtobufMessage()         // TensorShapeProto
            .Add(1, new ProtobufMessage().Add(2, "N"));       // dim: Dimension.dim_param
        foreach (int size in shape)
        {
            sizes.Add(1, new ProtobufMessage().Add(1, size)); // dim: Dimension.dim_value
        }

        ProtobufMessage tensor = new ProtobufMessage() // TypeProto.Tensor
            .Add(1, Float)                             // elem_type
            .Add(2, sizes);                            // shape
        return new ProtobufMessage()
            .Add(1, name)                                // name
            .Add(2, new ProtobufMessage().Add(1, tensor)); // type: TypeProto.tensor_type
    }

    private static ProtobufMessage Tensor(string name, IReadOnlyList<int> shape, long type)
    {
        ProtobufMessage tensor = new();
        foreach (int size in shape)
        {
            tensor.Add(1, size); // dims
        }

        return tensor.Add(2, type).Add(8, name); // data_type, name
    }

    private static void AddAll(ProtobufMessage message, int field, IEnumerable<ProtobufMessage> parts)
    {
        foreach (ProtobufMessage part in parts)
        {
            message.Add(field, part);
        }
    }
}
