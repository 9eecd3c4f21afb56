using Research.Training;
using Research.Training.Losses;

namespace Research.Federation.Program.Layers;

/// <summary>Softmax and cross-entropy of a block's scores: probabilities, losses, what is right, and the gradient.</summary>
/// <remarks>
/// Exponentials of the differences from the largest score come from a table of 2⁻¹⁰ steps down to −16, probabilities
/// have 15 binary places, and a loss is the table's −ln of its label's probability, of 2⁻¹⁶ at least.
/// </remarks>
internal sealed class LossProgram
{
    private const int Steps = 16 << LayerProgram.ValueFraction;
    private const int One = short.MaxValue;
    private const int LossFraction = 16;

    private readonly LayerBlock _pass;
    private readonly Step _largest;
    private readonly Step _probabilities;
    private readonly int _classes;

    /// <param name="pass">The block.</param>
    /// <param name="scores">The last layer's outputs.</param>
    public LossProgram(LayerBlock pass, Signal scores)
    {
        _pass = pass;
        _classes = scores.Size;
        Draft draft = pass.Draft;
        Operand rows = scores.By(scores.RecordStride);
        Extent[] all = [pass.Records, _classes];
        _largest = draft.Of(StepKind.Largest, pass.At, "predicted", 2, [pass.Records], rows, length: _classes);
        Step top = draft.Gather(pass.At, "largest score", 2, [pass.Records], _largest.Each(), rows, _classes);
        int down = Math.Max(0, scores.Fraction - LayerProgram.ValueFraction);
        int up = Math.Max(0, LayerProgram.ValueFraction - scores.Fraction);
        Step below = draft.Mac(
            pass.At,
            "scores below it",
            2,
            all,
            top.At(1, 0),
            draft.Number(-(1L << up)),
            scores.By(scores.RecordStride, 1),
            t: up,
            s: down);
        Step powers = draft.Of(
            StepKind.Table,
            pass.At,
            "exponentials",
            2,
            all,
            below.Each(),
            draft.Constants.Table("exp", 2, Exponentials),
            draft.Number(Steps),
            Steps + 1);
        Step sum = draft.Sum(pass.At, "sums of exponentials", 4, [pass.Records], _classes, powers.At(_classes));
        _probabilities = draft.Ratio(
            pass.At, "probabilities", 2, all, powers.Each(), sum.At(1, 0), t: 15);
    }

    /// <summary>Checks that a specification's loss is this one.</summary>
    /// <exception cref="SpecException">It is another.</exception>
    public static void Require(Loss loss)
    {
        if (loss is not CrossEntropy { LabelSmoothing: 0 })
        {
            throw new SpecException(
                "$.loss", "\"crossEntropy\" without label smoothing in a task, whose scoring has a program", loss.Type);
        }
    }

    /// <summary>Adds the gradient by the scores, p − y.</summary>
    /// <param name="labels">[B].</param>
    public Signal Gradient(Operand labels)
    {
        Draft draft = _pass.Draft;
        Extent[] all = [_pass.Records, _classes];
        Operand classes = draft.Constants.Table(
            $"0 to {_classes - 1}", 2, () => Enumerable.Range(0, _classes).Select(i => (long)i));
        Step targets = draft.Of(
            StepKind.Match,
            _pass.At,
            "targets",
            2,
            all,
            labels with { Strides = [labels.StrideOf(0), 0] },
            classes with { Strides = [0, 1] },
            draft.Number(One));
        Step delta = draft.Mac(
            _pass.At,
            "gradients by the scores",
            2,
            all,
            targets.Each(),
            draft.Number(-1),
            _probabilities.Each(),
            s: 15 - LayerProgram.DeltaFraction);
        return new Signal(delta.Each(), [_classes], LayerProgram.DeltaFraction);
    }

    /// <summary>Adds each record's loss, in units of 2⁻¹⁶ nats, [B].</summary>
    public Step Losses(Operand labels)
    {
        Draft draft = _pass.Draft;
        Step own = draft.Gather(
            _pass.At, "label's probability", 2, [_pass.Records], labels, _probabilities.At(_classes), _classes);
        return draft.Of(
            StepKind.Table,
            _pass.At,
            "loss",
            4,
            [_pass.Records],
            own.Each(),
            draft.Constants.Table("loss", 4, Logarithms),
            draft.Number(0),
            One + 1);
    }

    /// <summary>Adds whether each record's largest score is its label's, 1 or 0, [B].</summary>
    public Step Right(Operand labels) => _pass.Draft.Of(
        StepKind.Match, _pass.At, "right", 2, [_pass.Records], _largest.Each(), labels, _pass.Draft.Number(1));

    // Of (i − 16·2¹⁰)·2⁻¹⁰, i from 0 on.
    private static IEnumerable<long> Exponentials()
    {
        for (int i = -Steps; i <= 0; i++)
        {
            yield return (long)Math.Floor((Functions.Exp(i / (double)(1 << LayerProgram.ValueFraction)) * One) + 0.5);
        }
    }

    private static IEnumerable<long> Logarithms()
    {
        for (int i = 0; i <= One; i++)
        {
            double p = i == 0 ? Math.ScaleB(1, -16) : Math.ScaleB(i, -15);
            yield return (long)Math.Floor((-Tensors.DoubleLog.Of(p) * (1 << LossFraction)) + 0.5);
        }
    }
}
