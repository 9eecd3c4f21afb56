namespace Research.Plotting;

/// <summary>Maps values of a range to pixels.</summary>
internal sealed class Scale(ValueRange range, double from, double to, bool log)
{
    private readonly double _low = log ? Math.Log10(range.Low) : range.Low;
    private readonly double _high = log ? Math.Log10(range.High) : range.High;

    public ValueRange Range { get; } = range;

    /// <summary>Gives the pixel of a drawable value; values outside the range stop at its ends.</summary>
    public double this[double value]
    {
        get
        {
            double position = ((log ? Math.Log10(value) : value) - _low) / (_high - _low);
            return from + (Math.Clamp(position, 0, 1) * (to - from));
        }
    }
}
