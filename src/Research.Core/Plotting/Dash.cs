namespace Research.Plotting;

/// <summary>How a line is drawn.</summary>
public enum Dash
{
    /// <summary>Without gaps.</summary>
    Solid,

    /// <summary>Long strokes.</summary>
    Dashed,

    /// <summary>Dots.</summary>
    Dotted,

    /// <summary>Strokes and dots in turn.</summary>
    DashDotted,
}
