using System.Text;
using System.Text.Json.Nodes;
using Research.Scripting.Notebooks.Html;

namespace Research.Scripting.Notebooks.Text;

/// <summary>A notebook as Markdown: code and outputs in fences, pictures in place.</summary>
public static class NotebookMarkdown
{
    private static readonly string[] Pictures =
        ["image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"];

    /// <summary>Writes the document.</summary>
    /// <param name="document">The notebook, with its stored outputs.</param>
    public static string Write(NotebookDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        StringBuilder text = new();
        foreach (NotebookCell cell in document.Cells)
        {
            if (cell.Kind == NotebookCellKind.Code)
            {
                Fence(text, cell.Language, cell.Source);
                foreach (JsonNode? output in cell.Outputs)
                {
                    Append(text, (JsonObject)output!);
                }
            }
            else
            {
                Part(text, cell.Source);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonObject output)
    {
        switch ((string?)output["output_type"])
        {
            case "stream":
                JsonArray lines = [];
                StreamText.Append(lines, MultilineText.Join(output["text"]));
                Fence(text, "text", MultilineText.Join(lines));
                break;
            case "error":
                IEnumerable<string?> traceback = ((JsonArray)output["traceback"]!).Select(MimeText.Of);
                Fence(text, "text", string.Join('\n', traceback));
                break;
            default:
                AppendBundle(text, (JsonObject)output["data"]!);
                break;
        }
    }

    private static void AppendBundle(StringBuilder text, JsonObject data)
    {
        foreach (string mimeType in Pictures)
        {
            if (MimeText.Of(data[mimeType]) is not { Length: > 0 } picture)
            {
                continue;
            }

            string? base64 = mimeType == "image/svg+xml" ? Convert.ToBase64String(Encoding.UTF8.GetBytes(picture))
                : Base64.IsText(picture) ? Base64.Compact(picture) : null;
            if (base64 is not null)
            {
                Part(text, $"![figure](data:{mimeType};base64,{base64})");
                return;
            }
        }

        if (MimeText.Of(data["text/markdown"]) is { } markdown)
        {
            Part(text, markdown);
        }
        else if (MimeText.Of(data["text/plain"]) is { } plain)
        {
            Fence(text, "text", plain);
        }
    }

    private static void Part(StringBuilder text, string part)
    {
        if (!string.IsNullOrWhiteSpace(part))
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(part.Trim('\n')).Append('\n');
        }
    }

    // The fence is longer than any run of backticks inside.
    private static void Fence(StringBuilder text, string language, string content)
    {
        string body = new([.. content.Trim('\n').Where(c => !char.IsControl(c) || c is '\n' or '\t')]);
        if (string.IsNullOrWhiteSpace(body))
        {
            return;
        }

        int longest = 0;
        int run = 0;
        foreach (char c in body)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        string fence = new('`', Math.Max(3, longest + 1));
        Part(text, $"{fence}{language}\n{body}\n{fence}");
    }
}
