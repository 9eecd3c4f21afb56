namespace Research.Privacy.Ledger;

/// <summary>How many records stand where. For their owner only: counts are not private.</summary>
/// <param name="Epsilon">ε of each of them: an upper bound, in nats.</param>
/// <param name="FilterEpsilon">ε as counted once there are several plans: from here a second one goes on.</param>
/// <param name="Records">How many records, or units.</param>
/// <param name="Plans">How many plans each was charged.</param>
public sealed record LedgerStanding(double Epsilon, double FilterEpsilon, int Records, int Plans);
