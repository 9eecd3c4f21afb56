using Research.Federation.Adversaries;
using Research.Federation.Scoring;
using Research.Privacy.Accounting;
using Research.Training;
using Research.Training.Data;
using Research.Training.Optimizers;

namespace Research.Tests.Federation.Adversaries;

/// <summary>The table of attacks, seeded: what each may earn at most. The benchmark plays it with more seeds.</summary>
public sealed class AttackTests
{
    private static readonly Lazy<AttackScene[]> Equal = new(() => Scenes(5, 1));

    public static TheoryData<string, double> Bounds => new()
    {
        { "exact-copy", 0 }, { "near-copy", 0 }, { "scaled-copy", 0 }, { "mean-of-leaked", 0 }, { "mean-of-two", 0 },
        { "mean-of-leaked-scaled", 0 }, { "mean-of-two-scaled", 0 }, { "renoised-4", 3.5 },
        { "near-copy-scaled", 0 }, { "copy-with-noise", 0 }, { "copy-with-loud-noise", 0.6 }, { "noise-dropped-scaled", 0 },
        { "zero", 0 }, { "one-unit", 0 }, { "noise", 0 }, { "loud-noise", 0 }, { "shrunken-weights", 0 },
        { "replay-step", 0 }, { "replay-step-with-noise", 0 }, { "garbage-24", 0.02 }, { "thief-first", 1 },
        { "opened-records", 1 }, { "split-2", 1.1 }, { "split-4", 1.1 }, { "split-8", 1.1 }, { "noise-dropped", 1.15 },
        { "noise-halved", 1.15 }, { "scaled", 1.15 }, { "signs-flipped", 0 }, { "labels-shuffled", 0 },
        { "noise-elsewhere", 1.6 }, { "same-records-4", 3 }, { "replay-update", 0.3 },
        { "scaled-1000", 1.15 }, { "few-records-scaled", 1 }, { "few-records-without-privacy", 1.3 },
        { "halved-and-doubled", 1.15 }, { "opened-4", 2 },
    };

    [Theory]
    [MemberData(nameof(Bounds))]
    public void Play_FiveOwnersOfEqualShards_EarnsNoMore(string name, double most)
    {
        Attack attack = Attacks.All.Single(one => one.Name == name);

        AttackResult result = AttackResult.Of(attack, Equal.Value);

        Assert.InRange(result.Ratio, 0, most);
    }

    [Fact]
    public void Bounds_OfEveryAttack_AreTested() =>
        Assert.Equal(Attacks.All.Select(one => one.Name).Order(), Bounds.Select(row => (string)row[0]).Order());

    [Fact]
    public void Play_Copies_LeaveTheOwnersPointsAsTheyAre()
    {
        AttackScene scene = Equal.Value[0];
        RoundScore honest = scene.Score(scene.Honest);

        foreach (Attack attack in Attacks.All.Where(one => !one.HasRecords && one.Victim is null))
        {
            RoundScore score = scene.Score([.. scene.Honest, .. attack.Play(scene).Late]);

            Assert.Equal(
                honest.Participants.Select(one => one.Points),
                score.Participants.Take(scene.Honest.Count).Select(one => one.Points));
        }
    }

    private static AttackScene[] Scenes(int owners, double ratio)
    {
        ModelSpec spec = FederatedDigits.Spec with
        {
            Optimizer = new Sgd(1),
            Training = new TrainingSection(287, 5),
            Privacy = new PrivacySection(1, 1, Calibration.NoiseMultiplier(6, 1e-5, 1, 15), 1e-5, 6),
        };
        return [.. Enumerable.Range(0, 2).Select(seed => AttackScene.Play(
            spec,
            Partition.Unequal(FederatedDigits.Split.Train, owners, (ulong)seed, ratio),
            FederatedDigits.Rounds,
            (ulong)seed))];
    }
}
