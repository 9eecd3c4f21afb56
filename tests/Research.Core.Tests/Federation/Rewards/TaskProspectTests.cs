using Research.Federation.Rewards;
using Research.Training;

namespace Research.Tests.Federation.Rewards;

public sealed class TaskProspectTests
{
    // The demo's plan of old, for 16 owners: its noise drowned everybody (6% to 14% could be paid by any rule).
    private static readonly ModelSpec Drowned = FederatedDigits.Spec with
    {
        Training = new TrainingSection(13, 30),
        Privacy = new PrivacySection(0.15, 1, 1.37, 1e-5, 6),
        Task = FederatedDigits.Spec.Task! with { Reward = new RewardSection(Records: 89) },
    };

    [Fact]
    public void Propose_DrownedTask_FindsAPlanThatPaysAtTheSameEpsilon()
    {
        TaskProspect before = TaskProspect.Of(Drowned, FederatedDigits.Scoring.ToDataset());
        TaskProspect after = TaskProspect.Propose(Drowned, FederatedDigits.Scoring.ToDataset());

        Assert.InRange(before.PaidShare, 0, 0.8);
        Assert.InRange(after.PaidShare, 0.9, 1);
        Assert.True(after.ExpectedZ > before.ExpectedZ);
        Assert.InRange(Epsilon(after.Spec) / Epsilon(Drowned), 0.99, 1);
    }

    private static double Epsilon(ModelSpec spec)
    {
        Research.Privacy.Accounting.ExactAccountant accountant = new();
        accountant.Compose(new Research.Privacy.Accounting.GaussianEvent(
            spec.Privacy!.SampleRate, spec.Privacy.NoiseMultiplier, spec.Training.Steps * spec.Task!.Rounds));
        return accountant.Epsilon(spec.Privacy.Delta);
    }
}
