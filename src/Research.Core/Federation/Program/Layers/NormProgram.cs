namespace Research.Federation.Program.Layers;

/// <summary>x̂ = (x − mean) / √(variance + 10⁻⁵) over each set, y = x̂·γ + β of each channel.</summary>
/// <remarks>
/// Back, with g = δ·γ: δₓ = (g − mean(g) − x̂·mean(g·x̂)) / √(variance + 10⁻⁵). Means are rounded to 4 binary places more
/// than the numbers have, roots down.
/// </remarks>
/// <param name="groups">Sets of a record.</param>
/// <param name="shape">The shape of what arrives.</param>
/// <param name="channels">Gains, and biases.</param>
/// <param name="tensor">The gain's number; the bias is the next.</param>
internal sealed class NormProgram(int groups, IReadOnlyList<int> shape, int channels, int tensor) : LayerProgram
{
    private const int Extra = 4; // Binary places that means and roots have beside those of the numbers.
    private const int NormalFraction = 12;
    private const int OutputFraction = 11;
    private const int RateFraction = 24; // d·rate·2⁻¹² is x̂.

    private readonly int _size = Training.Specification.Shapes.Size(shape);
    private Step? _normal;
    private Step? _rate;
    private int _fraction;

    public override int Tensors => 2;

    private int Set => _size / groups;

    private int Run => _size / channels;

    public override Signal Forward(LayerBlock pass, Signal x)
    {
        _fraction = x.Fraction;
        Draft draft = pass.Draft;
        Extent[] sets = [pass.Records, groups];
        Extent[] all = [pass.Records, groups, Set];
        Step sum = draft.Sum(pass.At, "norm, sums", 8, sets, Set, x.By(x.RecordStride, Set));
        Step mean = draft.Ratio(
            pass.At, "norm, means", 4, sets, sum.Rows(2), draft.Number(Set), t: Extra, isRounded: true);
        Step centred = draft.Mac(
            pass.At,
            "norm, centred",
            2,
            all,
            mean.At(groups, 1, 0),
            draft.Number(-1),
            x.By(x.RecordStride, Set, 1),
            t: Extra,
            s: Extra);
        Operand runs = centred.At(_size, Set);
        Step squares = draft.Dot(pass.At, "norm, squares", 8, sets, Set, runs, runs);
        Step variance = draft.Ratio(
            pass.At, "norm, variances", 8, sets, squares.Rows(2), draft.Number(Set), t: 2 * Extra, isRounded: true);
        long epsilon = (long)Math.Floor((1e-5 * Math.ScaleB(1, (2 * x.Fraction) + (2 * Extra))) + 0.5);
        Step widened = draft.Sum(
            pass.At, "norm, with epsilon", 8, sets, 1, variance.Each(), draft.Number(epsilon));
        Step root = draft.Of(StepKind.Root, pass.At, "norm, deviations", 8, sets, widened.Rows(2));
        _rate = draft.Ratio(
            pass.At,
            "norm, rates",
            4,
            sets,
            draft.Number(1),
            root.Each(),
            t: NormalFraction + Extra + (RateFraction - NormalFraction));
        _normal = draft.Mac(
            pass.At,
            "norm, normal",
            2,
            all,
            centred.Each(),
            _rate.At(groups, 1, 0),
            s: RateFraction - NormalFraction);
        Step y = draft.Mac(
            pass.At,
            "norm",
            2,
            [pass.Records, channels, Run],
            _normal.At(_size, Run, 1),
            pass.Weights[tensor] with { Strides = [0, 1, 0] },
            pass.Weights[tensor + 1] with { Strides = [0, 1, 0] },
            t: NormalFraction,
            s: WeightFraction + NormalFraction - OutputFraction);
        return new Signal(y.At(_size, 1), shape, OutputFraction);
    }

    public override Signal? Backward(LayerBlock pass, Signal delta, bool isNeeded)
    {
        Draft draft = pass.Draft;
        Extent[] perChannel = [pass.Records, channels];
        Step gain = draft.Dot(
            pass.At,
            "norm, gain gradients",
            2,
            perChannel,
            Run,
            delta.By(delta.RecordStride, Run),
            _normal!.At(_size, Run),
            s: DeltaFraction + NormalFraction - PlainGradient.Fraction);
        pass.Gradients.Add(new PlainGradient(tensor, gain, channels));
        Step bias = draft.Sum(
            pass.At,
            "norm, bias gradients",
            2,
            perChannel,
            Run,
            delta.By(delta.RecordStride, Run),
            s: DeltaFraction - PlainGradient.Fraction);
        pass.Gradients.Add(new PlainGradient(tensor + 1, bias, channels));
        return isNeeded ? Input(pass, delta) : null;
    }

    private Signal Input(LayerBlock pass, Signal delta)
    {
        Draft draft = pass.Draft;
        Extent[] sets = [pass.Records, groups];
        Extent[] all = [pass.Records, groups, Set];
        Step g = draft.Mac(
            pass.At,
            "norm, scaled gradients",
            2,
            [pass.Records, channels, Run],
            delta.By(delta.RecordStride, Run, 1),
            pass.Weights[tensor] with { Strides = [0, 1, 0] },
            s: WeightFraction);
        Operand runs = g.At(_size, Set);
        Step sum = draft.Sum(pass.At, "norm, sums of gradients", 8, sets, Set, runs);
        Step mean = draft.Ratio(
            pass.At, "norm, mean gradients", 4, sets, sum.Rows(2), draft.Number(Set), t: Extra, isRounded: true);
        Step product = draft.Dot(
            pass.At, "norm, gradients along x̂", 8, sets, Set, runs, _normal!.At(_size, Set));
        Step along = draft.Ratio(
            pass.At,
            "norm, mean gradients along x̂",
            4,
            sets,
            product.Rows(2),
            draft.Number((long)Set << (NormalFraction - Extra)), // 13 + 12 places, of which 17 are left.
            draft.Number(-1),
            isRounded: true);
        Step centred = draft.Mac(
            pass.At, "norm, centred gradients", 4, all, mean.At(groups, 1, 0), draft.Number(-1), g.At(_size, Set, 1), t: Extra);
        Step inner = draft.Mac(
            pass.At,
            "norm, gradients beside x̂",
            2,
            all,
            _normal.At(_size, Set, 1),
            along.At(groups, 1, 0),
            centred.Each(),
            t: NormalFraction,
            s: NormalFraction + Extra);
        Step dx = draft.Mac(
            pass.At, "norm, back", 2, all, inner.Each(), _rate!.At(groups, 1, 0), s: RateFraction - _fraction);
        return new Signal(dx.At(_size, 1), shape, DeltaFraction);
    }
}
