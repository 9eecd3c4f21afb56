using System.Net;
using System.Text;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Mathematics;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Research.Scripting.Notebooks.Html;

/// <summary>Renders prose, and collects its headings for the table of contents.</summary>
internal sealed class MarkdownHtml
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough)
        .UseTaskLists()
        .UseAutoLinks()
        .UseFootnotes()
        .UseMathematics()
        .Build();

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly List<(int Level, string Id, string Text)> _headings = [];

    /// <summary>Gets the headings rendered so far.</summary>
    public IReadOnlyList<(int Level, string Id, string Text)> Headings => _headings;

    /// <summary>Renders Markdown; HTML in it comes out as it went in.</summary>
    /// <param name="text">Markdown.</param>
    /// <param name="withHeadings">Whether its headings are the page's.</param>
    public string Render(string text, bool withHeadings)
    {
        MarkdownDocument document;
        try
        {
            document = Markdown.Parse(text, Pipeline);
        }
        catch (ArgumentException)
        {
            return $"<pre>{WebUtility.HtmlEncode(text)}</pre>"; // Nested deeper than Markdig goes.
        }

        foreach (HeadingBlock heading in withHeadings ? document.Descendants<HeadingBlock>() : [])
        {
            AddHeading(heading);
        }

        using StringWriter writer = new() { NewLine = "\n" };
        HtmlRenderer renderer = new(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.ReplaceOrAdd<CodeBlockRenderer>(new CodeRenderer());
        renderer.ObjectRenderers.ReplaceOrAdd<HtmlMathInlineRenderer>(new MathRenderer());
        renderer.Render(document);
        return writer.ToString();
    }

    // Jupyter's own links to headings: the text, with hyphens for spaces.
    private void AddHeading(HeadingBlock heading)
    {
        StringBuilder plain = new();
        foreach (Inline inline in heading.Inline?.Descendants() ?? [])
        {
            plain.Append(inline switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                MathInline math => math.Content.ToString(),
                LineBreakInline => " ",
                _ => "",
            });
        }

        string text = plain.ToString().Trim();
        string stem = new([.. text.Where(c => c > ' ' || c == ' ').Select(c => c is ' ' or '"' ? '-' : c)]);
        string id = stem.Length == 0 ? "heading" : stem;
        for (int number = 2; !_ids.Add(id); number++)
        {
            id = $"{stem}-{number}";
        }

        heading.GetAttributes().Id = id;
        _headings.Add((heading.Level, id, text));
    }

    private sealed class CodeRenderer : HtmlObjectRenderer<CodeBlock>
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock obj)
        {
            string code = obj.Lines.ToString();
            string language = (obj as FencedCodeBlock)?.Info ?? "";
            renderer.EnsureLine();
            renderer.Write("<pre><code>");
            renderer.Write(language.ToLowerInvariant() is "csharp" or "cs" or "c#" or "csx"
                ? CSharpHtml.From(code)
                : WebUtility.HtmlEncode(code));
            renderer.WriteLine("</code></pre>");
        }
    }

    // Jupyter sets $$...$$ on a line of its own even inside a paragraph.
    private sealed class MathRenderer : HtmlObjectRenderer<MathInline>
    {
        protected override void Write(HtmlRenderer renderer, MathInline obj)
        {
            string display = obj.DelimiterCount == 2 ? " data-display" : "";
            renderer.Write($"<span class=\"math\"{display}>").WriteEscape(obj.Content).Write("</span>");
        }
    }
}
