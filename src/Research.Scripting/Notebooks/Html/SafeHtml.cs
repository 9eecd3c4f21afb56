using System.Net;
using System.Text;

namespace Research.Scripting.Notebooks.Html;

/// <summary>Makes HTML from strangers fit to stand in a page: balanced, without scripts, within its own box.</summary>
/// <remarks>
/// Nothing of the input is copied as it is: it is read tag by tag and written anew, so that what a browser reads is
/// what was checked. Every element is closed, so that no output can swallow the rest of the page. The page's content
/// security policy stands behind this: it runs no script but the page's own and loads nothing from outside.
/// </remarks>
internal sealed class SafeHtml
{
    private const int Deepest = 200;

    // Gone with all they hold; "plaintext" never ends.
    private static readonly HashSet<string> Removed = new(StringComparer.Ordinal)
    {
        "script", "iframe", "noscript", "noembed", "noframes", "xmp", "plaintext", "object", "applet", "template",
        "audio", "video", "canvas", "portal", "fencedframe",
    };

    // The tags go, what they hold stays.
    private static readonly HashSet<string> Unwrapped = new(StringComparer.Ordinal)
    {
        "html", "head", "body", "frameset", "frame", "base", "link", "meta", "form", "embed", "main", "set", "animate",
        "animatetransform", "animatemotion", "param", "source", "track", "slot", "image-set", "dialog",
    };

    private static readonly HashSet<string> Void = new(StringComparer.Ordinal)
    {
        "area", "br", "col", "hr", "img", "input", "wbr",
    };

    private readonly StringBuilder _html = new();
    private readonly List<string> _open = [];
    private readonly Func<string, string?> _findImage;

    private SafeHtml(Func<string, string?> findImage) => _findImage = findImage;

    /// <summary>Gets whether there was a script, which was left out.</summary>
    public bool HadScript { get; private set; }

    /// <summary>Gets whether anything is left to see.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>Makes a fragment safe.</summary>
    /// <param name="html">The fragment.</param>
    /// <param name="findImage">Gives the data URI of an image that the page should carry itself, or null.</param>
    /// <param name="result">What was found on the way.</param>
    public static string From(string html, Func<string, string?> findImage, out SafeHtml result)
    {
        result = new SafeHtml(findImage);
        result.Read(html.Replace("\0", "", StringComparison.Ordinal));
        return result._html.ToString();
    }

    private void Read(string html)
    {
        int at = 0;
        while (at < html.Length)
        {
            int next = html.IndexOf('<', at);
            WriteText(html.AsSpan(at, (next < 0 ? html.Length : next) - at));
            if (next < 0)
            {
                break;
            }

            at = ReadMarkup(html, next);
        }

        CloseDownTo(0);
    }

    private int ReadMarkup(string html, int start)
    {
        if (html.AsSpan(start).StartsWith("<!--", StringComparison.Ordinal))
        {
            int end = html.IndexOf("-->", start + 4, StringComparison.Ordinal);
            return end < 0 ? html.Length : end + 3;
        }

        if (start + 1 < html.Length && html[start + 1] is '!' or '?')
        {
            int end = html.IndexOf('>', start);
            return end < 0 ? html.Length : end + 1;
        }

        if (!HtmlTag.TryRead(html, start, out HtmlTag tag))
        {
            WriteText("<");
            return start + 1;
        }

        if (tag.IsEnd)
        {
            int index = _open.LastIndexOf(tag.Name);
            CloseDownTo(index < 0 ? _open.Count : index);
            return tag.End;
        }

        return ReadElement(html, tag);
    }

    private int ReadElement(string html, HtmlTag tag)
    {
        if (Removed.Contains(tag.Name))
        {
            HadScript |= tag.Name == "script" && IsExecutable(tag);
            return tag.Name == "plaintext" ? html.Length : AfterContent(html, tag, out _);
        }

        if (tag.Name is "style" or "textarea" or "title")
        {
            int after = AfterContent(html, tag, out string content);
            if (tag.Name == "style")
            {
                _html.Append(ScopedStyle.Of(content) is { } style ? $"<style>{style}</style>" : "");
            }
            else
            {
                _html.Append($"<{tag.Name}>{WebUtility.HtmlEncode(WebUtility.HtmlDecode(content))}</{tag.Name}>");
            }

            return after;
        }

        if (!Unwrapped.Contains(tag.Name) && SafeAttributes.IsName(tag.Name) && _open.Count < Deepest)
        {
            Open(tag);
        }

        return tag.End;
    }

    private void Open(HtmlTag tag)
    {
        if (tag.Name == "img")
        {
            _html.Append(SafeAttributes.Image(tag, _findImage));
            IsEmpty = false;
            return;
        }

        _html.Append('<').Append(tag.Name);
        SafeAttributes.Write(_html, tag);
        bool isForeign = _open.Contains("svg") || _open.Contains("math");
        bool closes = tag.IsSelfClosing && isForeign;
        _html.Append(closes ? "/>" : ">");
        IsEmpty &= tag.Name is not ("svg" or "hr" or "input" or "table");
        if (!closes && (isForeign || !Void.Contains(tag.Name)))
        {
            _open.Add(tag.Name);
        }
    }

    private void WriteText(ReadOnlySpan<char> text)
    {
        IsEmpty &= text.IsWhiteSpace();
        _html.Append(text is "<" ? "&lt;" : text);
    }

    private void CloseDownTo(int count)
    {
        for (int i = _open.Count - 1; i >= count; i--)
        {
            _html.Append("</").Append(_open[i]).Append('>');
        }

        _open.RemoveRange(count, _open.Count - count);
    }

    private static int AfterContent(string html, HtmlTag tag, out string content)
    {
        int end = tag.End;
        while ((end = html.IndexOf($"</{tag.Name}", end, StringComparison.OrdinalIgnoreCase)) >= 0)
        {
            if (HtmlTag.TryRead(html, end, out HtmlTag close) && close.Name.Length == 0)
            {
                break;
            }

            if (close.Name == tag.Name)
            {
                content = html[tag.End..end];
                return close.End;
            }

            end++;
        }

        content = html[tag.End..];
        return html.Length;
    }

    private static bool IsExecutable(HtmlTag tag)
    {
        string? type = tag.Attributes.FirstOrDefault(
            attribute => attribute.Name.Equals("type", StringComparison.OrdinalIgnoreCase)).Value;
        return string.IsNullOrWhiteSpace(type) || type.Contains("javascript", StringComparison.OrdinalIgnoreCase) ||
            type.Equals("module", StringComparison.OrdinalIgnoreCase);
    }
}
