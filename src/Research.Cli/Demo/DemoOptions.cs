namespace Research.Cli.Demo;

/// <summary>What <c>research demo</c> was asked to do.</summary>
internal sealed record DemoOptions
{
    /// <summary>The most participants a run takes: each gets an account of the local chain.</summary>
    public const int MaximumParticipants = 50;

    /// <summary>From this many participants on, two of them are dishonest.</summary>
    public const int FewestWithDishonest = 3;

    /// <summary>The most rounds a run takes.</summary>
    public const int MaximumRounds = 100;

    /// <summary>
    /// Gets the data set's name: <c>digits</c>, <c>fashion-mnist:FOLDER</c>, <c>mnist:FOLDER</c> or <c>csv:FILE</c>.
    /// </summary>
    public string Dataset { get; init; } = "digits";

    /// <summary>Gets how many data owners take part, the two dishonest ones included.</summary>
    public int Participants { get; init; } = 5;

    /// <summary>Gets how many rounds the task has.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Gets the seed of everything that is not secret noise.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Gets the folder of the report; made, or its earlier report replaced.</summary>
    public string Out { get; init; } = "demo-report";

    /// <summary>
    /// Gets the seed of the noise itself, for a reproducible run that protects nobody; null draws it in secret.
    /// </summary>
    public ulong? InsecureNoiseSeed { get; init; }
}
