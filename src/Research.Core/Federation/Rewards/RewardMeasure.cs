using System.Numerics;
using Research.Federation.Aggregation;
using Research.Training;
using Research.Training.Data;

namespace Research.Federation.Rewards;

/// <summary>What a round's fresh records say an update is worth: a direction, a cap and a floor of noise.</summary>
/// <remarks>
/// An update's signal is its scalar product with the direction r in which the records themselves would move the model
/// without noise. It is linear, so an owner gains nothing by splitting disjoint records, nothing in expectation by
/// leaving the noise out, and everyone's signal is everyone's own. It grows with scaling and overtraining, therefore it
/// is paid up to the signal of an owner with the quota of records and no more, as noisy reference runs measure it, and a
/// longer update than theirs is shortened first: an honest one is mostly noise, so who multiplies it, or a half of it, is
/// back where it was, and a copy stays as alike as it was.
/// What earlier rounds moved is taken out of r: sending that once more is worth nothing.
/// </remarks>
internal sealed class RewardMeasure
{
    /// <summary>Points of an update whose signal reaches the cap.</summary>
    public const int FullPoints = 1_000_000;

    // How far above the reference runs' mean the cap lies, in deviations of an honest signal. At the mean itself half of
    // an honest owner's luck is cut off, and splitting pays (by 0.4/z); a whole deviation above, scaling pays (1.1/z).
    private const double CapAbove = 0.5;

    // What noise reaches every day earns nothing, so that an account more costs something: a smaller step lies where the
    // loss is steeper, and two halves have more signal than the whole (by up to a tenth on the plans that were tried).
    private const double Free = 1.5;

    // Of two updates that are more alike than this one has the other's noise, whatever floor a specification sets.
    private const double OwnNoise = 0.9;

    private readonly int[] _direction;
    private readonly BigInteger _directionSquared;
    private readonly int[][] _past;
    private readonly double _variance;
    private readonly RewardSection _rule;

    private RewardMeasure(GlobalModel start, int[] direction, int[][] past, BigInteger mean)
    {
        _rule = start.Spec.Task!.Reward;
        _direction = direction;
        _directionSquared = WideVectors.Dot(direction, direction);
        _past = past;
        _variance = NoiseFloor.VarianceOf(start.Spec);
        double deviation = Math.Sqrt(_variance * (double)_directionSquared);
        LeastSignal = new BigInteger(_rule.Significance * deviation);
        ExpectedZ = deviation > 0 ? (double)mean / deviation : 0;
        Unpaid = new BigInteger(Free * deviation);
        Cap = mean + new BigInteger(CapAbove * deviation);
        if (mean <= Unpaid)
        {
            Cap = BigInteger.Zero;
        }

        Degrees = direction.Length - 1 - past.Length;
        LeastEnergy = new BigInteger(_rule.NoiseFloor * _variance * NoiseFloor.LeastEnergy(Degrees));
    }

    /// <summary>Gets the direction, [P] in units.</summary>
    public ReadOnlySpan<int> Direction => _direction;

    /// <summary>Gets the signal that earns <see cref="FullPoints"/>; zero where the records cannot tell.</summary>
    public BigInteger Cap { get; }

    /// <summary>Gets what the reference runs would have sent, [P] each in units.</summary>
    public required IReadOnlyList<int[]> References { get; init; }

    /// <summary>Gets the squared length that an update counts with at most, in pay and in the model: the longest reference
    /// run's.</summary>
    public BigInteger MostSquared => References.Max(run => (BigInteger)WideVectors.Dot(run, run));

    /// <summary>Gets how many directions are left beside r and the past steps.</summary>
    public int Degrees { get; }

    /// <summary>Gets the least squared length that an honest update has beside r and the past steps.</summary>
    public BigInteger LeastEnergy { get; }

    /// <summary>Gets the signal up to which nothing is earned.</summary>
    public BigInteger Unpaid { get; }

    /// <summary>Gets the least signal that is more than the noise that must be there.</summary>
    public BigInteger LeastSignal { get; }

    /// <summary>Gets the reference runs' mean signal over the noise of one: an honest owner's z on average.</summary>
    public double ExpectedZ { get; }

    /// <summary>Makes the measure of a round.</summary>
    /// <param name="models">The models that rounds started from, the first to this round's.</param>
    /// <param name="records">The round's evaluation records.</param>
    /// <param name="threads">Threads; they never change a bit.</param>
    /// <param name="progress">Hears of the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    public static RewardMeasure Of(
        IReadOnlyList<GlobalModel> models,
        Dataset records,
        int threads,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        GlobalModel start = models[^1];
        ReferenceRuns runs = new(start, models.Count - 1, records);
        return Along(
            runs.Silent(cancellationToken),
            models,
            runs.Noisy(start.Spec.Task!.Reward.References, threads, progress, cancellationToken));
    }

    /// <summary>Makes the measure of a round along some direction.</summary>
    /// <param name="direction">The direction, [P] in units; what past rounds moved is taken out of it in place.</param>
    /// <param name="models">The models that rounds started from, the first to this round's.</param>
    /// <param name="references">What the reference runs would have sent, [P] each in units.</param>
    public static RewardMeasure Along(
        int[] direction, IReadOnlyList<GlobalModel> models, IReadOnlyList<int[]> references)
    {
        int[][] past = PastSteps(models);
        Without(past, direction);
        BigInteger sum = BigInteger.Zero;
        foreach (int[] run in references)
        {
            sum += WideVectors.Dot(run, direction);
        }

        return new RewardMeasure(models[^1], direction, past, BigInteger.Divide(sum, references.Count))
        {
            References = references,
        };
    }

    /// <summary>Measures an update by itself.</summary>
    /// <param name="delta">The change of each weight, [P] in units.</param>
    public UpdateMeasure Measure(ReadOnlySpan<int> delta)
    {
        BigInteger squared = WideVectors.Dot(delta, delta);
        BigInteger signal = WideVectors.Dot(delta, _direction);
        BigInteger beside = squared - SquareAlong(signal, _directionSquared);
        foreach (int[] step in _past)
        {
            beside -= SquareAlong(WideVectors.Dot(delta, step), WideVectors.Dot(step, step));
        }

        // A t-test of the update on r, whose variance is never taken to be less than the noise that must be there:
        // signal² · degrees ≥ θ² · |r|² · energy, with θ in thousandths.
        BigInteger energy = BigInteger.Max(beside, new BigInteger(_variance * Degrees));
        BigInteger thousandths = (BigInteger)Math.Round(_rule.Significance * 1000);
        bool isSignificant = signal.Sign > 0
            && signal * signal * Degrees * 1_000_000 >= thousandths * thousandths * _directionSquared * energy;
        double z = energy.IsZero || _directionSquared.IsZero
            ? 0
            : (double)signal / Math.Sqrt((double)_directionSquared * (double)energy / Degrees);
        return new UpdateMeasure(signal, squared, beside, z, isSignificant, beside >= LeastEnergy);
    }

    /// <summary>Gets the least squared length of what earlier updates leave of an honest one: its own noise's, or
    /// nearly.</summary>
    /// <remarks>
    /// Its noise is short with a chance of <see cref="NoiseFloor.FalseAlarm"/>, and lies as much among the chosen ones
    /// with another.
    /// </remarks>
    /// <param name="sources">How many earlier updates, 1 or more.</param>
    /// <param name="among">Out of how many they were chosen, as alike as can be.</param>
    public BigInteger LeastApartFrom(int sources, int among) => new(Math.Max(0, OwnNoise * _variance * (
        NoiseFloor.LeastEnergy(_direction.Length) - NoiseFloor.MostEnergy(sources, among))));

    /// <summary>Gets the points of a signal.</summary>
    public BigInteger PointsOf(BigInteger signal) => Cap.IsZero || signal <= Unpaid
        ? BigInteger.Zero
        : (BigInteger.Min(signal, Cap) - Unpaid) * FullPoints / (Cap - Unpaid);

    private static void Without(int[][] past, int[] direction)
    {
        foreach (int[] step in past)
        {
            WideVectors.Reject(direction, step);
        }
    }

    private static BigInteger SquareAlong(BigInteger dot, BigInteger squared) =>
        squared.IsZero ? BigInteger.Zero : dot * dot / squared;

    private static int[][] PastSteps(IReadOnlyList<GlobalModel> models)
    {
        List<int[]> steps = [];
        for (int round = 1; round < models.Count; round++)
        {
            int[] step = new int[models[round].Weights.Length];
            for (int i = 0; i < step.Length; i++)
            {
                step[i] = models[round].Weights[i] - models[round - 1].Weights[i];
            }

            foreach (int[] earlier in steps)
            {
                WideVectors.Reject(step, earlier);
            }

            if (step.AsSpan().ContainsAnyExcept(0))
            {
                steps.Add(step);
            }
        }

        return [.. steps];
    }
}
