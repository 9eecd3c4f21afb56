namespace Research.Plotting;

/// <summary>Where a page takes plotly.js from; the network is never an answer.</summary>
public enum PlotlyScript
{
    /// <summary>From the page that hosts the figure, where it has one; otherwise the drawing stays static.</summary>
    None,

    /// <summary>From a copy written into the page itself (1.2 MB).</summary>
    Embedded,
}
