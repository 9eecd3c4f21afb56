using System.Globalization;
using Research.Federation.Rewards;
using Research.Training;
using Research.Training.Optimizers;

namespace Research.Federation.Program;

/// <summary>The numbers of a program that follow from the specification and the round.</summary>
/// <remarks>
/// In double precision, by the operations of IEEE 754 in the order that <c>contracts/SCORING.md</c> gives; what a
/// program reads of them are whole numbers.
/// </remarks>
internal sealed class ScoringNumbers
{
    /// <summary>The most records of a block, which are worked on together.</summary>
    public const int MostRecords = 64;

    /// <summary>Binary places of weights while a reference run trains.</summary>
    public const int TrainingFraction = 20;

    /// <summary>Binary places of weights and updates.</summary>
    public const int UpdateFraction = 16;

    /// <summary>Binary places of lengths and signals beside those of an update's numbers.</summary>
    public const int SignalFraction = 8;

    private const double CapAbove = 0.5;
    private const double Free = 1.5;
    private const double OwnNoise = 0.9;

    /// <param name="spec">The specification, which can be paid.</param>
    /// <param name="round">The round, from 0.</param>
    public ScoringNumbers(ModelSpec spec, int round)
    {
        Spec = spec;
        Round = round;
        Tensors = [.. spec.GetParameters().Select(one => one.Length)];
        Parameters = Tensors.Sum();
        InputShape = spec.Model.Features?.OutputShape(spec.Model.Input) ?? spec.Model.Input;
        Inputs = Training.Specification.Shapes.Size(InputShape);
        Classes = spec.Bind()[^1].Operator.OutputSize;
        PrivacySection privacy = spec.Privacy!;
        Deviation = Math.Sqrt(NoiseFloor.VarianceOf(spec));
        UpdateShift = 9 - Exponent(Deviation);
        LengthShift = 9;
        while (Math.ScaleB(1, 2 * LengthShift) < Math.ScaleB(Parameters, 18))
        {
            LengthShift++;
        }

        double expected = privacy.SampleRate * spec.Task!.Reward.Records;
        Share = Math.Min(1, expected / Records);
        double step = privacy.ClipNorm * expected / spec.Training.BatchSize;
        NoisyScale = step / (Share * Records);
        SilentScale = step / Records;
        NoiseStep = privacy.NoiseMultiplier * privacy.ClipNorm / spec.Training.BatchSize;
    }

    /// <summary>Gets how a run descends.</summary>
    public Sgd Optimizer => (Sgd)Spec.Optimizer;

    /// <summary>Gets the specification.</summary>
    public ModelSpec Spec { get; }

    /// <summary>Gets the round, from 0.</summary>
    public int Round { get; }

    /// <summary>Gets the binary places of the evaluation records.</summary>
    public int Fraction => Spec.Task!.Evaluation.Fraction;

    /// <summary>Gets the lengths of the parameter tensors.</summary>
    public IReadOnlyList<int> Tensors { get; }

    /// <summary>Gets P.</summary>
    public int Parameters { get; }

    /// <summary>Gets D, the numbers of a record without its label.</summary>
    public int Inputs { get; }

    /// <summary>Gets the shape of a record.</summary>
    public IReadOnlyList<int> InputShape { get; }

    /// <summary>Gets the classes.</summary>
    public int Classes { get; }

    /// <summary>Gets R, the records that score.</summary>
    public int Records => Spec.Task!.Evaluation.Examples;

    /// <summary>Gets how many blocks the records fall into.</summary>
    public int Blocks => (Records + MostRecords - 1) / MostRecords;

    /// <summary>Gets B, the records of a block; the last may have fewer.</summary>
    public int Block => (Records + Blocks - 1) / Blocks;

    /// <summary>Gets the bytes of a record.</summary>
    public int RecordBytes => ((2 * (Inputs + 1)) + Step.Leaf - 1) / Step.Leaf * Step.Leaf;

    /// <summary>Gets T.</summary>
    public int Steps => Spec.Training.Steps;

    /// <summary>Gets K, the noisy reference runs.</summary>
    public int References => Spec.Task!.Reward.References;

    /// <summary>Gets the share of the records that take part in a noisy run's step.</summary>
    public double Share { get; }

    /// <summary>Gets what a clipped sum is multiplied by, in clip norms, in a noisy run.</summary>
    public double NoisyScale { get; }

    /// <summary>Gets the same in the silent run.</summary>
    public double SilentScale { get; }

    /// <summary>Gets the noise of a step, a standard deviation.</summary>
    public double NoiseStep { get; }

    /// <summary>Gets the noise of an honest update's coordinate, a standard deviation in units of 2⁻¹⁶.</summary>
    public double Deviation { get; }

    /// <summary>Gets e: an update's numbers times 2ᵉ have noise of 512 to 1,024.</summary>
    public int UpdateShift { get; }

    /// <summary>Gets the noise of those numbers.</summary>
    public double ScaledDeviation => Math.ScaleB(Deviation, UpdateShift);

    /// <summary>Gets k: directions are brought to a length of 2ᵏ, 512 to 1,024 for each coordinate.</summary>
    public int LengthShift { get; }

    /// <summary>Gets how many directions are left beside the round's and those of the rounds before.</summary>
    public int Degrees => Parameters - 1 - Round;

    /// <summary>Gets the signal up to which nothing is earned.</summary>
    public long Unpaid => Whole(Free * ScaledDeviation * (1 << SignalFraction));

    /// <summary>Gets how far above the mean of the reference runs the cap lies.</summary>
    public long AboveMean => Whole(CapAbove * ScaledDeviation * (1 << SignalFraction));

    /// <summary>Gets the least energy beside the directions that an honest update has.</summary>
    public long LeastEnergy => Whole(
        Spec.Task!.Reward.NoiseFloor * ScaledDeviation * ScaledDeviation * NoiseFloor.LeastEnergy(Degrees));

    /// <summary>Gets the energy that the noise must have, at which a signal is compared with it at least.</summary>
    public long ExpectedEnergy => Whole(ScaledDeviation * ScaledDeviation * Degrees);

    /// <summary>Gets the least energy that earlier updates leave of an honest one.</summary>
    public long LeastOwnEnergy => Whole(
        OwnNoise * ScaledDeviation * ScaledDeviation * NoiseFloor.LeastEnergy(Degrees));

    /// <summary>Gets the significance in thousandths.</summary>
    public long Significance => Whole((Spec.Task!.Reward.Significance * 1000) + 0.5);

    /// <summary>The squared cosine, in units of 2⁻³⁰, from which two updates share something for certain: 0.9.</summary>
    public const long MostAlike = 966_367_641;

    /// <summary>Gets the squared cosine, in units of 2⁻³⁰, below which two updates never count as sharing something.</summary>
    /// <remarks>
    /// 1/32, or 40 over the degrees where these are few: that of independent noise exceeds x with a chance below
    /// 2·e^(−x·degrees/2).
    /// </remarks>
    public long LeastAlike => 1L << Math.Min(29, 30 - Math.Min(5, Exponent(Math.Max(1, Degrees / 40.0))));

    /// <summary>Gets a whole number and a binary exponent for a factor: factor = number · 2^−exponent, of 30 bits.</summary>
    public static (long Number, int Exponent) Scaled(double factor)
    {
        if (!(factor > 0))
        {
            return (0, 0);
        }

        int exponent = Math.Clamp(29 - Exponent(factor), 0, 60);
        return (Whole(Math.ScaleB(factor, exponent) + 0.5), exponent);
    }

    /// <summary>Gets ⌊log₂ x⌋.</summary>
    public static int Exponent(double x) => Math.ILogB(x);

    /// <summary>Rounds down to a whole number.</summary>
    public static long Whole(double x) => x < 9e18
        ? (long)Math.Floor(x)
        : throw new SpecException("$", "numbers of a program below 2^63", x.ToString("G4", CultureInfo.InvariantCulture));

}
