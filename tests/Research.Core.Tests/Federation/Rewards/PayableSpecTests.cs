using Research.Federation.Aggregation;
using Research.Federation.Rewards;
using Research.Federation.Scoring;
using Research.Training;
using Research.Training.Optimizers;

namespace Research.Tests.Federation.Rewards;

public sealed class PayableSpecTests
{
    public static TheoryData<string, ModelSpec> Unpayable => new()
    {
        { "$.task", FederatedDigits.Spec with { Task = null } },
        { "$.privacy", FederatedDigits.Spec with { Privacy = null } },
        { "$.optimizer.type", FederatedDigits.Spec with { Optimizer = new Adam(0.001) } },
    };

    [Theory]
    [MemberData(nameof(Unpayable))]
    public void Score_WhatCannotBePaid_NamesTheField(string path, ModelSpec spec)
    {
        SpecException refused = Assert.Throws<SpecException>(() => RoundScorer.Score(
            [GlobalModel.Initial(spec)], [], FederatedDigits.Evaluations[0]));

        Assert.Equal(path, refused.Path);
        Assert.Throws<SpecException>(() => TaskProspect.Of(spec, FederatedDigits.Evaluations[0].Records));
    }
}
