using Research.Privacy.Accounting;

namespace Research.Privacy.Ledger;

/// <summary>One charge, as it stands in the file.</summary>
public sealed record LedgerEntry
{
    /// <summary>Gets the place in the chain: 1 for the first charge; 0 is the header.</summary>
    public required int Sequence { get; init; }

    /// <summary>Gets when it was charged, in UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Gets the data set charged.</summary>
    public required string DataSet { get; init; }

    /// <summary>Gets what the release was for, such as <c>task 0x2a round 1</c>.</summary>
    public required string Purpose { get; init; }

    /// <summary>Gets the plan charged.</summary>
    public required PrivacyEvent Event { get; init; }

    /// <summary>Gets δ, the ledger's.</summary>
    public required double Delta { get; init; }

    /// <summary>Gets the filter's ε before the charge: an upper bound, in nats.</summary>
    public required double EpsilonBefore { get; init; }

    /// <summary>Gets the filter's ε after the charge: an upper bound, in nats.</summary>
    public required double EpsilonAfter { get; init; }

    /// <summary>
    /// Gets the base64 of a broken last line that this entry replaces, or null; see <see cref="PrivacyLedger"/>.
    /// </summary>
    public string? Torn { get; init; }

    /// <summary>Gets the hash of the line before, 64 lower-case hexadecimal digits.</summary>
    public required string Previous { get; init; }

    /// <summary>Gets the SHA-256 of this line without its hash member, 64 lower-case hexadecimal digits.</summary>
    public string Hash { get; init; } = "";
}
