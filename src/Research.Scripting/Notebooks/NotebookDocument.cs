using System.Globalization;
using System.Text.Json.Nodes;
using Research.Scripting.Notebooks.Dib;

namespace Research.Scripting.Notebooks;

/// <summary>A Jupyter notebook, nbformat 4: read strictly, written stably.</summary>
/// <remarks>
/// Whatever this program does not know (metadata, attachments, outputs of other kinds) stays as it was, in its order. A
/// document that did not change is written back byte for byte; one that did is written as Jupyter writes: one-space
/// indent, LF, a final newline, text as arrays of lines. New members go where sorted order puts them.
/// Format: nbformat 4.5 schema of the Jupyter project.
/// </remarks>
public sealed class NotebookDocument
{
    private static readonly string[] Endings = [".ipynb", ".dib"];

    private readonly JsonObject _root;
    private readonly byte[] _original;
    private readonly byte[] _originalWritten;
    private readonly NotebookFormat _originalFormat;
    private readonly List<NotebookCell> _cells;

    private NotebookDocument(JsonObject root, byte[] original, NotebookFormat format)
    {
        _root = root;
        _original = original;
        _originalFormat = format;
        _cells = [.. CellArray.Select(cell => new NotebookCell((JsonObject)cell!, Language))];
        _originalWritten = original.Length == 0 ? [] : Write(format);
    }

    /// <summary>Gets the cells, in order.</summary>
    public IReadOnlyList<NotebookCell> Cells => _cells;

    /// <summary>Gets the language of cells that name none: <c>csharp</c>, <c>python</c>, ...</summary>
    public string Language => NotebookCell.Normalise(
        (string?)_root["metadata"]!["kernelspec"]?["language"] ??
        (string?)_root["metadata"]!["language_info"]?["name"] ??
        (string?)_root["metadata"]!["kernelspec"]?["name"] ??
        "csharp") is var language && language == "polyglot-notebook" ? "csharp" : language;

    /// <summary>Gets the format the document was read from.</summary>
    public NotebookFormat Format => _originalFormat;

    internal JsonObject Metadata => (JsonObject)_root["metadata"]!;

    private JsonArray CellArray => (JsonArray)_root["cells"]!;

    private bool HasIds => (int)_root["nbformat_minor"]! >= 5;

    /// <summary>Makes an empty C# notebook with the metadata that VS Code and Jupyter expect.</summary>
    public static NotebookDocument Create()
    {
        JsonObject metadata = NotebookMetadata.For("csharp");
        metadata["polyglot_notebook"] = new JsonObject
        {
            ["kernelInfo"] = new JsonObject
            {
                ["defaultKernelName"] = "csharp",
                ["items"] = new JsonArray(new JsonObject { ["aliases"] = new JsonArray(), ["name"] = "csharp" }),
            },
        };
        return new NotebookDocument(
            new JsonObject
            {
                ["cells"] = new JsonArray(),
                ["metadata"] = metadata,
                ["nbformat"] = 4,
                ["nbformat_minor"] = 5,
            },
            [],
            NotebookFormat.Ipynb);
    }

    /// <summary>Reads a notebook.</summary>
    /// <param name="utf8">The file's bytes, at most 64 MiB.</param>
    /// <param name="format">What they are.</param>
    /// <exception cref="NotebookFormatException">It is not a notebook of that format.</exception>
    public static NotebookDocument Parse(ReadOnlyMemory<byte> utf8, NotebookFormat format = NotebookFormat.Ipynb) =>
        new(format == NotebookFormat.Dib ? DibReader.Read(utf8) : NotebookReader.Read(utf8), utf8.ToArray(), format);

    /// <summary>Reads a notebook file; its name's end tells the format.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="NotebookFormatException">It is not a notebook, or larger than 64 MiB.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static NotebookDocument Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
        {
            throw new NotebookFormatException("the file's name", "an end of .ipynb or .dib", "another");
        }

        NotebookReader.CheckLength(new FileInfo(path).Length);
        return Parse(File.ReadAllBytes(path), FormatOf(path));
    }

    /// <summary>Tells the format by a file's name: <c>.dib</c>, else <c>.ipynb</c>.</summary>
    /// <param name="path">The file.</param>
    public static NotebookFormat FormatOf(string path) =>
        Path.GetExtension(path).Equals(".dib", StringComparison.OrdinalIgnoreCase)
            ? NotebookFormat.Dib
            : NotebookFormat.Ipynb;

    /// <summary>Gets the document as a file holds it.</summary>
    /// <param name="format">The file's format; <c>.dib</c> keeps neither outputs nor cells' ids and metadata.</param>
    /// <exception cref="NotebookFormatException">The format has no way to write a cell's language.</exception>
    public byte[] ToBytes(NotebookFormat format = NotebookFormat.Ipynb)
    {
        byte[] written = Write(format);
        return format == _originalFormat && _original.Length > 0 && written.AsSpan().SequenceEqual(_originalWritten)
            ? [.. _original]
            : written;
    }

    /// <summary>Writes the document to a file, at once or not at all; a file that has these bytes is not
    /// touched.</summary>
    /// <param name="path">The file; the name's end tells the format.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path)
    {
        byte[] bytes = ToBytes(FormatOf(path));
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
        {
            return;
        }

        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Adds a C# cell at the end.</summary>
    /// <param name="source">The code, lines separated by LF.</param>
    /// <param name="id">Its id; null for the next free <c>cell-N</c>.</param>
    /// <param name="tags">Its tags, for example <c>parameters</c>.</param>
    public NotebookCell AddCode(string source, string? id = null, params ReadOnlySpan<string> tags) =>
        InsertCode(_cells.Count, source, id, tags);

    /// <summary>Adds a C# cell before another.</summary>
    /// <param name="index">The new cell's 0-based place.</param>
    /// <param name="source">The code, lines separated by LF.</param>
    /// <param name="id">Its id; null for the next free <c>cell-N</c>.</param>
    /// <param name="tags">Its tags.</param>
    public NotebookCell InsertCode(int index, string source, string? id = null, params ReadOnlySpan<string> tags)
    {
        JsonObject metadata = NotebookMetadata.ForCell("csharp");
        if (tags.Length > 0)
        {
            metadata["tags"] = new JsonArray([.. tags.ToArray().Select(tag => (JsonNode)tag)]);
        }

        JsonObject json = new() { ["cell_type"] = "code", ["execution_count"] = null };
        return Insert(index, json, id, metadata, source, ("outputs", new JsonArray()));
    }

    /// <summary>Adds prose at the end.</summary>
    /// <param name="source">Markdown, lines separated by LF.</param>
    /// <param name="id">Its id; null for the next free <c>cell-N</c>.</param>
    public NotebookCell AddMarkdown(string source, string? id = null) =>
        Insert(_cells.Count, new JsonObject { ["cell_type"] = "markdown" }, id, [], source);

    /// <summary>Removes a cell.</summary>
    /// <param name="cell">One of <see cref="Cells"/>.</param>
    public void Remove(NotebookCell cell)
    {
        int index = _cells.IndexOf(cell);
        ArgumentOutOfRangeException.ThrowIfNegative(index, nameof(cell));
        _cells.RemoveAt(index);
        CellArray.RemoveAt(index);
    }

    private NotebookCell Insert(
        int index, JsonObject json, string? id, JsonObject metadata, string source, params (string, JsonNode)[] more)
    {
        if (HasIds)
        {
            json["id"] = NewId(id);
        }

        json["metadata"] = metadata;
        foreach ((string name, JsonNode value) in more)
        {
            json[name] = value;
        }

        json["source"] = MultilineText.Split(source);
        NotebookCell cell = new(json, Language);
        CellArray.Insert(index, json);
        _cells.Insert(index, cell);
        return cell;
    }

    private byte[] Write(NotebookFormat format) => format == NotebookFormat.Dib
        ? DibWriter.Write(Metadata, _cells, HasWindowsLines ? "\r\n" : "\n")
        : JupyterJson.Write(_root);

    private bool HasWindowsLines => _originalFormat == NotebookFormat.Dib &&
        _original.AsSpan().IndexOf((byte)'\n') is > 0 and int end && _original[end - 1] == '\r';

    private string NewId(string? wanted)
    {
        HashSet<string> taken = [.. _cells.Select(cell => cell.Id)];
        if (wanted is not null)
        {
            return taken.Contains(wanted)
                ? throw new ArgumentException($"A cell with the id {wanted} exists already.", nameof(wanted))
                : wanted;
        }

        int number = _cells.Count + 1;
        while (taken.Contains(string.Create(CultureInfo.InvariantCulture, $"cell-{number}")))
        {
            number++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"cell-{number}");
    }
}
