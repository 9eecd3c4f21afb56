using Research.Federation.Aggregation;
using Research.Federation.Evaluation;
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
            [GlobalModel.Initial(spec)], [], FederatedDigits.Scoring));

        Assert.Equal(path, refused.Path);
        Assert.Throws<SpecException>(() => TaskProspect.Of(spec, FederatedDigits.Scoring.ToDataset()));
    }

    // A split of 5 ETH was once decided on one record.
    [Theory]
    [InlineData(59, 14)]
    [InlineData(60, 13)]
    public void Score_OtherRecordsThanTheSpecificationSays_AreRefused(int examples, int fraction)
    {
        EvaluationRecords others = EvaluationRecords.ForRounds(
            FederatedDigits.Split.Test, 1, examples, fraction, new byte[32])[0];

        ArgumentException refused = Assert.Throws<ArgumentException>(() => RoundScorer.Score(
            [GlobalModel.Initial(FederatedDigits.Spec)],
            [],
            others.Scoring(RecordChoice.Of(new byte[32], 1, 0, examples))));

        Assert.Contains("Expected 60 records of fraction 14", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"got {examples} of fraction {fraction}", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$.task.evaluation.examples", 4_000_000, 64)]
    [InlineData("$.task.evaluation.examples", 100, 10_000_000)]
    public void Require_RecordsThatNoStoreHolds_NamesTheField(string path, int examples, int size)
    {
        ModelSpec spec = FederatedDigits.Spec with
        {
            Model = new ModelSection([size], 1, [new Linear(size, 10)]),
            Task = FederatedDigits.Spec.Task! with
            {
                Evaluation = FederatedDigits.Spec.Task.Evaluation with { Examples = examples },
            },
        };

        Assert.Equal(path, Assert.Throws<SpecException>(() => PayableSpec.Require(spec)).Path);
    }
}
