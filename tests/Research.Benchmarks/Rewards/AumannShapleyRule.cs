using Research.Federation;
using Research.Federation.Adversaries;
using Research.Federation.Aggregation;
using Research.Federation.Rewards;
using Research.Federation.Scoring;
using Research.Training;
using Research.Training.Aggregation;
using Research.Training.Data;
using Research.Training.Optimizers;

namespace Research.Benchmarks.Rewards;

/// <summary>AS: the rule that was not built. The direction is the loss's own, on the way to everybody's mean.</summary>
/// <remarks>
/// Aumann and Shapley 1974, "Values of Non-Atomic Games": a small contribution u to the whole is worth ∫⟨u, −∇L⟩ along
/// the diagonal from nothing to all. The integral by the midpoints of three parts. Cap, thresholds, noise floor, past
/// steps and payments are those of REF, so that only the direction differs. Unlike REF's it depends on what is sent:
/// each update counts in the mean with at most the length that it counts with in the next model.
/// </remarks>
internal static class AumannShapleyRule
{
    private const int Parts = 3;
    private const double Largest = 1 << 20; // Of the direction's components in units; its length changes no points.

    public static RuledRound Pay(AttackScene scene, IReadOnlyList<int[]> deltas)
    {
        GlobalModel start = scene.Models[^1];
        RewardMeasure reference = RewardMeasure.Of(scene.Models, scene.Fresh, 1, null, CancellationToken.None);
        Submission[] sent = [.. deltas.Select((delta, i) => new Submission(i, ModelUpdate.Forge(start, 1, delta)))];
        GlobalModel mean = Next(start, reference, sent.Length, deltas.Select((delta, i) => (i, delta)));
        RewardMeasure measure = RewardMeasure.Along(
            Direction(start, mean, scene.Fresh), scene.Models, reference.References);
        IReadOnlyList<Paid> paid = Payments.Of(measure, sent, 1, null, CancellationToken.None);
        GlobalModel next = Next(start, measure, sent.Length, paid
            .Where(one => one.Score.Points.Sign > 0)
            .Select(one => (one.Score.Index, one.OpenCounted())));
        Network network = Network.Create(next.Spec);
        network.Load(next.ToCheckpoint());
        return new RuledRound(
            [.. paid.Select(one => one.Score)], measure.ExpectedZ, network.Evaluate(scene.Fresh).Accuracy);
    }

    private static GlobalModel Next(
        GlobalModel start, RewardMeasure measure, int count, IEnumerable<(int Index, int[] Delta)> updates)
    {
        Aggregate aggregate = Aggregate.Of(
            new BoundedMean(), new AggregationRound(start, 1, [.. Enumerable.Range(0, count)], measure.MostSquared));
        foreach ((int index, int[] delta) in updates)
        {
            aggregate.Add(index, delta);
        }

        return start.Moved(aggregate.Finish());
    }

    private static int[] Direction(GlobalModel start, GlobalModel mean, Dataset records)
    {
        double[] sum = new double[start.Weights.Length];
        for (int part = 0; part < Parts; part++)
        {
            AddDescent(start, mean, (part + 0.5) / Parts, records, sum);
        }

        double scale = Largest / sum.Max(Math.Abs);
        return [.. sum.Select(slope => double.IsFinite(scale) ? (int)Math.Round(slope * scale) : 0)];
    }

    // Adds −∇L at a point of the way: one step of plain gradient descent on all records.
    private static void AddDescent(GlobalModel start, GlobalModel mean, double along, Dataset records, double[] sum)
    {
        float[] at = new float[sum.Length];
        for (int i = 0; i < at.Length; i++)
        {
            double units = start.Weights[i] + (along * (mean.Weights[i] - start.Weights[i]));
            at[i] = (float)(units / FixedPoint.UnitsPerOne);
        }

        ModelSpec step = start.Spec with
        {
            Task = null,
            Privacy = null,
            Optimizer = new Sgd(1),
            Training = new TrainingSection(records.Count, 1),
        };
        TrainingRun run = Trainer.Train(
            step, records, new TrainerOptions { Initial = new Checkpoint(start.Parameters, [.. at]) });
        ReadOnlySpan<float> moved = run.Final.Values;
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += moved[i] - at[i];
        }
    }
}
