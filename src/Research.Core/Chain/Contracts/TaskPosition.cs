namespace Research.Chain.Contracts;

/// <summary>Where a task stands now.</summary>
/// <param name="Round">The current round, from zero; zero while Pending, the number of rounds once Closed.</param>
/// <param name="Phase">The current phase.</param>
public readonly record struct TaskPosition(int Round, Phase Phase);
