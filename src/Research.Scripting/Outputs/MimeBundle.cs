using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Research.Scripting.Outputs;

/// <summary>One value in several representations, as Jupyter's mime bundles hold it.</summary>
/// <remarks>JSON mime types hold JSON, never a string of JSON; every bundle made from a value has a
/// <c>text/plain</c>.</remarks>
public sealed class MimeBundle
{
    private readonly SortedDictionary<string, JsonNode> _data = new(StringComparer.Ordinal);

    /// <summary>Gets the mime types, in ordinal order.</summary>
    public IReadOnlyCollection<string> MimeTypes => _data.Keys;

    /// <summary>Gets the length of all representations together, in characters.</summary>
    internal long Length { get; private set; }

    /// <summary>Gets the readable text, or an empty string.</summary>
    public string PlainText => Text("text/plain") ?? "";

    /// <summary>Gets the text of a representation.</summary>
    /// <param name="mimeType">For example <c>text/html</c>.</param>
    /// <returns>The text, JSON text for JSON mime types, or null when the bundle has no such representation.</returns>
    public string? Text(string mimeType)
    {
        if (!_data.TryGetValue(mimeType, out JsonNode? node))
        {
            return null;
        }

        return node is JsonValue value && value.TryGetValue(out string? text) ? text : node.ToJsonString();
    }

    /// <summary>Gets a copy of a representation as JSON: a string for text, an object for JSON mime types.</summary>
    /// <param name="mimeType">For example <c>application/vnd.plotly.v1+json</c>.</param>
    public JsonNode? Json(string mimeType) =>
        _data.TryGetValue(mimeType, out JsonNode? node) ? node.DeepClone() : null;

    /// <summary>Gets a copy of the whole bundle as the object that nbformat and the Jupyter protocol carry.</summary>
    public JsonObject ToJson()
    {
        JsonObject result = [];
        foreach ((string mimeType, JsonNode node) in _data)
        {
            result[mimeType] = node.DeepClone();
        }

        return result;
    }

    /// <summary>Gets a bundle whose drawing every front end shows: SVG without HTML gets HTML with the same drawing as
    /// an image.</summary>
    /// <remarks>
    /// nbconvert 6.5.3 to 7.6 empties SVG outputs (jupyter/nbconvert issues 1849, 1894; Debian 12 has 6.5.3), and shows
    /// HTML first. Code hosts also show HTML first, and take images such as this one out of it: so this is for outputs
    /// that go to a front end, not for notebooks that are stored to be looked at there.
    /// </remarks>
    public MimeBundle ForFrontEnd()
    {
        if (Text("image/svg+xml") is not { } svg || _data.ContainsKey("text/html"))
        {
            return this;
        }

        MimeBundle bundle = new();
        foreach ((string mimeType, JsonNode node) in _data)
        {
            bundle._data[mimeType] = node.DeepClone();
        }

        string image = Convert.ToBase64String(Encoding.UTF8.GetBytes(svg));
        bundle.Set("text/html", $"<img alt=\"{WebUtility.HtmlEncode(PlainText.Split('\n')[0])}\" " +
            $"style=\"max-width:100%\" src=\"data:image/svg+xml;base64,{image}\"/>");
        return bundle;
    }

    /// <summary>Tells whether a mime type's data is JSON rather than text.</summary>
    /// <param name="mimeType">The mime type.</param>
    public static bool IsJson(string mimeType) =>
        mimeType.Equals("application/json", StringComparison.Ordinal) ||
        mimeType.EndsWith("+json", StringComparison.Ordinal);

    internal static MimeBundle Of(params ReadOnlySpan<(string MimeType, string Text)> representations)
    {
        MimeBundle bundle = new();
        foreach ((string mimeType, string text) in representations)
        {
            bundle.Set(mimeType, text);
        }

        return bundle;
    }

    /// <summary>Adds a representation; JSON mime types are parsed.</summary>
    /// <exception cref="System.Text.Json.JsonException">A JSON mime type's text is not JSON.</exception>
    internal void Set(string mimeType, string text)
    {
        _data[mimeType] = IsJson(mimeType)
            ? JsonNode.Parse(text) ?? JsonValue.Create("null")
            : JsonValue.Create(text);
        Length += text.Length;
    }
}
