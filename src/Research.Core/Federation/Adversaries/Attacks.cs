using Research.Federation.Aggregation;
using Research.Training.Data;

namespace Research.Federation.Adversaries;

/// <summary>The attacks that the reward rule is held to.</summary>
public static class Attacks
{
    /// <summary>Gets all of them.</summary>
    public static IReadOnlyList<Attack> All { get; } =
    [
        new WithoutRecords("exact-copy", scene => [.. scene.Honest[0]]),
        new WithoutRecords("near-copy", scene => Sum(scene.Honest[0], 1, Like(scene.Honest[0], scene.Noise("near")), 0.512)),
        new WithoutRecords("scaled-copy", scene => Scaled(scene.Honest[0], 1.7)),
        new WithoutRecords("near-copy-scaled", scene => Sum(
            scene.Honest[0], 3, Like(scene.Honest[0], scene.Noise("near")), 3 * 0.512)),
        new WithoutRecords("copy-with-noise", scene => Sum(scene.Honest[0], 1, scene.Noise("copy"), 1)),
        new WithoutRecords("copy-with-loud-noise", scene => Sum(scene.Honest[0], 1, scene.Noise("copy"), 2))
        {
            Kind = AttackKind.Frontier,
        },
        new WithoutRecords("mean-of-leaked", scene => Mean(scene.Honest)),
        new WithoutRecords("mean-of-leaked-scaled", scene => Scaled(Mean(scene.Honest), 1000)),
        new WithoutRecords("mean-of-two-scaled", scene => Scaled(Mean([.. scene.Honest.Take(2)]), 1000)),
        new WithoutRecords("mean-of-two", scene => Mean([.. scene.Honest.Take(2)])),
        new WithoutRecords("zero", scene => new int[scene.Honest[0].Length]),
        new WithoutRecords("one-unit", scene => [1, .. new int[scene.Honest[0].Length - 1]]),
        new WithoutRecords("noise", scene => scene.Noise("noise")),
        new WithoutRecords("loud-noise", scene => scene.Noise("loud", 10)),
        new WithoutRecords("shrunken-weights", scene => Shrunken(scene, 0.05)),
        new WithoutRecords("replay-step", scene => Step(scene)),
        new WithoutRecords("replay-step-with-noise", scene => Sum(Step(scene), 1, scene.Noise("replay"), 1)),
        new WithoutRecords("replay-update", scene => [.. scene.Past[0]]) { Kind = AttackKind.Frontier },
        new Garbage(24),
        new Thief(),
        new Opened(),
        new Split(2),
        new Split(4),
        new Split(8),
        new WithRecords("noise-dropped", AttackKind.Gate, scene => scene.Train(scene.Own, "cheat", 0)),
        new WithRecords("noise-halved", AttackKind.Gate, scene => scene.Train(scene.Own, "cheat", 0.5)),
        new WithRecords("scaled", AttackKind.Gate, scene => Scaled(scene.Train(scene.Own, "cheat"), 3)),
        new WithRecords("signs-flipped", AttackKind.Gate, scene => Scaled(scene.Train(scene.Own, "cheat"), -1)),
        new WithRecords("labels-shuffled", AttackKind.Gate, scene => scene.Train(Partition.WithShuffledLabels(scene.Own, 7), "cheat")),
        new WithRecords("scaled-1000", AttackKind.Gate, scene => Scaled(scene.Train(scene.Own, "cheat"), 1000)),
        new WithRecords("noise-dropped-scaled", AttackKind.Gate, scene => Scaled(scene.Train(scene.Own, "cheat", 0), 10)),
        new FewRecords("few-records-scaled", 10, AttackKind.Gate) { IsPrivate = true },
        new FewRecords("few-records-without-privacy", 10, AttackKind.Said),
        new HalvedAndDoubled(),
        new NoiseElsewhere(),
        new SameRecords(4),
        new RenoisedCopies(4),
        new OpenedAgain(4),
    ];

    internal static int[] Scaled(int[] update, double times) => [.. update.Select(x => Clamp(x * times))];

    private static int[] Sum(int[] a, double times, int[] b, double timesB) =>
        [.. a.Zip(b, (x, y) => Clamp((x * times) + (y * timesB)))];

    private static int[] Mean(IReadOnlyList<int[]> updates) =>
        [.. Enumerable.Range(0, updates[0].Length).Select(i => Clamp(updates.Average(one => (double)one[i])))];

    private static int Clamp(double value) =>
        (int)Math.Round(Math.Clamp(value, -2.0 * FixedPoint.Limit, 2.0 * FixedPoint.Limit));

    private static int[] TrainOpened(AttackScene scene, string stream)
    {
        int quota = Math.Min(scene.Spec.Task!.Reward.Records, scene.Opened.Count);
        return scene.Train(scene.Opened.Select([.. Enumerable.Range(0, quota)]), stream);
    }

    // Noise as long as an update.
    private static int[] Like(int[] update, int[] noise)
    {
        double ratio = Math.Sqrt(update.Sum(x => (double)x * x) / noise.Sum(x => (double)x * x));
        return [.. noise.Select(x => Clamp(x * ratio))];
    }

    private static int[] Step(AttackScene scene)
    {
        int[] step = scene.Models[1].Weights.ToArray();
        for (int i = 0; i < step.Length; i++)
        {
            step[i] -= scene.Models[0].Weights[i];
        }

        return step;
    }

    private static int[] Shrunken(AttackScene scene, double by) =>
        Sum(scene.Noise("shrunken"), 1, scene.Models[^1].Weights.ToArray(), -by);

    private sealed record WithoutRecords(string Name, Func<AttackScene, int[]> Make) : Attack(Name, AttackKind.Gate)
    {
        public override AttackMove Play(AttackScene scene) => AttackMove.Of(Make(scene));
    }

    private sealed record WithRecords(string Name, AttackKind Kind, Func<AttackScene, int[]> Make) : Attack(Name, Kind)
    {
        public override bool HasRecords => true;

        public override AttackMove Play(AttackScene scene) => AttackMove.Of(Make(scene));
    }

    // Noise of the right length, but where an honest update's would not be: on the last tenth of the weights.
    private sealed record NoiseElsewhere() : Attack("noise-elsewhere", AttackKind.Frontier)
    {
        public override bool HasRecords => true;

        public override AttackMove Play(AttackScene scene)
        {
            int[] silent = scene.Train(scene.Own, "cheat", 0);
            int[] noise = scene.Noise("elsewhere", Math.Sqrt(10));
            noise.AsSpan(0, noise.Length * 9 / 10).Clear();
            return AttackMove.Of(Sum(silent, 1, noise, 1));
        }
    }

    private sealed record Garbage(int Accounts) : Attack($"garbage-{Accounts}", AttackKind.Gate)
    {
        public override AttackMove Play(AttackScene scene) =>
            AttackMove.Of([.. Enumerable.Range(0, Accounts).Select(i => scene.Noise($"garbage {i}"))]);
    }

    // Bytes that leaked before their owner committed to them.
    private sealed record Thief() : Attack("thief-first", AttackKind.Gate)
    {
        public override int? Victim => 0;

        public override AttackMove Play(AttackScene scene) => new([[.. scene.Honest[0]]], []);
    }

    private sealed record Opened() : Attack("opened-records", AttackKind.Gate)
    {
        public override AttackMove Play(AttackScene scene) => AttackMove.Of(TrainOpened(scene, "opened"));
    }

    private sealed record OpenedAgain(int Accounts) : Attack($"opened-{Accounts}", AttackKind.Said)
    {
        public override AttackMove Play(AttackScene scene) => AttackMove.Of(
            [.. Enumerable.Range(0, Accounts).Select(account => TrainOpened(scene, $"opened {account}"))]);
    }

    private sealed record Split(int Accounts) : Attack($"split-{Accounts}", AttackKind.Gate)
    {
        public override bool HasRecords => true;

        public override AttackMove Play(AttackScene scene) => AttackMove.Of([.. Enumerable.Range(0, Accounts).Select(
            part => scene.Train(
                scene.Own.Select([.. Enumerable.Range(0, scene.Own.Count).Where(i => i % Accounts == part)]),
                $"split {part}"))]);
    }

    // A part of the records, as loud as all of them: its noise with it, or none but an honest update's added, by who
    // gives up the privacy of its own records.
    private sealed record FewRecords(string Name, int Part, AttackKind Kind) : Attack(Name, Kind)
    {
        public bool IsPrivate { get; init; }

        public override bool HasRecords => true;

        public override AttackMove Play(AttackScene scene)
        {
            Dataset few = scene.Own.Select([.. Enumerable.Range(0, scene.Own.Count).Where(i => i % Part == 0)]);
            int[] trained = scene.Train(few, "few", IsPrivate ? 1 : 0);
            return AttackMove.Of(Sum(trained, Part, scene.Noise("few"), IsPrivate ? 0 : 1));
        }
    }

    // Two accounts with half the records each, each as loud as one with all of them: its noise is as loud, too.
    private sealed record HalvedAndDoubled() : Attack("halved-and-doubled", AttackKind.Gate)
    {
        public override bool HasRecords => true;

        public override AttackMove Play(AttackScene scene) => AttackMove.Of(
            [.. new Split(2).Play(scene).Late.Select(half => Scaled(half, 2))]);
    }

    // One training without noise, noise added for each account: one look at the records, as many honest-looking updates.
    private sealed record RenoisedCopies(int Accounts) : Attack($"renoised-{Accounts}", AttackKind.Said)
    {
        public override bool HasRecords => true;

        public override AttackMove Play(AttackScene scene)
        {
            int[] own = scene.Train(scene.Own, "renoised", 0);
            return AttackMove.Of([.. Enumerable.Range(0, Accounts).Select(
                account => Sum(own, 1, scene.Noise($"renoised {account}"), 1))]);
        }
    }

    private sealed record SameRecords(int Accounts) : Attack($"same-records-{Accounts}", AttackKind.Said)
    {
        public override bool HasRecords => true;

        public override AttackMove Play(AttackScene scene) => AttackMove.Of(
            [.. Enumerable.Range(0, Accounts).Select(account => scene.Train(scene.Own, $"again {account}"))]);
    }
}
