using Research.Federation.Program.Layers;

namespace Research.Federation.Program;

/// <summary>Loss and accuracy of a model on the records that score.</summary>
internal sealed class QualityPart
{
    /// <summary>Binary places of a loss.</summary>
    public const int LossFraction = 16;

    /// <param name="draft">The program.</param>
    /// <param name="numbers">The numbers.</param>
    /// <param name="layers">The model's layers, of their own.</param>
    /// <param name="records">The records.</param>
    /// <param name="name">Which model it is.</param>
    /// <param name="model">Its weights, from the first on, in units of 2⁻¹⁶.</param>
    public QualityPart(
        Draft draft,
        ScoringNumbers numbers,
        IReadOnlyList<LayerProgram> layers,
        RecordsPart records,
        string name,
        Operand model)
    {
        Operand[] tensors = new Operand[numbers.Tensors.Count];
        long offset = 0;
        for (int tensor = 0; tensor < tensors.Length; tensor++)
        {
            tensors[tensor] = model with { Offset = offset, Strides = [1] };
            offset += numbers.Tensors[tensor];
        }

        (Operand[] weights, Operand?[] turned) = WeightsPart.Halved(
            draft, draft.Root, numbers, null, tensors, ScoringNumbers.UpdateFraction);
        Loop blocks = draft.Loop(draft.Root, numbers.Blocks);
        LayerBlock pass = new(draft, blocks, numbers.Block, weights, turned);
        Signal x = records.Inputs(blocks);
        foreach (LayerProgram layer in layers)
        {
            x = layer.Forward(pass, x);
        }

        LossProgram loss = new(pass, x);
        Operand labels = records.Labels(blocks);
        Loss = Total(name + ", loss", loss.Losses(labels), 4);
        Right = Total(name + ", right", loss.Right(labels), 2);

        Step Total(string what, Step each, int width)
        {
            Step counted = records.Present(draft, blocks) is { } present
                ? draft.Of(
                    StepKind.Select, blocks, what + " of who is there", width, [numbers.Block], present, each.At(1), draft.Number(0))
                : each;
            StepReference sum = new();
            return sum.Step = draft.Sum(
                blocks, what, 8, [1], numbers.Block, counted.At(0), new Operand { Made = sum, Width = 8, IsCarried = true });
        }
    }

    /// <summary>Gets the sum of the records' losses, in units of 2⁻¹⁶ nats.</summary>
    public Step Loss { get; }

    /// <summary>Gets how many records are predicted right.</summary>
    public Step Right { get; }
}
