namespace Research.Cli.Train;

/// <summary>What <c>research train</c> was asked to do.</summary>
internal sealed record TrainOptions
{
    /// <summary>Gets the specification's file.</summary>
    public required string Spec { get; init; }

    /// <summary>Gets the data set's name.</summary>
    public required string Data { get; init; }

    /// <summary>Gets where the checkpoint goes; null writes none.</summary>
    public string? Out { get; init; }

    /// <summary>Gets where the ONNX model goes; null writes none.</summary>
    public string? Onnx { get; init; }

    /// <summary>Gets the home of the owner's privacy ledger; null is the user's own.</summary>
    public string? Ledger { get; init; }

    /// <summary>Gets the cap of a ledger that is made now; null asks its owner, or takes the default.</summary>
    public double? EpsilonCap { get; init; }

    /// <summary>Gets the ε that the run may cost, for which its noise is chosen; null leaves the specification's.</summary>
    public double? Epsilon { get; init; }

    /// <summary>Gets the seed of the shuffles of training without privacy; null is 0.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Gets the checkpoint to start from; null starts from the specification's seed.</summary>
    public string? Initial { get; init; }

    /// <summary>Gets the number of threads.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Gets where the loss plot goes, .html or .svg; null writes none.</summary>
    public string? Plot { get; init; }

    /// <summary>
    /// Gets the seed of sampling and noise, which makes the run reproducible and not private; null is secret noise.
    /// </summary>
    public ulong? InsecureNoiseSeed { get; init; }

    /// <summary>Gets where the training's state is kept, to go on from; null keeps none.</summary>
    public string? State { get; init; }

    /// <summary>Gets after how many steps the state is written, besides when the run is cancelled; null is only
    /// then.</summary>
    public int? SaveEvery { get; init; }

    /// <summary>Gets whether to go on from <see cref="State"/>.</summary>
    public bool Resume { get; init; }

    /// <summary>Gets whether to print JSON.</summary>
    public bool Json { get; init; }
}
