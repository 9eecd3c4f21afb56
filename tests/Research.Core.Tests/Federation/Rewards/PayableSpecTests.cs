using Research.Federation.Aggregation;
using Research.Federation.Rewards;
using Research.Federation.Scoring;
using Research.Training;
using Research.Training.Aggregation;
using Research.Training.Layers;
using Research.Training.Optimizers;

namespace Research.Tests.Federation.Rewards;

public sealed class PayableSpecTests
{
    public static TheoryData<string, ModelSpec> Unpayable => new()
    {
        { "$.task", FederatedDigits.Spec with { Task = null } },
        { "$.privacy", FederatedDigits.Spec with { Privacy = null } },
        { "$.training.steps", FederatedDigits.Spec with { Training = new TrainingSection(43, 10_001) } },
        { "$.privacy.noiseMultiplier", FederatedDigits.Spec with { Optimizer = new Sgd(1e-6) } },
        { "$.privacy.noiseMultiplier", FederatedDigits.Spec with { Optimizer = new Sgd(1, WeightDecay: 100) } },
        { "$.model.layers", FederatedDigits.Spec with { Model = new ModelSection([4], 1, [new Linear(4, 2)]) } },
        {
            "$.task.reward.references",
            FederatedDigits.Spec with
            {
                Model = new ModelSection([64], 1, [new Linear(64, 10_000), new ReLU(), new Linear(10_000, 10)]),
                Task = FederatedDigits.Spec.Task! with { Reward = new RewardSection(287, References: 1000) },
            }
        },
        {
            "$.task.aggregation.buckets",
            FederatedDigits.Spec with
            {
                Model = new ModelSection([64], 1, [new Linear(64, 120_000), new ReLU(), new Linear(120_000, 10)]),
                Task = FederatedDigits.Spec.Task! with { Aggregation = new Median(32) },
            }
        },
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
