namespace Research.Cli.Demo;

/// <summary>
/// Everything that a demo found out: what <c>--json</c> prints and the report shows. Amounts are in wei, as text.
/// </summary>
internal sealed record DemoResult
{
    public required string Dataset { get; init; }

    /// <summary>Gets that the data are public: only for that reason there are losses, counts and a central result.
    /// </summary>
    public bool PublicData { get; } = true;

    public required ulong Seed { get; init; }

    /// <summary>Gets whether the noise was secret; false means that the run protects nobody.</summary>
    public required bool Private { get; init; }

    public required string Neighbours { get; init; }

    public required double Delta { get; init; }

    public required double EpsilonCap { get; init; }

    public required string SpecHash { get; init; }

    public required DemoChain Chain { get; init; }

    public required DemoQuality Untrained { get; init; }

    public required DemoQuality Central { get; init; }

    public required IReadOnlyList<DemoRound> Rounds { get; init; }

    public required IReadOnlyList<DemoParticipant> Participants { get; init; }

    public required DemoSettlement Settlement { get; init; }

    public required IReadOnlyList<DemoTransaction> Transactions { get; init; }

    public required DemoSeconds Seconds { get; init; }

    /// <summary>Gets the report's path.</summary>
    public required string Report { get; init; }
}

/// <summary>Where the task ran.</summary>
internal sealed record DemoChain(ulong ChainId, string Market, ulong TaskId, string Client);

/// <summary>A model's quality on the held-out records: mean loss in nats, accuracy 0 to 1.</summary>
internal sealed record DemoQuality(double Loss, double Accuracy);

/// <summary>One round, from 1. <c>Unpaid</c> and <c>Cap</c>: the signals from which anything, and a full share, is earned.
/// </summary>
internal sealed record DemoRound(
    int Round,
    int SampleRecords,
    IReadOnlyList<string> SampleFindings,
    double Loss,
    double Accuracy,
    double Unpaid,
    double Cap,
    string PoolWei,
    string PaidWei,
    string Roster,
    string ResultsRoot,
    string ModelHash,
    string TraceRoot,
    string ReexecutedBy,
    string Outcome);

/// <summary>One owner over all rounds.</summary>
internal sealed record DemoParticipant(
    string Name,
    string Role,
    string Address,
    int Records,
    double Epsilon,
    double Share,
    string RewardWei,
    string FeesWei,
    string BalanceChangeWei,
    string Why,
    IReadOnlyList<DemoParticipantRound> Rounds);

/// <summary>
/// One owner in one round. <c>Losses</c> are of public data: no ε covers them, and they are never submitted.
/// </summary>
internal sealed record DemoParticipantRound(
    int Round,
    double Epsilon,
    double Signal,
    double Share,
    string RewardWei,
    string UpdateHash,
    string Reason,
    IReadOnlyDictionary<string, string> Explanation,
    IReadOnlyList<double?> Losses);

/// <summary>The check against the chain that ends the demo.</summary>
internal sealed record DemoSettlement(
    string PoolWei, string RewardsWei, string AuditWei, string BurnedWei, string LeftInMarketWei, bool Exact);

/// <summary>A transaction in the order sent.</summary>
internal sealed record DemoTransaction(string Hash, string Sender, string Step, int? Round, ulong Block, ulong GasUsed);

/// <summary>Where the time went.</summary>
internal sealed record DemoSeconds(double Total, double Chain, double Training, double Scoring);
