namespace Research.Tests;

/// <summary>A specification that a cell makes, small enough to train in a moment.</summary>
internal static class SpecSource
{
    /// <summary>Declares <c>tiny</c>, private.</summary>
    public const string Private = """
        ModelSpec tiny = new()
        {
            Name = "tiny", Model = new ModelSection([64], Seed: 1, [new Linear(64, 10)]), Optimizer = new Sgd(0.5),
            Training = new TrainingSection(BatchSize: 64, Steps: 20),
            Privacy = new PrivacySection(0.05, ClipNorm: 1, NoiseMultiplier: 2, Delta: 1e-5, EpsilonCap: 8),
        };
        """;

    /// <summary>Declares <c>plain</c> beside it, without privacy.</summary>
    public const string Plain = Private + "\nModelSpec plain = tiny with { Name = \"plain\", Privacy = null };";
}
