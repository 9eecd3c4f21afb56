using System.Globalization;
using System.Net;

namespace Research.Scripting.Display;

/// <summary>One state of a progress bar, as text and as HTML.</summary>
/// <param name="Title">What is in progress.</param>
/// <param name="Value">How much of it is done.</param>
/// <param name="Total">How much there is, or null when unknown.</param>
/// <param name="Elapsed">How long it has run, or null when it has ended.</param>
internal sealed record ProgressText(string Title, double Value, double? Total, TimeSpan? Elapsed)
{
    private const int Width = 20;

    private double? Fraction => Total is { } total ? (total > 0 ? Value / total : 1) : null;

    /// <summary>Gets the bar of one line, as in <c>training [#####...............] 25% (125 of 500)</c>.</summary>
    public override string ToString()
    {
        int full = (int)((Fraction ?? 0) * Width);
        string bar = Fraction is null ? "" : $"[{new string('#', full)}{new string('.', Width - full)}]";
        return string.Join(' ', ((string[])[Title, bar, Figures()]).Where(part => part.Length > 0));
    }

    /// <summary>Gets the same with the browser's own progress element, which follows its theme.</summary>
    public string ToHtml()
    {
        string value = Fraction is { } fraction
            ? string.Create(CultureInfo.InvariantCulture, $" value=\"{fraction:0.####}\" max=\"1\"")
            : Elapsed is null ? " value=\"1\" max=\"1\"" : "";
        return $"<div class=\"research-progress\"><span>{WebUtility.HtmlEncode(Title)}</span> " +
            $"<progress{value}></progress> <span>{WebUtility.HtmlEncode(Figures())}</span></div>";
    }

    private string Figures()
    {
        string done = Total switch
        {
            null => Number(Value),
            1 => Percent(),
            { } total => $"{Percent()} ({Number(Value)} of {Number(total)})",
        };
        if (Elapsed is not { } elapsed)
        {
            return done;
        }

        string left = Fraction is > 0 and { } fraction && elapsed > TimeSpan.Zero
            ? $", about {Clock(elapsed * ((1 - fraction) / fraction))} left"
            : "";
        return $"{done}, {Clock(elapsed)} so far{left}";
    }

    private string Percent() => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(100 * Fraction!.Value):0}%");

    private static string Number(double value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);

    private static string Clock(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalHours):0}:{time:mm\\:ss}")
        : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}
