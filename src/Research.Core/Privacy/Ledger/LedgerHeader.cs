namespace Research.Privacy.Ledger;

/// <summary>The first line: what the ledger is about and how it is enforced; never changes.</summary>
internal sealed record LedgerHeader
{
    public const string CurrentFormat = "research-privacy-ledger/1";
    public const string FilterKind = "renyi-poisson-gaussian";
    public const string Neighbours = "add or remove one record";

    public required DateTimeOffset Time { get; init; }

    public required string DataSet { get; init; }

    public required double EpsilonCap { get; init; }

    public required double Delta { get; init; }

    /// <summary>Gets the filter's one order, chosen when the ledger was made.</summary>
    public required double Order { get; init; }

    public string Hash { get; init; } = "";
}
