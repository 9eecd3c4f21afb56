using System.Text;
using Research.Scripting.Notebooks;
using Research.Scripting.Notebooks.Html;
using Research.Scripting.Notebooks.Text;

namespace Research.Cli.Commands;

/// <summary>A file that a notebook is written to, in the form its name's end tells.</summary>
internal static class NotebookTarget
{
    private static readonly Dictionary<string, string> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        [".ipynb"] = "ipynb",
        [".dib"] = "dib",
        [".html"] = "html",
        [".htm"] = "html",
        [".csx"] = "csx",
        [".md"] = "markdown",
    };

    /// <summary>Gets the names of the forms, as <c>--to</c> takes them.</summary>
    public static IReadOnlyCollection<string> Names { get; } = ["html", "ipynb", "dib", "csx", "markdown"];

    /// <summary>Tells the form of a file, or null.</summary>
    public static string? FormatOf(string path) => Formats.GetValueOrDefault(Path.GetExtension(path));

    /// <summary>Gets the usual end of a form's file names.</summary>
    public static string ExtensionOf(string format) => format == "markdown" ? ".md" : $".{format}";

    /// <summary>Writes a notebook.</summary>
    /// <param name="document">The notebook.</param>
    /// <param name="path">The file; one that has these bytes already is not touched.</param>
    /// <param name="format">One of <see cref="Names"/>.</param>
    /// <param name="source">The notebook's own file, beside which pictures are found.</param>
    /// <param name="trust">Whether a page keeps the scripts of outputs.</param>
    /// <param name="cancellationToken">Gives up before the file is in place.</param>
    /// <returns>What the user should know about the file.</returns>
    public static async Task<IReadOnlyList<string>> WriteAsync(
        NotebookDocument document,
        string path,
        string format,
        string source,
        bool trust,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<string> warnings = [];
        byte[] bytes = format switch
        {
            "ipynb" => document.ToBytes(),
            "dib" => document.ToBytes(NotebookFormat.Dib),
            "csx" => Encoding.UTF8.GetBytes(NotebookScript.Write(document, out warnings)),
            "markdown" => Encoding.UTF8.GetBytes(NotebookMarkdown.Write(document)),
            _ => Encoding.UTF8.GetBytes(NotebookHtml.Write(document, new NotebookHtmlOptions
            {
                Folder = Path.GetDirectoryName(Path.GetFullPath(source)),
                TrustScripts = trust,
            })),
        };
        byte[]? former = File.Exists(path)
            ? await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false)
            : null;
        if (former is null || !former.AsSpan().SequenceEqual(bytes))
        {
            await OutputFile.WriteAsync(path, bytes, cancellationToken).ConfigureAwait(false);
        }

        return warnings;
    }
}
