using Research.Privacy.Accounting;

namespace Research.Privacy.Ledger;

/// <summary>One charge, as its owner sees it.</summary>
public sealed record LedgerEntry
{
    /// <summary>Gets the place in the chain: 1 for the first charge; 0 is the header.</summary>
    public required int Sequence { get; init; }

    /// <summary>Gets when it was charged, in UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Gets what the release was for.</summary>
    public required ReleasePurpose Purpose { get; init; }

    /// <summary>
    /// Gets the plan charged: of a task, of all its rounds together. Records that had paid for it before paid nothing.
    /// </summary>
    public required IReadOnlyList<PrivacyEvent> Plan { get; init; }

    /// <summary>Gets the run's name; null where no run was charged but a plan by itself.</summary>
    public string? Receipt { get; init; }

    /// <summary>Gets whether the run was one of several, whose plan is charged whole with the first.</summary>
    public bool IsReserved { get; init; }

    /// <summary>Gets whether the noise was secret: a run with seeded noise is charged, and is not private.</summary>
    public bool IsNoiseSecret { get; init; } = true;

    /// <summary>Gets the largest ε of any record that was given, with this charge: an upper bound, in nats.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Gets the hash of the line before, 64 lower-case hexadecimal digits.</summary>
    public required string Previous { get; init; }

    /// <summary>Gets the SHA-256 of this line without its hash member, 64 lower-case hexadecimal digits.</summary>
    public string Hash { get; init; } = "";

    /// <summary>Gets which records pay, encrypted.</summary>
    internal byte[] Records { get; init; } = [];
}
