using Research.Training.Layers;

namespace Research.Federation.Program.Layers;

/// <summary>y = W·x + b, and back δₓ = Wᵀ·δ; a record's gradients are δ·xᵀ and δ.</summary>
internal sealed class LinearProgram(Linear layer, int tensor, bool isRectified, bool isLast) : LayerProgram
{
    private readonly int _fraction = isLast ? ScoreFraction : ValueFraction;
    private Signal? _x;

    public override int Tensors => 2;

    public override IReadOnlyList<(int Tensor, int Groups, int Rows, int Columns)> Turned =>
        [(tensor, 1, layer.Outputs, layer.Inputs)];

    public override Signal Forward(LayerBlock pass, Signal x)
    {
        _x = x;
        Step y = pass.Draft.Dot(
            pass.At,
            "linear",
            2,
            [pass.Records, layer.Outputs],
            layer.Inputs,
            x.By(x.RecordStride),
            pass.Weights[tensor] with { Strides = [0, layer.Inputs] },
            pass.Weights[tensor + 1] with { Strides = [0, 1] },
            t: x.Fraction,
            s: x.Fraction + WeightFraction - _fraction,
            low: isRectified ? 0 : null);
        return new Signal(y.Rows(2), [layer.Outputs], _fraction);
    }

    public override Signal? Backward(LayerBlock pass, Signal delta, bool isNeeded)
    {
        pass.Gradients.Add(new OuterGradient(tensor, delta, _x!));
        if (!isNeeded)
        {
            return null;
        }

        Step dx = pass.Draft.Dot(
            pass.At,
            "linear, back",
            2,
            [pass.Records, layer.Inputs],
            layer.Outputs,
            delta.By(delta.RecordStride),
            pass.Transposed[tensor]! with { Strides = [0, layer.Outputs] },
            s: WeightFraction);
        return new Signal(dx.Rows(2), _x!.Shape, DeltaFraction);
    }
}
