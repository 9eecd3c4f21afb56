using System.Collections.Immutable;

namespace Research.Plotting;

/// <summary>Everything a figure says, before any decision on how it looks; texts are already clean.</summary>
internal sealed record FigureContent
{
    public required string Title { get; init; }

    public string Subtitle { get; init; } = "";

    public string XLabel { get; init; } = "";

    public string YLabel { get; init; } = "";

    public ImmutableArray<Series> Series { get; init; } = [];

    public ImmutableArray<ReferenceLine> References { get; init; } = [];

    public ImmutableArray<double> IncludedY { get; init; } = [];

    public bool LogX { get; init; }

    public bool LogY { get; init; }

    public bool Stacked { get; init; }

    public bool ValueLabels { get; init; }
}
