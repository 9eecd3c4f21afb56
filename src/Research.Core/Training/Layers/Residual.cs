using System.Runtime.Intrinsics;
using Research.Tensors;
using Research.Training.Specification;

namespace Research.Training.Layers;

/// <summary>Adds what some layers make of the input to the input itself, y = x + F(x).</summary>
/// <remarks>
/// Parameters are named after the inner layers: <c>layers.0.weight</c> and so on. Two are equal when their layers are.
/// Source: He et al. 2015, arXiv:1512.03385v1, Eq. 1.
/// </remarks>
/// <param name="Layers">The layers of F, at least one; what leaves the last has the shape of what arrives.</param>
public sealed record Residual(IReadOnlyList<Layer> Layers) : Layer
{
    private const int Deepest = 6; // what a document of 16 levels can hold
    private const string Inside = ".layers[";

    /// <inheritdoc/>
    public override string Type => "residual";

    /// <inheritdoc/>
    public bool Equals(Residual? other) => other is not null && Layers.SequenceEqual(other.Layers);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (Layer layer in Layers)
        {
            hash.Add(layer);
        }

        return hash.ToHashCode();
    }

    internal override IReadOnlyList<Node> Expand(IReadOnlyList<int> input, string path, string name, int value)
    {
        CheckCount(path, value);
        List<Node> nodes = [];
        IReadOnlyList<int> shape = input;
        for (int i = 0; i < Layers.Count; i++)
        {
            string at = $"{path}{Inside}{i}]";
            Layer layer = Layers[i] ?? throw new SpecException(at, "a value", "null");
            foreach (Node node in layer.Expand(shape, at, $"{name}.layers.{i}", value + nodes.Count))
            {
                nodes.Add(node);
                shape = node.Operator.OutputShape;
                Shapes.Check(shape, at);
            }
        }

        if (!Shapes.Same(shape, input))
        {
            throw new SpecException(
                path + ".layers", $"{Shapes.Text(input)} again (the shape that arrives there)", Shapes.Text(shape));
        }

        nodes.Add(new Node(new JoinOperator(shape), name, value));
        return nodes;
    }

    private void CheckCount(string path, int value)
    {
        if (Layers is null || Layers.Count is 0 || Layers.Count > SpecReader.MostLayers)
        {
            throw new SpecException(path + ".layers", $"1 to {SpecReader.MostLayers} layers", $"{Layers?.Count ?? 0}");
        }

        int depth = path.Split(Inside).Length - 1;
        if (depth > Deepest)
        {
            throw new SpecException(path, $"residual layers nested at most {Deepest} deep", $"{depth}");
        }

        // Layers may be shared in code, so that few objects stand for many layers.
        if (value + Layers.Count > SpecReader.MostLayers)
        {
            int all = value + Layers.Count;
            throw new SpecException(path, $"at most {SpecReader.MostLayers} layers up to here, inner ones included", $"{all}");
        }
    }

    private sealed unsafe class JoinOperator(IReadOnlyList<int> shape) : LayerOperator(shape, shape)
    {
        public override bool WorksInPlace => true;

        public override void Forward(in LayerPass pass)
        {
            long count = (long)pass.Blocks * InputSize * Lanes.Count;
            for (long i = 0; i < count; i += Lanes.Count)
            {
                (Vector512.Load(pass.X + i) + Vector512.Load(pass.Skip + i)).Store(pass.Y + i);
            }
        }

        // The gradient goes to the branch as it is; the pass adds it at the value that entered.
        public override void Backward(in LayerPass pass)
        {
            long count = (long)pass.Blocks * InputSize * Lanes.Count * sizeof(float);
            Buffer.MemoryCopy(pass.Dy, pass.Dx, count, count);
        }
    }
}
