using Research.Federation.Adversaries;
using Research.Training.Data;

namespace Research.Tests.Federation.Adversaries;

public sealed class PoisoningTests
{
    private static readonly Dataset Records = FederatedDigits.Split.Test;

    [Fact]
    public void Victims_OfABackdoor_AreOtherClassesWithTheTriggerAndItsLabel()
    {
        Dataset victims = new Backdoor(Target: 3, Patch: 4).Victims(Records);

        Assert.Equal(Records.Labels.ToArray().Count(label => label != 3), victims.Count);
        Assert.All(victims.Labels.ToArray(), label => Assert.Equal(3, label));
        Assert.All(victims.Inputs.ToArray().Chunk(64), record => Assert.All(record[^4..], x => Assert.Equal(1, x)));
    }

    [Fact]
    public void Poison_OfABackdoor_LeavesEverySecondRecord()
    {
        Dataset poisoned = new Backdoor(Target: 3, Patch: 4).Poison(Records);

        for (int i = 1; i < Records.Count; i += 2)
        {
            Assert.Equal(Records.Labels.Span[i], poisoned.Labels.Span[i]);
            Assert.True(Records.Inputs.Span.Slice(i * 64, 64).SequenceEqual(poisoned.Inputs.Span.Slice(i * 64, 64)));
            Assert.Equal(3, poisoned.Labels.Span[i - 1]);
        }
    }

    [Fact]
    public void All_Names_AreDifferent() =>
        Assert.Distinct(Poisoning.All.Select(one => one.Name));
}
