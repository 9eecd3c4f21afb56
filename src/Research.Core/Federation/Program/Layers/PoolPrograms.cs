namespace Research.Federation.Program.Layers;

/// <summary>The largest element of each window; back, δ goes to the first such.</summary>
internal sealed class MaxPoolProgram(Windows windows) : LayerProgram
{
    private Signal? _x;
    private Step? _largest;

    public override Signal Forward(LayerBlock pass, Signal x)
    {
        _x = x;
        Step rows = windows.Rows(pass, x);
        Operand row = rows.At((long)windows.Count * windows.Taps, windows.Taps);
        _largest = pass.Draft.Of(
            StepKind.Largest, pass.At, "pool, where", 2, [pass.Records, windows.Count], row, length: windows.Taps);
        Step y = pass.Draft.Gather(
            pass.At, "pool", 2, [pass.Records, windows.Count], _largest.Each(), row, windows.Taps);
        return new Signal(y.Each(), windows.OutputShape, x.Fraction);
    }

    public override Signal? Backward(LayerBlock pass, Signal delta, bool isNeeded)
    {
        if (!isNeeded)
        {
            return null;
        }

        Operand taps = pass.Draft.Constants.Table(
            $"0 to {windows.Taps - 1}", 2, () => Enumerable.Range(0, windows.Taps).Select(i => (long)i));
        Step parts = pass.Draft.Of(
            StepKind.Match,
            pass.At,
            "pool, gradients by tap",
            2,
            [pass.Records, windows.Count, windows.Taps],
            _largest!.At(windows.Count, 1, 0),
            taps with { Strides = [0, 0, 1] },
            delta.By(delta.RecordStride, 1, 0));
        Step dx = Windows.AddUp(
            pass, "pool, back", parts, windows.Count * windows.Taps, _x!.Size, windows.Window, windows.Elements);
        return new Signal(dx.Rows(2), _x.Shape, DeltaFraction);
    }
}

/// <summary>The mean of each window; back, each element has its part of δ.</summary>
internal sealed class AveragePoolProgram(Windows windows) : LayerProgram
{
    private Signal? _x;

    public override Signal Forward(LayerBlock pass, Signal x)
    {
        _x = x;
        Draft draft = pass.Draft;
        Step rows = windows.Rows(pass, x);
        Step sum = draft.Sum(
            pass.At,
            "pool, sums",
            8,
            [pass.Records, windows.Count],
            windows.Taps,
            rows.At((long)windows.Count * windows.Taps, windows.Taps));
        Step y = draft.Ratio(
            pass.At, "pool", 2, [pass.Records, windows.Count], sum.Rows(2), draft.Number(windows.Taps), isRounded: true);
        return new Signal(y.Each(), windows.OutputShape, x.Fraction);
    }

    public override Signal? Backward(LayerBlock pass, Signal delta, bool isNeeded)
    {
        if (!isNeeded)
        {
            return null;
        }

        Draft draft = pass.Draft;
        Step share = draft.Ratio(
            pass.At,
            "pool, shares",
            2,
            [pass.Records, windows.Count],
            delta.By(delta.RecordStride, 1),
            draft.Number(windows.Taps),
            isRounded: true);
        Step dx = Windows.AddUp(
            pass,
            "pool, back",
            share,
            windows.Count,
            _x!.Size,
            "shares " + windows.Window,
            windows.Elements,
            windows.Taps);
        return new Signal(dx.Rows(2), _x.Shape, DeltaFraction);
    }
}
