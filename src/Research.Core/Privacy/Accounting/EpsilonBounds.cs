namespace Research.Privacy.Accounting;

/// <summary>What is known of the smallest ε at some δ.</summary>
/// <param name="Lower">ε is at least this, in nats.</param>
/// <param name="Upper">ε is at most this, in nats: the number to state.</param>
public readonly record struct EpsilonBounds(double Lower, double Upper);
