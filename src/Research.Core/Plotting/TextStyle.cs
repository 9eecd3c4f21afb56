namespace Research.Plotting;

/// <summary>How a piece of text in a drawing looks.</summary>
internal readonly record struct TextStyle(
    double Size, string Kind, string Fill, string Anchor = "start", bool IsBold = false, double Angle = 0)
{
    public static TextStyle Ink(double size, string anchor = "start") => new(size, "rf-ink", SvgWriter.Ink, anchor);

    public static TextStyle Muted(double size, string anchor = "start") =>
        new(size, "rf-muted", SvgWriter.Muted, anchor);
}
