namespace Research.Scripting.Notebooks.Html;

/// <summary>Base64 as notebooks hold it: with line ends.</summary>
internal static class Base64
{
    /// <summary>Tells whether text is Base64 and nothing else, so that it can stand in an attribute.</summary>
    public static bool IsText(string? text) =>
        text is { Length: > 0 } && System.Buffers.Text.Base64.IsValid(text);

    public static string Compact(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
