namespace Research.Privacy.Ledger;

/// <summary>How many records stand where. For their owner only: counts are not private.</summary>
/// <param name="Epsilon">ε of each of them: an upper bound, in nats.</param>
/// <param name="Records">How many records, or units.</param>
/// <param name="Plans">How many plans each was charged.</param>
public sealed record LedgerStanding(double Epsilon, int Records, int Plans);
