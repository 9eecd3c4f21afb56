using System.Collections.Immutable;

namespace Research.Plotting;

/// <summary>One named run of values; N points, in the order given.</summary>
internal sealed record Series
{
    public required Mark Mark { get; init; }

    public required string Name { get; init; }

    /// <summary>Gets numeric positions, [N]; empty where <see cref="Categories"/> holds the positions.</summary>
    public ImmutableArray<double> X { get; init; } = [];

    /// <summary>Gets categorical positions, [N]; empty where <see cref="X"/> holds the positions.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary>Gets values, [N]; NaN and infinities are gaps.</summary>
    public required ImmutableArray<double> Y { get; init; }

    /// <summary>Gets the band's lower edge, [N] or empty.</summary>
    public ImmutableArray<double> Lower { get; init; } = [];

    /// <summary>Gets the band's upper edge, [N] or empty.</summary>
    public ImmutableArray<double> Upper { get; init; } = [];

    public Dash Dash { get; init; }

    public bool Markers { get; init; }

    public bool IsCategorical => X.IsEmpty && !Categories.IsEmpty;

    public bool HasBand => !Lower.IsEmpty;
}
