namespace Research.Plotting;

/// <summary>A horizontal line across the whole plot, such as a baseline or a cap.</summary>
internal sealed record ReferenceLine(double Y, string Label);
