using Research.Training.Layers;

namespace Research.Federation.Program.Layers;

/// <summary>max(x, 0), where the step before has not left the negative out already; back, δ where y is positive.</summary>
internal sealed class RectifierProgram : LayerProgram
{
    private Signal? _y;

    public override Signal Forward(LayerBlock pass, Signal x)
    {
        if (x.Of.Source is { Low: 0 } made && made.Kind != StepKind.Largest)
        {
            return _y = x;
        }

        Step y = pass.Draft.Sum(
            pass.At, "relu", 2, [pass.Records, x.Size], 1, x.By(x.RecordStride, 1), low: 0);
        return _y = new Signal(y.Rows(2), x.Shape, x.Fraction);
    }

    public override Signal? Backward(LayerBlock pass, Signal delta, bool isNeeded)
    {
        if (!isNeeded)
        {
            return null;
        }

        Step dx = pass.Draft.Of(
            StepKind.Select,
            pass.At,
            "relu, back",
            2,
            [pass.Records, delta.Size],
            _y!.By(_y.RecordStride, 1),
            delta.By(delta.RecordStride, 1),
            pass.Draft.Number(0));
        return new Signal(dx.Each(), delta.Shape, DeltaFraction);
    }
}

/// <summary>Another shape for the same numbers: no step at all.</summary>
internal sealed class FlattenProgram : LayerProgram
{
    private Signal? _x;

    public override Signal Forward(LayerBlock pass, Signal x)
    {
        _x = x;
        return x with { Shape = [x.Size] };
    }

    public override Signal? Backward(LayerBlock pass, Signal delta, bool isNeeded) =>
        isNeeded ? delta with { Shape = _x!.Shape } : null;
}

/// <summary>A function of each element by a table of all 16-bit numbers, and its derivative by another.</summary>
/// <param name="name">The function's name.</param>
/// <param name="value">The function.</param>
/// <param name="slope">Its derivative, within ±2.</param>
/// <param name="fraction">Binary places of what leaves.</param>
internal sealed class TableProgram(string name, Func<double, double> value, Func<double, double> slope, int fraction)
    : LayerProgram
{
    private const int Half = short.MaxValue;

    private Signal? _x;

    public static TableProgram Of(Layer layer) => layer switch
    {
        Tanh => new("tanh", Functions.Tanh, Functions.TanhSlope, UnitFraction),
        Sigmoid => new("sigmoid", Functions.Logistic, Functions.LogisticSlope, UnitFraction),
        Silu => new("silu", Functions.Silu, Functions.SiluSlope, ValueFraction),
        _ => throw new InvalidOperationException($"No table of {layer.Type}."),
    };

    public override Signal Forward(LayerBlock pass, Signal x)
    {
        _x = x;
        Step y = Look(pass, x, name, value, fraction);
        return new Signal(y.Each(), x.Shape, fraction);
    }

    public override Signal? Backward(LayerBlock pass, Signal delta, bool isNeeded)
    {
        if (!isNeeded)
        {
            return null;
        }

        Step slopes = Look(pass, _x!, name + " slope", slope, UnitFraction);
        Step dx = pass.Draft.Mac(
            pass.At,
            name + ", back",
            2,
            [pass.Records, delta.Size],
            delta.By(delta.RecordStride, 1),
            slopes.Each(),
            s: UnitFraction);
        return new Signal(dx.Each(), delta.Shape, DeltaFraction);
    }

    private static Step Look(LayerBlock pass, Signal x, string name, Func<double, double> function, int fraction)
    {
        Operand table = pass.Draft.Constants.Table(
            $"{name} of {x.Fraction}", 2, () => Values(function, x.Fraction, fraction));
        return pass.Draft.Of(
            StepKind.Table,
            pass.At,
            name,
            2,
            [pass.Records, x.Size],
            x.By(x.RecordStride, 1),
            table,
            pass.Draft.Number(Half),
            (2 * Half) + 1);
    }

    private static IEnumerable<long> Values(Func<double, double> function, int from, int to)
    {
        for (int i = -Half; i <= Half; i++)
        {
            double y = function(i / (double)(1 << from)) * (1 << to);
            yield return (long)Math.Clamp(Math.Floor(y + 0.5), -Half, Half);
        }
    }
}

/// <summary>x + F(x), with as many binary places as most values have; back, δ takes both ways.</summary>
internal sealed class ResidualProgram(IReadOnlyList<LayerProgram> inner) : LayerProgram
{
    public override int Tensors => inner.Sum(one => one.Tensors);

    public override IReadOnlyList<(int Tensor, int Groups, int Rows, int Columns)> Turned =>
        [.. inner.SelectMany(one => one.Turned)];

    public override Signal Forward(LayerBlock pass, Signal x)
    {
        Signal f = x;
        foreach (LayerProgram layer in inner)
        {
            f = layer.Forward(pass, f);
        }

        (Signal fine, Signal coarse) = f.Fraction >= x.Fraction ? (f, x) : (x, f);
        int to = Math.Min(fine.Fraction, ValueFraction);
        Step y = pass.Draft.Sum(
            pass.At,
            "residual",
            2,
            [pass.Records, x.Size],
            1,
            fine.By(fine.RecordStride, 1),
            coarse.By(coarse.RecordStride, 1),
            fine.Fraction - coarse.Fraction,
            fine.Fraction - to);
        return new Signal(y.Rows(2), x.Shape, to);
    }

    public override Signal? Backward(LayerBlock pass, Signal delta, bool isNeeded)
    {
        Signal? back = delta;
        for (int i = inner.Count - 1; i >= 0; i--)
        {
            back = inner[i].Backward(pass, back!, isNeeded || inner.Take(i).Any(one => one.Tensors > 0));
            if (back is null)
            {
                return null;
            }
        }

        if (!isNeeded)
        {
            return null;
        }

        Step dx = pass.Draft.Sum(
            pass.At,
            "residual, back",
            2,
            [pass.Records, delta.Size],
            1,
            back!.By(back.RecordStride, 1),
            delta.By(delta.RecordStride, 1));
        return new Signal(dx.Rows(2), delta.Shape, DeltaFraction);
    }
}
