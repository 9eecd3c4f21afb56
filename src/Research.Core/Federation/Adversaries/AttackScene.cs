using System.Buffers.Binary;
using System.Numerics;
using Research.Federation.Aggregation;
using Research.Federation.Evaluation;
using Research.Federation.Rewards;
using Research.Federation.Scoring;
using Research.Privacy.Mechanisms;
using Research.Training;
using Research.Training.Aggregation;
using Research.Training.Data;

namespace Research.Federation.Adversaries;

/// <summary>The second round of a task as an attacker finds it: one round is past, its records are open, and the sample of
/// this.</summary>
/// <remarks>
/// Everything that an attacker could know is here, and more: other owners' updates of this round leak before they are
/// committed. For tryouts on data that are public; nothing here is private.
/// </remarks>
public sealed class AttackScene
{
    private readonly ulong _seed;
    private readonly ScoringRecords _scoring;
    private readonly Lazy<RoundScore> _honest;

    private AttackScene(
        ModelSpec spec, IReadOnlyList<Dataset> shards, IReadOnlyList<EvaluationRecords> rounds, ulong seed)
    {
        _seed = seed;
        _scoring = rounds[1].Scoring(Choice(rounds[1], 1, seed));
        Fresh = _scoring.ToDataset();
        Opened = Joined(rounds[0].Records, rounds[1].Sample(Choice(rounds[1], 1, seed)).Records);
        Spec = spec;
        Shards = shards;
        GlobalModel first = GlobalModel.Initial(spec);
        Past = [.. shards.Select((shard, owner) => Train(first, shard, $"round 0, owner {owner}"))];
        RoundScore scored = RoundScorer.Score([first], Submissions(first, 0, Past), rounds[0].Scoring(Choice(rounds[0], 0, seed)));
        scored.Trace.Dispose();
        Models = [first, scored.NextModel];
        Honest = [.. shards.Select((shard, owner) => Train(shard, $"owner {owner}"))];
        _honest = new Lazy<RoundScore>(() =>
        {
            RoundScore score = Score(Honest);
            score.Trace.Dispose();
            return score;
        });
    }

    /// <summary>Gets the specification.</summary>
    public ModelSpec Spec { get; }

    /// <summary>Gets each owner's records; the last owner is the attacker, where it has some.</summary>
    public IReadOnlyList<Dataset> Shards { get; }

    /// <summary>Gets the models that the two rounds start from.</summary>
    public IReadOnlyList<GlobalModel> Models { get; }

    /// <summary>Gets the owners' updates of the round before, [P] each in units.</summary>
    public IReadOnlyList<int[]> Past { get; }

    /// <summary>Gets what the owners send in this round when they are honest, [P] each in units.</summary>
    public IReadOnlyList<int[]> Honest { get; }

    /// <summary>Gets the points that the owners earn in this round when they are all honest.</summary>
    internal IEnumerable<double> HonestPoints => _honest.Value.Participants.Select(one => (double)one.Points);

    /// <summary>Gets the records that everybody has by now: all of the round before, and the sample of this.</summary>
    public Dataset Opened { get; }

    /// <summary>Gets the records that this round is scored on, which no attacker has: for whoever judges the score.</summary>
    internal Dataset Fresh { get; }

    /// <summary>Gets the records of the attacker.</summary>
    public Dataset Own => Shards[^1];

    /// <summary>Plays the first round honestly.</summary>
    /// <param name="spec">A task of two rounds or more.</param>
    /// <param name="shards">Each owner's records.</param>
    /// <param name="rounds">The evaluation records that the specification commits to, of each round.</param>
    /// <param name="seed">Decides all noise and batches.</param>
    public static AttackScene Play(
        ModelSpec spec, IReadOnlyList<Dataset> shards, IReadOnlyList<EvaluationRecords> rounds, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(shards);
        ArgumentNullException.ThrowIfNull(rounds);
        ArgumentOutOfRangeException.ThrowIfLessThan(shards.Count, 2, nameof(shards));
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds.Count, 2, nameof(rounds));
        return new AttackScene(spec, shards, rounds, seed);
    }

    /// <summary>Trains from this round's model by the specification.</summary>
    /// <param name="records">The records.</param>
    /// <param name="stream">Names the randomness.</param>
    /// <param name="noise">The noise over what the specification asks for; 1 is honest, 0 is none.</param>
    /// <returns>The change of each weight, [P] in units.</returns>
    public int[] Train(Dataset records, string stream, double noise = 1) => Train(Models[^1], records, stream, noise);

    /// <summary>Draws noise as strong as an honest update's, times a factor.</summary>
    public int[] Noise(string stream, double factor = 1)
    {
        double deviation = factor * Math.Sqrt(NoiseFloor.VarianceOf(Spec));
        InsecureSeededRandom random = new(_seed, $"noise: {stream}");
        return [.. Enumerable.Range(0, Models[0].Weights.Length).Select(_ => (int)Math.Round(
            deviation * Math.Sqrt(-2 * Math.Log(1 - Uniform(random))) * Math.Cos(Math.Tau * Uniform(random))))];
    }

    /// <summary>Scores this round.</summary>
    /// <param name="deltas">What the accounts send, earliest commitment first.</param>
    public RoundScore Score(IReadOnlyList<int[]> deltas)
    {
        ArgumentNullException.ThrowIfNull(deltas);
        return RoundScorer.Score(Models, Submissions(Models[^1], 1, deltas), _scoring);
    }

    /// <summary>Starts an aggregation rule for this round, whatever the specification names.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="accounts">How many accounts send an update.</param>
    public Aggregate Start(AggregationRule rule, int accounts) => Aggregate.Of(
        rule,
        new AggregationRound(Models[^1], 1, accounts, new BigInteger(_honest.Value.MostLength * _honest.Value.MostLength)));

    /// <summary>Scores this round, of updates that lie somewhere.</summary>
    internal RoundScore Score(IReadOnlyList<Submission> submissions) =>
        RoundScorer.Score(Models, submissions, _scoring, Environment.ProcessorCount);

    private static RecordChoice Choice(EvaluationRecords records, int round, ulong seed)
    {
        byte[] block = new byte[32];
        BinaryPrimitives.WriteUInt64BigEndian(block, seed);
        return RecordChoice.Of(block, 1, round, records.Examples);
    }

    private static Dataset Joined(Dataset first, Dataset second) => new(
        (float[])[.. first.Inputs.Span, .. second.Inputs.Span],
        (int[])[.. first.Labels.Span, .. second.Labels.Span],
        first.Shape,
        first.Classes);

    private static double Uniform(RandomSource random)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        random.Fill(bytes);
        return (BinaryPrimitives.ReadUInt64LittleEndian(bytes) >> 11) / (double)(1UL << 53);
    }

    private static Submission[] Submissions(GlobalModel start, int round, IReadOnlyList<int[]> deltas) =>
        [.. deltas.Select((delta, i) => new Submission(i, ModelUpdate.Forge(start, round, delta)))];

    private int[] Train(GlobalModel start, Dataset records, string stream, double noise = 1)
    {
        ModelSpec spec = noise is 1 or 0
            ? start.Spec
            : start.Spec with
            {
                Privacy = start.Spec.Privacy! with { NoiseMultiplier = start.Spec.Privacy!.NoiseMultiplier * noise },
            };
        TrainingRun run = Trainer.Train(spec with { Task = null }, records, new TrainerOptions
        {
            Initial = start.ToCheckpoint(),
            Random = new InsecureSeededRandom(_seed, stream),
            Release = noise == 0 ? (one, random, weights) => new SilentRelease(one, random, weights) : null,
        });
        int[] delta = new int[start.Weights.Length];
        ReadOnlySpan<float> final = run.Final.Values;
        for (int i = 0; i < delta.Length; i++)
        {
            delta[i] = FixedPoint.Quantise(final[i]) - start.Weights[i];
        }

        return delta;
    }
}
