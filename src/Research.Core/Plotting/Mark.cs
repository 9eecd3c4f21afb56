namespace Research.Plotting;

/// <summary>What a series is drawn with.</summary>
internal enum Mark
{
    Line,
    Points,
    Bars,
}
