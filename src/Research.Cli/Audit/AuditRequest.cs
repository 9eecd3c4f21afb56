namespace Research.Cli.Audit;

/// <summary>What was asked of <c>research audit</c>.</summary>
internal sealed record AuditRequest
{
    /// <summary>Gets the specification's file; null where a plan is given instead.</summary>
    public string? Spec { get; init; }

    /// <summary>Gets the data that canaries hide among; null takes one blank record.</summary>
    public string? Data { get; init; }

    /// <summary>Gets q of a plan.</summary>
    public double? SampleRate { get; init; }

    /// <summary>Gets σ of a plan.</summary>
    public double? NoiseMultiplier { get; init; }

    /// <summary>Gets the steps of a plan.</summary>
    public int? Steps { get; init; }

    /// <summary>Gets δ of a plan.</summary>
    public double? Delta { get; init; }

    /// <summary>Gets the number of trials at least; null takes what seconds allow.</summary>
    public int? Trials { get; init; }

    /// <summary>Gets the confidence.</summary>
    public required double Confidence { get; init; }

    /// <summary>Gets the threads.</summary>
    public required int Threads { get; init; }

    /// <summary>Gets the seed of all randomness; null draws secret randomness.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Gets where the page goes.</summary>
    public string? Html { get; init; }

    /// <summary>Gets whether to print JSON.</summary>
    public bool Json { get; init; }
}
