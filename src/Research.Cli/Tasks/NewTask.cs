using Research.Federation.Evaluation;
using Research.Privacy.Accounting;
using Research.Storage;
using Research.Training;
using Research.Training.Data;
using Research.Training.Optimizers;

namespace Research.Cli.Tasks;

/// <summary>What a sponsor says of a task before there is a specification.</summary>
internal sealed record NewTask
{
    private const int Steps = 10; // As a first plan: others at the same ε are tried.

    /// <summary>Gets the data set whose held-out part scores.</summary>
    public required string Data { get; init; }

    /// <summary>Gets an account's quota of records.</summary>
    public required int Records { get; init; }

    /// <summary>Gets the number of rounds.</summary>
    public required int Rounds { get; init; }

    /// <summary>Gets how many records score a round; null for as many as there are.</summary>
    public int? Examples { get; init; }

    /// <summary>Gets ε of all rounds together.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Gets δ.</summary>
    public required double Delta { get; init; }

    /// <summary>Gets the task's name; null makes one of the data's.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the licence of the model.</summary>
    public required string Licence { get; init; }

    /// <summary>Gets what owners agree to.</summary>
    public required string Consent { get; init; }

    /// <summary>Gets the stores that the specification names.</summary>
    public required IReadOnlyList<StoreAddress> Stores { get; init; }

    /// <summary>Gets the seed of the first weights.</summary>
    public required long Seed { get; init; }

    /// <summary>Makes a first specification: a perceptron, and a plan of few steps on all of an owner's
    /// records.</summary>
    public ModelSpec ToSpec(DatasetSplit split, IReadOnlyList<EvaluationRecords> evaluations) => new()
    {
        Name = Name ?? $"{Data.Split(':')[0]}-mlp",
        Model = ModelSection.PerceptronFor(split.Train, Seed),
        Optimizer = new Sgd(1),
        Training = new TrainingSection(Records, Steps),
        Privacy = new PrivacySection(
            1, 1, Calibration.NoiseMultiplier(Epsilon, Delta, 1, Steps * Rounds), Delta, Epsilon),
        Task = new TaskSection(
            Rounds,
            new RewardSection(Records),
            EvaluationRecords.SectionOf(evaluations),
            Licence,
            Consent)
        {
            Stores = Stores,
        },
    };
}
