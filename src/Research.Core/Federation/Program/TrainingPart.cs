using Research.Federation.Program.Layers;
using Research.Training;

namespace Research.Federation.Program;

/// <summary>The reference runs: what an owner with the quota of records would have sent, had these records been its own.</summary>
/// <remarks>
/// K runs on Poisson batches with noise, and a last one on all records without. A step: every record's gradient, its
/// norm over all tensors, the gradient clipped in units of 2⁻¹⁴ of the clip norm, their sum over the blocks, scale and
/// noise, and the optimiser in numbers of 20 binary places.
/// </remarks>
internal sealed class TrainingPart
{
    private const int NormFraction = 12;
    private const int ClipFraction = 14; // Of what a clipped gradient is in units of.
    private const int RateShift = 28;
    private const int CoinBits = 16;
    private const int Unit = 30; // Binary places of decays and momentum.
    private const double NoiseDeviation = 4;
    private const double Stability = 0.01; // Of automatic clipping.

    private readonly Draft _draft;
    private readonly ScoringNumbers _numbers;
    private readonly IReadOnlyList<LayerProgram> _layers;
    private readonly RecordsPart _records;
    private readonly Operand _seed;
    private readonly Loop _steps;
    private readonly Loop _blocks;
    private readonly Step[] _sums;
    private readonly int[] _sumFractions;
    private readonly Step[] _starts;
    private readonly Step[] _weights;

    public TrainingPart(
        Draft draft, ScoringNumbers numbers, IReadOnlyList<LayerProgram> layers, RecordsPart records, byte[] seed)
    {
        (_draft, _numbers, _layers, _records) = (draft, numbers, layers, records);
        _seed = draft.Constants.Word("seed", seed);
        int tensors = numbers.Tensors.Count;
        _sums = new Step[tensors];
        _sumFractions = new int[tensors];
        _weights = new Step[tensors];
        Runs = draft.Loop(draft.Root, numbers.References + 1);
        _starts = Starts();
        _steps = draft.Loop(Runs, numbers.Steps);
        StepReference[] moved = [.. Enumerable.Range(0, tensors).Select(_ => new StepReference())];
        Operand[] before = [.. moved.Select((one, tensor) => Before(one, _starts[tensor]))];
        (Operand[] halved, Operand?[] turned) = WeightsPart.Halved(
            draft, _steps, numbers, layers, before, ScoringNumbers.TrainingFraction);
        _blocks = draft.Loop(_steps, numbers.Blocks);
        Block(halved, turned);
        Step[] kept = new Step[tensors];
        for (int tensor = 0; tensor < tensors; tensor++)
        {
            moved[tensor].Step = _weights[tensor] = Move(tensor, before[tensor]);
            kept[tensor] = Average(tensor);
        }

        Deltas = Flat(kept);
    }

    /// <summary>Gets the loop over runs, the silent one last.</summary>
    public Loop Runs { get; }

    /// <summary>Gets a run's change of each weight, [P] with 20 binary places.</summary>
    public Step Deltas { get; }

    private static Operand Before(StepReference made, Step? first) => new()
    {
        Made = made,
        Width = 4,
        Strides = [1],
        IsCarried = true,
        First = first,
    };

    private Step[] Starts()
    {
        Step[] starts = new Step[_numbers.Tensors.Count];
        long offset = 0;
        for (int tensor = 0; tensor < starts.Length; tensor++)
        {
            starts[tensor] = _draft.Mac(
                Runs,
                $"first weights {tensor}",
                4,
                [_numbers.Tensors[tensor]],
                new Operand { Tree = Tree.Model, Width = 4, Offset = offset, Strides = [1] },
                _draft.Number(1 << (ScoringNumbers.TrainingFraction - ScoringNumbers.UpdateFraction)));
            offset += _numbers.Tensors[tensor];
        }

        return starts;
    }

    private void Block(Operand[] weights, Operand?[] turned)
    {
        LayerBlock pass = new(_draft, _blocks, _numbers.Block, weights, turned);
        Signal inputs = _records.Inputs(_blocks);
        Signal x = inputs;
        foreach (LayerProgram layer in _layers)
        {
            x = layer.Forward(pass, x);
        }

        Signal? delta = new LossProgram(pass, x).Gradient(_records.Labels(_blocks));
        for (int i = _layers.Count - 1; i >= 0 && delta is not null; i--)
        {
            delta = _layers[i].Backward(pass, delta, _layers.Take(i).Any(one => one.Tensors > 0));
        }

        Step rate = Rate(pass);
        foreach (WeightGradient gradient in pass.Gradients)
        {
            switch (gradient)
            {
                case OuterGradient outer:
                    AddUp(outer, rate, ReferenceEquals(outer.Input.Of, inputs.Of));
                    break;
                case PlainGradient plain:
                    AddUp(plain, rate);
                    break;
                default:
                    throw new InvalidOperationException($"No sum of {gradient}.");
            }
        }
    }

    // What a record's gradient is multiplied by, so that none is longer than the clip norm; 0 for who does not take part.
    private Step Rate(LayerBlock pass)
    {
        Extent[] records = [_numbers.Block];
        Step? squares = null;
        foreach (WeightGradient gradient in pass.Gradients)
        {
            squares = gradient switch
            {
                OuterGradient outer => Square(outer, squares),
                PlainGradient plain => Square(plain, squares),
                _ => throw new InvalidOperationException($"No norm of {gradient}."),
            };
        }

        PrivacySection privacy = _numbers.Spec.Privacy!;
        Step norm = _draft.Of(StepKind.Root, _blocks, "norms", 8, records, squares!.At(1));
        bool isAutomatic = privacy.Clipping == ClippingMode.Automatic;
        Step length = isAutomatic
            ? _draft.Sum(_blocks, "norms, stable", 8, records, 1, norm.At(1), _draft.Number(Places(Stability, NormFraction)))
            : _draft.Sum(
                _blocks, "norms, at least the clip norm", 8, records, 1, norm.At(1), low: Places(privacy.ClipNorm, NormFraction));
        Step rate = _draft.Ratio(_blocks, "rates", 4, records, _draft.Number(1), length.At(1), t: RateShift);
        Step joins = _draft.Of(
            StepKind.Coin, _blocks, "takes part", 2, records, Thresholds(), _seed);
        Step taken = _draft.Of(
            StepKind.Select, _blocks, "rates of who takes part", 4, records, joins.At(1), rate.At(1), _draft.Number(0));
        return _records.Present(_draft, _blocks) is { } present
            ? _draft.Of(
                StepKind.Select, _blocks, "rates of who is there", 4, records, present, taken.At(1), _draft.Number(0))
            : taken;
    }

    private Step Square(OuterGradient outer, Step? before)
    {
        Extent[] records = [_numbers.Block];
        Operand input = outer.Input.By(outer.Input.RecordStride);
        Operand delta = outer.Delta.By(outer.Delta.RecordStride);
        Step inputs = _draft.Dot(
            _blocks,
            "squares of what arrived, and 1",
            8,
            records,
            outer.Input.Size,
            input,
            input,
            _draft.Number(1L << (2 * outer.Input.Fraction)));
        Step deltas = _draft.Dot(_blocks, "squares of gradients", 8, records, outer.Delta.Size, delta, delta);
        int down = (2 * outer.Input.Fraction) + (2 * LayerProgram.DeltaFraction) - (2 * NormFraction);
        return _draft.Mac(
            _blocks,
            "squares of outer products",
            8,
            records,
            inputs.At(1),
            deltas.At(1),
            before?.At(1),
            t: down,
            s: down);
    }

    private Step Square(PlainGradient plain, Step? before)
    {
        Operand run = plain.Values.At(plain.Length);
        int up = (2 * NormFraction) - (2 * PlainGradient.Fraction);
        Step squares = _draft.Dot(_blocks, "squares of gradients", 8, [_numbers.Block], plain.Length, run, run);
        return _draft.Mac(
            _blocks, "squares of plain gradients", 8, [_numbers.Block], squares.At(1), _draft.Number(1 << up), before?.At(1));
    }

    private void AddUp(OuterGradient outer, Step rate, bool isRaw)
    {
        int block = _numbers.Block;
        int outputs = outer.Delta.Size;
        int inputs = outer.Input.Size;
        Step clipped = _draft.Mac(
            _blocks,
            "clipped gradients",
            2,
            [outputs, block],
            outer.Delta.By(1, outer.Delta.RecordStride),
            rate.At(0, 1),
            s: RateShift - NormFraction + LayerProgram.DeltaFraction - ClipFraction);
        Operand turned = isRaw
            ? _records.Turned(_blocks)
            : _draft.Copy(_blocks, "turned", 2, [inputs, block], outer.Input.By(1, outer.Input.RecordStride)).At(block, 1);
        StepReference weight = new();
        weight.Step = _sums[outer.Tensor] = _draft.Dot(
            _blocks,
            $"sums {outer.Tensor}",
            8,
            [outputs, inputs],
            block,
            clipped.At(block, 0),
            turned with { Strides = [0, block] },
            Sums(weight, inputs, 1));
        _sumFractions[outer.Tensor] = ClipFraction + outer.Input.Fraction;
        StepReference bias = new();
        bias.Step = _sums[outer.Tensor + 1] = _draft.Sum(
            _blocks, $"sums {outer.Tensor + 1}", 8, [outputs], block, clipped.At(block), Sums(bias, 1));
        _sumFractions[outer.Tensor + 1] = ClipFraction;
    }

    private void AddUp(PlainGradient plain, Step rate)
    {
        int block = _numbers.Block;
        Step clipped = _draft.Mac(
            _blocks,
            "clipped gradients",
            2,
            [plain.Length, block],
            plain.Values.At(1, plain.Length),
            rate.At(0, 1),
            s: RateShift - NormFraction + PlainGradient.Fraction - ClipFraction);
        StepReference sum = new();
        sum.Step = _sums[plain.Tensor] = _draft.Sum(
            _blocks, $"sums {plain.Tensor}", 8, [plain.Length], block, clipped.At(block), Sums(sum, 1));
        _sumFractions[plain.Tensor] = ClipFraction;
    }

    // What the blocks before added up.
    private static Operand Sums(StepReference made, params long[] strides) => new()
    {
        Made = made,
        Width = 8,
        Strides = strides,
        IsCarried = true,
    };

    private Operand Thresholds()
    {
        long share = Places(_numbers.Share, CoinBits);
        int references = _numbers.References;
        Operand table = _draft.Constants.Table("thresholds", 4, () => Enumerable.Range(0, references + 1)
            .Select(run => run < references ? share : 1L << CoinBits));
        return table with { Around = [(Runs, 1)] };
    }

    // The optimiser's step: g ← scale · sum + noise (+ λ·w), v ← μ·v + g, w ← w − η·v.
    private Step Move(int tensor, Operand before)
    {
        Extent[] all = [_numbers.Tensors[tensor]];
        Step gradient = Gradient(tensor, all);
        if (_numbers.Optimizer.WeightDecay > 0)
        {
            gradient = _draft.Mac(
                _steps,
                $"gradient with decay {tensor}",
                4,
                all,
                before,
                _draft.Number(Places(_numbers.Optimizer.WeightDecay, Unit - 8)),
                gradient.At(1),
                t: Unit - 8,
                s: Unit - 8);
        }

        Step direction = gradient;
        long momentum = Places(_numbers.Optimizer.Momentum, Unit);
        if (momentum > 0)
        {
            StepReference velocity = new();
            velocity.Step = direction = _draft.Mac(
                _steps,
                $"velocity {tensor}",
                4,
                all,
                Before(velocity, null),
                _draft.Number(momentum),
                gradient.At(1),
                t: Unit,
                s: Unit);
            if (_numbers.Optimizer.Nesterov)
            {
                direction = _draft.Mac(
                    _steps, $"look ahead {tensor}", 4, all, direction.At(1), _draft.Number(momentum), gradient.At(1), Unit, Unit);
            }
        }

        (long[] rates, int shift) = Rates();
        return _draft.Mac(
            _steps,
            $"weights {tensor}",
            4,
            all,
            direction.At(1),
            _draft.Constants.Table("learning rates", 4, () => rates.Select(rate => -rate)) with { Around = [(_steps, 1)] },
            before,
            shift,
            shift);
    }

    private Step Gradient(int tensor, Extent[] all)
    {
        int references = _numbers.References;
        Step noise = _draft.Of(StepKind.Noise, _steps, $"noise {tensor}", 2, all, _seed, _seed);
        (long unit, int noiseShift) = ScoringNumbers.Scaled(
            Math.ScaleB(_numbers.NoiseStep / NoiseDeviation, ScoringNumbers.TrainingFraction));
        Operand loudness = _draft.Constants.Table("noise scales", 4, () => Enumerable.Range(0, references + 1)
            .Select(run => run < references ? unit : 0)) with
        { Around = [(Runs, 1)] };
        Step scaled = _draft.Mac(_steps, $"noise of its size {tensor}", 4, all, noise.At(1), loudness, s: noiseShift);

        (long noisy, int shift) = ScoringNumbers.Scaled(_numbers.NoisyScale);
        long silent = Places(_numbers.SilentScale, shift);
        Operand scale = _draft.Constants.Table("scales", 4, () => Enumerable.Range(0, references + 1)
            .Select(run => run < references ? noisy : silent)) with
        { Around = [(Runs, 1)] };
        int down = shift + _sumFractions[tensor] - ScoringNumbers.TrainingFraction;
        return _draft.Mac(
            _steps,
            $"gradient {tensor}",
            4,
            all,
            _sums[tensor].At(1),
            scale,
            scaled.At(1),
            Math.Max(0, down),
            Math.Max(0, down));
    }

    private (long[] Rates, int Shift) Rates()
    {
        double[] rates = [.. Enumerable.Range(1, _numbers.Steps).Select(step => _numbers.Spec.Optimizer.RateAt(step, _numbers.Steps))];
        (_, int shift) = ScoringNumbers.Scaled(rates.Max());
        return ([.. rates.Select(rate => Places(rate, shift))], shift);
    }

    private Step Average(int tensor)
    {
        if (_numbers.Spec.Training.AverageDecay is not { } decay)
        {
            return _weights[tensor];
        }

        Extent[] all = [_numbers.Tensors[tensor]];
        StepReference average = new();
        Step old = _draft.Mac(
            _steps, $"average kept {tensor}", 8, all, Before(average, _starts[tensor]), _draft.Number(Places(decay, Unit)));
        average.Step = _draft.Mac(
            _steps,
            $"average {tensor}",
            4,
            all,
            _weights[tensor].At(1),
            _draft.Number((1L << Unit) - Places(decay, Unit)),
            old.At(1),
            s: Unit);
        return average.Step;
    }

    // The tensors end at leaves; here they follow each other without a gap.
    private Step Flat(Step[] final)
    {
        _draft.Constants.Require(_numbers.Parameters, 4);
        Step[] changes = new Step[final.Length];
        List<long> index = [];
        long at = 0;
        for (int tensor = 0; tensor < final.Length; tensor++)
        {
            int length = _numbers.Tensors[tensor];
            changes[tensor] = _draft.Mac(
                Runs, $"change {tensor}", 4, [length], _starts[tensor].At(1), _draft.Number(-1), final[tensor].At(1));
            for (int i = 0; i < length; i++)
            {
                index.Add(at + i);
            }

            at += changes[tensor].Bytes.Constant / 4;
        }

        return _draft.Gather(
            Runs,
            "change",
            4,
            [_numbers.Parameters],
            _draft.Constants.Table("places of weights", 4, () => index) with { Strides = [1] },
            changes[0].At(),
            (int)at);
    }

    private static long Places(double value, int fraction) =>
        ScoringNumbers.Whole(Math.ScaleB(value, fraction) + 0.5);
}
