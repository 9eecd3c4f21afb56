using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive.Formatting;
using Research.Scripting.Display;
using Research.Scripting.Outputs;

namespace Research.Scripting.Interactive;

/// <summary>Shows values behind the formatting package's <see cref="DisplayedValue"/>, by this library's
/// formatters.</summary>
/// <remarks>
/// The package formats a value itself before it tells anyone of it, so that a lazy sequence would run once for the
/// package and once here, and what it cannot format would throw. Hence the only mime type it knows of an output of ours
/// is <see cref="Deferred"/>, whose formatter writes nothing; <c>Update</c> then ends in <see cref="Receive"/>, which
/// formats the value of that moment.
/// </remarks>
internal static class DisplayedValues
{
    private const string MimeType = "application/vnd.research.deferred";

    private static readonly ConditionalWeakTable<DisplayedValue, Entry> Known = [];
    private static readonly Deferred Formatless = new();
    private static readonly Lazy<IDisposable> Subscription = new(() => Formatter.SubscribeToDisplayedValues(Receive));

    /// <summary>Hears of the outputs that libraries show through the package, and of every update.</summary>
    /// <remarks>Called before each cell: <c>Formatter.ResetToDefault</c> forgets what was registered.</remarks>
    public static void Install()
    {
        _ = Subscription.Value;
        if (!Formatter.RegisteredFormatters(includeDefaults: false).Contains(Formatless))
        {
            Formatter.Register(Formatless);
        }
    }

    /// <summary>Shows a value.</summary>
    /// <param name="value">The value; may be null.</param>
    /// <param name="format">Makes its bundle, and that of a later value.</param>
    public static DisplayedValue Show(object? value, Func<object?, MimeBundle> format)
    {
        Install();
        MimeBundle? bundle = OutputChannel.Current is { IsFull: true } ? null : format(value);
        DisplayedValue shown = new(value, [new FormattedValue(MimeType, "")]);
        Known.Add(shown, new Entry(new LiveOutput(bundle, shown.DisplayId), format));
        return shown;
    }

    /// <summary>Shows a value in some mime types; none for those its type prefers.</summary>
    public static DisplayedValue Show(object? value, string[] mimeTypes) =>
        Show(value, later => MimeFormatter.Format(later, mimeTypes));

    /// <summary>Shows text that already is of a mime type.</summary>
    /// <exception cref="ArgumentException">It is a JSON mime type and the text is not JSON.</exception>
    public static DisplayedValue ShowAs(string text, string mimeType) => Show(
        text,
        later => later is string next ? MimeFormatter.Raw(next, mimeType) : MimeFormatter.Format(later));

    private static void Receive(DisplayedValue shown)
    {
        if (Known.TryGetValue(shown, out Entry? entry))
        {
            entry.Output.Update(entry.Format(shown.Value));
            return;
        }

        // Shown by code that was compiled against the package. What that returns to its caller is another object, with
        // another id (DisplayExtensions.Display, 1.0.0-beta.26120.1): its first update is a new output.
        Known.Add(shown, new Entry(new LiveOutput(Bundle(shown), shown.DisplayId), _ => Bundle(shown)));
    }

    private static MimeBundle Bundle(DisplayedValue shown) => MimeFormatter.Raw(
        [.. shown.FormattedValues.Select(formatted => (formatted.MimeType, formatted.Value ?? ""))]);

    private sealed record Entry(LiveOutput Output, Func<object?, MimeBundle> Format);

    private sealed class Deferred : ITypeFormatter
    {
        public Type Type => typeof(object);

        public string MimeType => DisplayedValues.MimeType;

        public bool Format(object instance, FormatContext context) => true;
    }
}
