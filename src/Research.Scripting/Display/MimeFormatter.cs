using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.Formatting.TabularData;
using Research.Scripting.Display.Shapes;
using Research.Scripting.Notebooks;
using Research.Scripting.Outputs;

namespace Research.Scripting.Display;

/// <summary>Makes a mime bundle of a value: by the formatters that the notebook and the value's type registered, else
/// by its shape.</summary>
internal static class MimeFormatter
{
    private const string Plain = RegisteredFormatters.Plain;
    private const string Html = RegisteredFormatters.Html;
    private const string Json = "application/json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Compiles what the first result of a session needs, ahead of it.</summary>
    public static void Warm()
    {
        Format(0);
        Format("");
        Format(new[] { new KeyValuePair<string, int>("", 0) });
    }

    /// <summary>Formats a value.</summary>
    /// <param name="value">The value, or null.</param>
    /// <param name="mimeTypes">The mime types asked for; empty for those its type prefers.</param>
    /// <exception cref="InvalidOperationException">A registered formatter failed, or one of a JSON mime type did not
    /// write JSON.</exception>
    public static MimeBundle Format(object? value, params IReadOnlyCollection<string> mimeTypes)
    {
        if (value is not null && ChartBundle.Of(value, mimeTypes) is { } chart)
        {
            return chart;
        }

        if (mimeTypes.Count == 0 && value is not null && PackageValues.Of(value) is { } known)
        {
            return known;
        }

        IReadOnlyCollection<string> wanted = mimeTypes.Count > 0 ? mimeTypes : Preferred(value);
        if (wanted.Count == 1 && wanted.Contains(Html) && value is not null && ImageBundle.Of(value) is { } image)
        {
            return image;
        }

        MimeBundle bundle = new();
        Shape? shape = null; // Read once for all representations: a lazy sequence runs once.
        foreach (string mimeType in wanted)
        {
            Set(bundle, mimeType, Write(value, mimeType, ref shape), value);
        }

        if (!bundle.MimeTypes.Contains(Plain))
        {
            bundle.Set(Plain, bundle.Text(Html) is { } html && IsMarkup(value)
                ? BoundedText(HtmlText.OrNotice(html))
                : Write(value, Plain, ref shape).ReplaceLineEndings("\n"));
        }

        return bundle;
    }

    /// <summary>Makes a bundle of text that already is of a mime type.</summary>
    /// <exception cref="ArgumentException">It is a JSON mime type and the text is not JSON.</exception>
    public static MimeBundle Raw(string text, string mimeType) => Raw([(mimeType, text)]);

    /// <summary>Makes a bundle of representations that someone else wrote.</summary>
    /// <exception cref="ArgumentException">One has a JSON mime type and is not JSON.</exception>
    public static MimeBundle Raw(IReadOnlyList<(string MimeType, string Text)> representations)
    {
        MimeBundle bundle = new();
        foreach ((string mimeType, string text) in representations)
        {
            try
            {
                bundle.Set(mimeType, text);
            }
            catch (JsonException exception)
            {
                throw new ArgumentException(
                    $"{mimeType} needs JSON: got {JsonPlace.Of(exception)}.", nameof(representations), exception);
            }
        }

        if (!bundle.MimeTypes.Contains(Plain) && representations.Count > 0)
        {
            (string mimeType, string text) = representations.FirstOrDefault(
                one => one.MimeType == Html, representations[0]);
            bool isReadable = mimeType.StartsWith("text/", StringComparison.Ordinal) || mimeType == "application/json";
            bundle.Set(Plain, mimeType == Html ? HtmlText.OrNotice(text) : isReadable ? text : $"({mimeType})");
        }

        return bundle;
    }

    private static IReadOnlyCollection<string> Preferred(object? value)
    {
        if (value is null)
        {
            return [Plain];
        }

        if (value is JsonNode or JsonElement or JsonDocument)
        {
            return [Json, Plain];
        }

        if (value is LaTeXString or MathString)
        {
            return ["text/latex", Plain];
        }

        if (value is TabularDataResource)
        {
            return [Html, Plain]; // Its three other forms would carry every row, whatever the limit.
        }

        Type type = value.GetType();
        IReadOnlyCollection<string> preferred = Formatter.GetPreferredMimeTypesFor(type);
        if (preferred.Count == 1 && preferred.Contains(Html) && ScalarText.IsScalar(type) &&
            !RegisteredFormatters.Has(type, Html))
        {
            return [Plain]; // A number needs no table around it.
        }

        IReadOnlyList<string> own = ConventionFormatters.Of(type).Added;
        return own.Count == 0 ? preferred : [.. preferred.Union(own)];
    }

    private static string Write(object? value, string mimeType, ref Shape? shape)
    {
        bool isRegistered = value is not null && RegisteredFormatters.Has(value.GetType(), mimeType);
        if (mimeType == Json && !isRegistered)
        {
            return JsonText.Of(value);
        }

        bool isShaped = mimeType is Plain or Html && (value is null || (value is not IHtmlContent && !isRegistered));
        if (!isShaped)
        {
            if (!isRegistered && value is not null && !MimeBundle.IsJson(mimeType) && Secrets.AreIn(value))
            {
                return Secrets.Shown; // The package's own text/csv would write every member.
            }

            return mimeType == Plain && IsMarkup(value)
                ? BoundedText(HtmlText.OrNotice(RegisteredFormatters.Write(value, Html)))
                : value is LaTeXString or MathString && mimeType == "text/latex"
                    ? value.ToString()!
                    : RegisteredFormatters.Write(value, mimeType);
        }

        if (mimeType == Html && value is Type type && TypeMarkup(type) is { } markup)
        {
            return markup;
        }

        if (mimeType == Plain && value is JsonNode or JsonElement or JsonDocument)
        {
            return IndentedJson(value);
        }

        shape ??= ShapeReader.Read(value);
        return mimeType == Plain ? BoundedText(ShapeText.Write(shape)) : BoundedHtml(shape);
    }

    // The package links a type to its documentation; a name as long as a page has none.
    private static string? TypeMarkup(Type type)
    {
        try
        {
            return RegisteredFormatters.Write(type, Html) is { Length: <= ShapeBudget.MaximumText } markup ? markup : null;
        }
        catch (InvalidOperationException)
        {
            return null; // Of a type parameter or a pointer, for which the package has no name.
        }
    }

    private static string IndentedJson(object value)
    {
        try
        {
            return ShapeBudget.Cut(JsonText.Of(value, Indented), ShapeBudget.MaximumText);
        }
        catch (Exception exception) when (exception is InvalidOperationException or InvalidDataException)
        {
            return ShapeReader.Failure(exception); // A document that is disposed, or too long.
        }
    }

    // The shape's budget keeps nearly everything below this; what is mostly markup or names can still pass it.
    private static string BoundedHtml(Shape shape)
    {
        string html = ShapeHtml.Write(shape);
        return html.Length <= ShapeBudget.MaximumOutput ? html : ShapeHtml.Write(
            new TextShape(ShapeBudget.Cut(ShapeText.Write(shape), ShapeBudget.MaximumText / 2)));
    }

    private static string BoundedText(string text) =>
        text.Length <= ShapeBudget.MaximumOutput ? text : ShapeBudget.Cut(text, ShapeBudget.MaximumText);

    // HTML has no other text than the one in it, unless someone registered one.
    private static bool IsMarkup(object? value) =>
        value is IHtmlContent && !RegisteredFormatters.Has(value.GetType(), Plain);

    private static void Set(MimeBundle bundle, string mimeType, string text, object? value)
    {
        try
        {
            bundle.Set(mimeType, MimeBundle.IsJson(mimeType) ? text : HtmlText.Tidy(text));
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException(
                $"The {mimeType} formatter of {value?.GetType()} did not write JSON: {exception.Message}", exception);
        }
    }
}
