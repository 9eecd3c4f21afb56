using Research.Chain.Contracts;
using Research.Chain.Primitives;

namespace Research.Cli.Tasks;

/// <summary>What <c>research task publish</c> was asked to do; null leaves the library's default.</summary>
internal sealed record PublishOptions
{
    public required MarketOptions Market { get; init; }

    public required string Spec { get; init; }

    public required Wei Pool { get; init; }

    public Wei? Stake { get; init; }

    public Wei? Bond { get; init; }

    public uint? CommitSeconds { get; init; }

    public uint? RevealSeconds { get; init; }

    public uint? ScoreSeconds { get; init; }

    public uint? ChallengeSeconds { get; init; }

    public uint? ClaimSeconds { get; init; }

    public string? Evaluation { get; init; }

    /// <summary>Gets whether to publish also where most honest owners would go unpaid.</summary>
    public bool EvenIfUnfair { get; init; }

    public bool Deploy { get; init; }

    /// <summary>Gets the terms with what was asked for in place of the defaults.</summary>
    public Terms ApplyTo(Terms defaults) => defaults with
    {
        Stake = Stake ?? defaults.Stake,
        Bond = Bond ?? defaults.Bond,
        CommitSeconds = CommitSeconds ?? defaults.CommitSeconds,
        RevealSeconds = RevealSeconds ?? defaults.RevealSeconds,
        ScoreSeconds = ScoreSeconds ?? defaults.ScoreSeconds,
        ChallengeSeconds = ChallengeSeconds ?? defaults.ChallengeSeconds,
        ClaimSeconds = ClaimSeconds ?? defaults.ClaimSeconds,
    };
}
