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
        {
            "$.task.evaluation.examples",
            FederatedDigits.Spec with
            {
                Task = FederatedDigits.Spec.Task! with
                {
                    Evaluation = FederatedDigits.Spec.Task.Evaluation with { Examples = 1 },
                },
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

    // A split of 5 ETH was once decided on one record.
    [Fact]
    public void Score_EvaluationSetOfFewerRecordsThanTheSpecificationSays_IsRefused()
    {
        EvaluationSet one = EvaluationSet.Create(FederatedDigits.Evaluations[0].Records.Select([0]));

        ArgumentException refused = Assert.Throws<ArgumentException>(() => RoundScorer.Score(
            [GlobalModel.Initial(FederatedDigits.Spec)], [], one));

        Assert.Contains("120 records at least", refused.Message, StringComparison.Ordinal);
        Assert.Contains("got 1", refused.Message, StringComparison.Ordinal);
    }
}
