using Research.Training.Layers;

namespace Research.Training;

/// <summary>Where the parameters of a model lie in one flat buffer, without gaps.</summary>
internal static class ParameterLayout
{
    /// <summary>Lists the parameters in order.</summary>
    /// <param name="nodes">What computes the layers.</param>
    /// <param name="offsets">Receives where each node's parameters start, and after the last where all end.</param>
    public static IReadOnlyList<ParameterTensor> Of(Node[] nodes, Span<int> offsets)
    {
        List<ParameterTensor> parameters = [];
        int offset = 0;
        for (int layer = 0; layer < nodes.Length; layer++)
        {
            offsets[layer] = offset;
            foreach ((string name, int[] shape) in nodes[layer].Operator.Parameters)
            {
                int length = Specification.Shapes.Size(shape);
                parameters.Add(new ParameterTensor($"{nodes[layer].Name}.{name}", shape, offset, length));
                offset += length;
            }
        }

        offsets[nodes.Length] = offset;
        return parameters;
    }
}
