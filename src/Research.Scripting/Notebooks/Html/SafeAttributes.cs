using System.Net;
using System.Text;

namespace Research.Scripting.Notebooks.Html;

/// <summary>Which attributes HTML from strangers may keep.</summary>
internal static class SafeAttributes
{
    private const int LongestImageText = 200;

    // Beside everything that starts with "on". A "name" would shadow the document's own members.
    private static readonly HashSet<string> Refused = new(StringComparer.OrdinalIgnoreCase)
    {
        "action", "archive", "autofocus", "background", "cite", "codebase", "contenteditable", "data", "formaction",
        "form", "http-equiv", "is", "longdesc", "manifest", "name", "nonce", "part", "ping", "popover", "popovertarget",
        "poster", "profile", "slot", "srcdoc", "srcset", "target", "tabindex", "usemap", "xml:base", "xmlns",
    };

    private static readonly string[] ImageTypes =
        ["data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp", "data:image/svg+xml"];

    public static bool IsName(string name) => name.Length <= 64 && char.IsAsciiLetter(name[0]) &&
        name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or ':' or '_' or '.');

    public static void Write(StringBuilder html, HtmlTag tag)
    {
        foreach ((string name, string? value) in tag.Attributes)
        {
            if (!IsName(name) || name.StartsWith("on", StringComparison.OrdinalIgnoreCase) || Refused.Contains(name) ||
                (IsAddress(name) && !IsSafeAddress(tag.Name, value ?? "")))
            {
                continue;
            }

            html.Append(' ').Append(name).Append("=\"").Append(WebUtility.HtmlEncode(value ?? "")).Append('"');
        }
    }

    /// <summary>Writes an image: one that the page holds, else a link to where it is.</summary>
    public static string Image(HtmlTag tag, Func<string, string?> findImage)
    {
        string source = Value(tag, "src") ?? "";
        string text = Value(tag, "alt") is { Length: > 0 } alt ? alt
            : source.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? "" : source;
        text = text.Length > LongestImageText ? text[..LongestImageText] + "…" : text;
        string? found = IsImage(source) ? source : findImage(source);
        if (found is null)
        {
            return IsSafeAddress("a", source) && source.Length > 0
                ? $"<a class=\"elsewhere\" href=\"{WebUtility.HtmlEncode(source)}\">{WebUtility.HtmlEncode(text)}</a>"
                : $"<span class=\"elsewhere\">{WebUtility.HtmlEncode(text)}</span>";
        }

        StringBuilder html = new("<img");
        Write(html, tag with
        {
            Attributes =
            [
                ("src", found), ("alt", Value(tag, "alt") ?? ""),
                .. tag.Attributes.Where(attribute =>
                    !attribute.Name.Equals("src", StringComparison.OrdinalIgnoreCase) &&
                    !attribute.Name.Equals("alt", StringComparison.OrdinalIgnoreCase)),
            ],
        });
        return html.Append('>').ToString();
    }

    private static string? Value(HtmlTag tag, string name) => tag.Attributes.FirstOrDefault(
        attribute => attribute.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    private static bool IsAddress(string name) =>
        name.Equals("href", StringComparison.OrdinalIgnoreCase) ||
        name.Equals("src", StringComparison.OrdinalIgnoreCase) ||
        name.Equals("xlink:href", StringComparison.OrdinalIgnoreCase);

    private static bool IsSafeAddress(string element, string address)
    {
        string text = new([.. address.Where(c => c > ' ' && !char.IsControl(c))]);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        bool hasScheme = colon >= 0 && text.AsSpan(0, colon).IndexOfAny('/', '?', '#') < 0;
        string scheme = hasScheme ? text[..colon].ToLowerInvariant() : "";
        return element switch
        {
            "a" or "area" => scheme is "" or "http" or "https" or "mailto",
            "img" or "image" => IsImage(text),
            _ => text.StartsWith('#'), // Parts of the same drawing.
        };
    }

    private static bool IsImage(string address) => ImageTypes.Any(type =>
        address.StartsWith(type, StringComparison.OrdinalIgnoreCase) && address.Length > type.Length &&
        address[type.Length] is ';' or ',');
}
