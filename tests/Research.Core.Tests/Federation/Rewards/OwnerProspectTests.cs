using Research.Federation.Rewards;
using Research.Training;
using Research.Training.Optimizers;

namespace Research.Tests.Federation.Rewards;

public sealed class OwnerProspectTests
{
    private const int Quota = 360;

    // Whole batches: the signal is large, and so is what a quota's multiple does.
    private static readonly ModelSpec Spec = FederatedDigits.Spec with
    {
        Optimizer = new Sgd(1, 0),
        Training = new TrainingSection(Quota, 10),
        Privacy = new PrivacySection(1, 1, 4, 1e-5, 1000),
        Task = FederatedDigits.Spec.Task! with { Reward = new RewardSection(Quota, References: 8) },
    };

    [Fact]
    public void Of_Quota_IsPaidAboutAFullShare()
    {
        OwnerProspect prospect = Of(Quota);

        Assert.InRange(prospect.Share, 0.9, 1);
        Assert.Equal((1, 0), (prospect.PaidShare, prospect.LacksNoiseShare));
    }

    // Measured on real records too: 1,437 of the digits, trained by this specification, lack noise.
    [Theory]
    [InlineData(720)]
    [InlineData(1437)]
    public void Of_MultiplesOfTheQuota_LackNoise(int records)
    {
        OwnerProspect prospect = Of(records);

        Assert.Equal((records, Quota), (prospect.Records, prospect.Quota));
        Assert.Equal((0, 0, 1), (prospect.Share, prospect.PaidShare, prospect.LacksNoiseShare));
    }

    [Fact]
    public void Of_FewerRecords_EarnLess()
    {
        double quarter = Of(Quota / 4).Share;
        double half = Of(Quota / 2).Share;

        Assert.InRange(quarter, 0.01, 0.3);
        Assert.InRange(half, quarter + 0.1, 0.6);
    }

    [Fact]
    public void Of_SpecificationWhoseScoringIsLarge_SaysNothing() =>
        Assert.Null(OwnerProspect.Of(
            Spec with { Task = Spec.Task! with { Reward = Spec.Task.Reward with { References = 1000 } } },
            720,
            FederatedDigits.Scoring.ToDataset()));

    private static OwnerProspect Of(int records) =>
        OwnerProspect.Of(Spec, records, FederatedDigits.Scoring.ToDataset())!;
}
