namespace Research.Scripting.Notebooks.Html;

/// <summary>Keeps an output's style sheet to that output.</summary>
/// <remarks>CSS <c>@scope</c> without a selector means the element that holds the style sheet.</remarks>
internal static class ScopedStyle
{
    /// <summary>Scopes a style sheet.</summary>
    /// <returns>Null when its braces do not pair, so that it could leave the scope.</returns>
    public static string? Of(string css) =>
        css.AsSpan().IndexOfAny('<', '\\', '\0') < 0 && !css.Contains("url(", StringComparison.OrdinalIgnoreCase) &&
        IsPaired(css)
            ? $"@scope{{{css}\n}}"
            : null;

    private static bool IsPaired(string css)
    {
        int depth = 0;
        for (int i = 0; i < css.Length; i++)
        {
            switch (css[i])
            {
                case '{':
                    depth++;
                    break;
                case '}' when --depth < 0:
                    return false;
                case '/' when i + 1 < css.Length && css[i + 1] == '*':
                    int end = css.IndexOf("*/", i + 2, StringComparison.Ordinal);
                    if (end < 0)
                    {
                        return false;
                    }

                    i = end + 1;
                    break;
                case '"' or '\'':
                    int close = css.AsSpan(i + 1).IndexOfAny(css[i], '\n', '\r');
                    if (close < 0 || css[i + 1 + close] != css[i])
                    {
                        return false;
                    }

                    i += close + 1;
                    break;
            }
        }

        return depth == 0;
    }
}
