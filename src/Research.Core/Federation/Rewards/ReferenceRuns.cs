using System.Buffers.Binary;
using System.Globalization;
using Research.Federation.Aggregation;
using Research.Privacy.Mechanisms;
using Research.Training;
using Research.Training.Data;

namespace Research.Federation.Rewards;

/// <summary>What an owner with the quota of records would have sent, had the evaluation records been its own.</summary>
/// <remarks>
/// The sponsor's public records stand for an owner's: without noise they say where the model should go, with noise how
/// far an honest update comes. Seeds follow from the specification and the round alone, so nobody who takes part can
/// steer them, and everybody gets the same bits.
/// </remarks>
internal sealed class ReferenceRuns
{
    private readonly GlobalModel _start;
    private readonly Dataset _records;
    private readonly ModelSpec _spec;
    private readonly int _round;
    private readonly double _share;

    /// <param name="start">The model that the round started from.</param>
    /// <param name="round">The round, from 0.</param>
    /// <param name="records">The round's evaluation records.</param>
    public ReferenceRuns(GlobalModel start, int round, Dataset records)
    {
        PrivacySection privacy = start.Spec.Privacy!;
        _start = start;
        _records = records;
        _round = round;
        // Of the evaluation records as many take part in a step as of an owner's.
        _share = Math.Min(1, privacy.SampleRate * start.Spec.Task!.Reward.Records / records.Count);
        _spec = start.Spec with { Task = null, Privacy = privacy with { SampleRate = _share } };
    }

    /// <summary>Trains on all records at once and without noise.</summary>
    /// <returns>The change of each weight, [P] in units.</returns>
    public int[] Silent(CancellationToken cancellationToken) =>
        Run((spec, random, weights) => new WholeRelease(spec, random, weights, Scale(1)), "silent", cancellationToken);

    /// <summary>Trains as owners do, on Poisson batches and with noise.</summary>
    /// <param name="count">How many runs.</param>
    /// <param name="threads">How many runs go on at once; each is by itself, so it never changes a bit.</param>
    /// <param name="progress">Hears of the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>The change of each weight, [P] in units, a run each.</returns>
    public IReadOnlyList<int[]> Noisy(
        int count, int threads, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        int[][] deltas = new int[count][];
        int done = 0;
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, deltas.Length, options, i =>
        {
            deltas[i] = Noisy(i, cancellationToken);
            lock (deltas)
            {
                progress?.Report(++done / (double)deltas.Length);
            }
        });
        return deltas;
    }

    private int[] Noisy(int number, CancellationToken cancellationToken) => Run(
        (spec, random, weights) => new NoisyRelease(spec, random, weights, Scale(_share)),
        string.Create(CultureInfo.InvariantCulture, $"{number}"),
        cancellationToken);

    // An owner's sum has SampleRate · Records terms on average and is divided by the batch size.
    private float Scale(double taking)
    {
        double expected = _start.Spec.Privacy!.SampleRate * _start.Spec.Task!.Reward.Records;
        return (float)(expected / (taking * _records.Count) / _spec.Training.BatchSize);
    }

    private int[] Run(
        Func<ModelSpec, RandomSource, int, GradientRelease> release, string name, CancellationToken cancellationToken)
    {
        TrainingRun run = Trainer.Train(
            _spec,
            _records,
            new TrainerOptions
            {
                Initial = _start.ToCheckpoint(),
                Random = new InsecureSeededRandom(
                    BinaryPrimitives.ReadUInt64LittleEndian(_start.Spec.Hash.ToArray()),
                    string.Create(CultureInfo.InvariantCulture, $"reference of round {_round}: {name}")),
                Release = release,
            },
            cancellationToken);
        int[] delta = new int[_start.Weights.Length];
        ReadOnlySpan<float> final = run.Final.Values;
        for (int i = 0; i < delta.Length; i++)
        {
            delta[i] = FixedPoint.Quantise(final[i]) - _start.Weights[i];
        }

        return delta;
    }

    private sealed class NoisyRelease(ModelSpec spec, RandomSource random, int weights, float scale)
        : GradientRelease(spec, random, weights)
    {
        public override float Scale(int joined) => scale;

        // The scale makes up for fewer evaluation records than an owner's batch has; noise is none of theirs.
        public override void AddNoise(ReadOnlySpan<long> sums, Span<float> noisy, int offset)
        {
            base.AddNoise(sums, noisy, offset);
            float ratio = 1f / (Spec.Training.BatchSize * scale);
            double step = Sum.Grid.NoiseStep * Sum.Grid.NoiseSteps;
            for (int i = 0; i < sums.Length && ratio < 1; i++)
            {
                float sum = (float)(sums[i] * step);
                noisy[i] = sum + ((noisy[i] - sum) * ratio);
            }
        }
    }

    private sealed class WholeRelease(ModelSpec spec, RandomSource random, int weights, float scale)
        : SilentRelease(spec, random, weights)
    {
        public override void Sample(int count, List<int> chosen)
        {
            chosen.Clear();
            chosen.AddRange(Enumerable.Range(0, count));
        }

        public override float Scale(int joined) => scale;
    }
}
