namespace Research.Training;

/// <summary>A record that exists only as its gradient: equal spikes, each in another layer, zeros elsewhere.</summary>
/// <remarks>One spike is a Dirac gradient; one in every layer finds out whether layers are clipped apart.</remarks>
/// <param name="Coordinates">Which weights, at most one of each layer.</param>
/// <param name="Spike">The gradient there, before clipping; at odd steps its negative.</param>
/// <param name="IsMember">Whether the record is in the data.</param>
internal sealed record Canary(int[] Coordinates, float Spike, bool IsMember);
