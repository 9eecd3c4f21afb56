namespace Research.Chain.Contracts;

/// <summary>Which pieces of a participant's update were demanded in a round, a bit each from the lowest.</summary>
/// <param name="Asked">Those demanded.</param>
/// <param name="Open">Those demanded and not answered.</param>
public readonly record struct Demands(ulong Asked, ulong Open);
