namespace Research.Plotting;

/// <summary>Colours that stay apart for colour-blind readers, the strongest first.</summary>
/// <remarks>
/// Okabe and Ito 2008, "Color Universal Design", without its yellow and black, which vanish on white and on dark;
/// a grey takes their place. The eighth series starts again, with the next dash.
/// </remarks>
internal static class Palette
{
    private static readonly string[] Colours =
        ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F7F7F"];

    public static string Colour(int series) => Colours[series % Colours.Length];

    /// <summary>Gives the colour at a tenth of its strength or so, for bands: <c>rgba(r,g,b,0.18)</c>.</summary>
    public static string Faint(int series)
    {
        int rgb = Convert.ToInt32(Colour(series)[1..], 16);
        return $"rgba({rgb >> 16},{(rgb >> 8) & 255},{rgb & 255},0.18)";
    }

    /// <summary>
    /// Gives the colour of text on a bar: whichever of white and black contrasts more (WCAG 2.1 luminance).
    /// </summary>
    public static string TextOn(int series)
    {
        int rgb = Convert.ToInt32(Colour(series)[1..], 16);
        double luminance =
            (0.2126 * Linear(rgb >> 16)) + (0.7152 * Linear((rgb >> 8) & 255)) + (0.0722 * Linear(rgb & 255));
        return BarOpacity(series) == 1 && luminance < 0.22 ? "#fff" : "#111";

        static double Linear(int channel) => Math.Pow((channel / 255.0 + 0.055) / 1.055, 2.4);
    }

    public static Dash DashOf(Series series, int index) =>
        (Dash)(((int)series.Dash + (index / Colours.Length)) % 4);

    /// <summary>Gives the dash that <see cref="DashOf"/> makes this one of.</summary>
    public static Dash DashBefore(Dash drawn, int index) =>
        (Dash)((((int)drawn - (index / Colours.Length)) % 4 + 4) % 4);

    /// <summary>Bars cannot be dashed: those that reuse a colour are paler.</summary>
    public static double BarOpacity(int index) => 1 - (0.4 * (index / Colours.Length % 2));
}
