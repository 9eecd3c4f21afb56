using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Specification;

namespace Research.Training;

/// <summary>Checks that data suit a model, before anything is allocated.</summary>
internal static class DataFit
{
    public static void Check(ModelSpec spec, IReadOnlyList<Node> nodes, Dataset data)
    {
        IReadOnlyList<int> input = spec.Model.Input;
        bool oneIsFlat = (input.Count == 1 || data.Shape.Count == 1) && Shapes.Size(input) == Shapes.Size(data.Shape);
        if (!oneIsFlat && !Shapes.Same(input, data.Shape))
        {
            throw new SpecException(
                "$.model.input", $"{Shapes.Text(data.Shape)} (the shape of the data)", Shapes.Text(input));
        }

        nodes[0].Operator.CheckInputs(data, "$.model.layers[0]");
        int classes = nodes[^1].Operator.OutputSize;
        if (classes < data.Classes)
        {
            throw new SpecException(
                $"$.model.layers[{spec.Model.Layers.Count - 1}]",
                $"at least {data.Classes} outputs (the classes of the data)",
                $"{classes}");
        }
    }
}
