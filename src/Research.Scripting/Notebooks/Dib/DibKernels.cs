using System.Text.Json.Nodes;

namespace Research.Scripting.Notebooks.Dib;

/// <summary>The kernel names that start a cell in a <c>.dib</c> file: .NET Interactive's own and those of
/// <c>#!meta</c>.</summary>
/// <remarks>
/// Source: dotnet/interactive, Microsoft.DotNet.Interactive.Documents, CodeSubmission.Parse: a line <c>#!name</c>
/// starts a cell when the name or alias is known; any other line, <c>#!time</c> say, belongs to the cell.
/// </remarks>
internal sealed class DibKernels
{
    private const int MostKernels = 1_000;
    private const int LongestName = 64;

    private static readonly string[][] Known =
    [
        ["csharp", "C#", "c#", "cs"], ["fsharp", "F#", "f#", "fs"], ["pwsh", "powershell"], ["html"],
        ["javascript", "js"], ["markdown", "md"], ["mermaid"], ["http"], ["kql"], ["sql"], ["value"], ["raw"],
    ];

    private readonly Dictionary<string, string> _nameOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _byText;

    private DibKernels()
    {
        _byText = _nameOf.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (string[] kernel in Known)
        {
            Add(kernel[0], kernel[1..]);
        }
    }

    /// <summary>Gets the kernel of lines before the first cell.</summary>
    public string Default { get; private set; } = "csharp";

    /// <summary>Reads the kernels that a <c>#!meta</c> object declares.</summary>
    /// <param name="meta">The object, or null.</param>
    /// <param name="where">How errors name it.</param>
    /// <exception cref="NotebookFormatException">Its <c>kernelInfo</c> is none.</exception>
    public static DibKernels Of(JsonObject? meta, string where)
    {
        DibKernels kernels = new();
        if (meta?["kernelInfo"] is not { } value)
        {
            return kernels;
        }

        string path = $"{where}: kernelInfo";
        JsonObject info = NotebookReader.Expect<JsonObject>(value, path, "an object");
        if (info["items"] is { } list)
        {
            kernels.AddItems(NotebookReader.Expect<JsonArray>(list, $"{path}.items", "an array"), $"{path}.items");
        }

        if (info["defaultKernelName"] is { } name)
        {
            string text = NotebookReader.Text(name, $"{path}.defaultKernelName");
            kernels.Default = kernels._nameOf.GetValueOrDefault(text) ??
                throw new NotebookFormatException($"{path}.defaultKernelName", "a kernel of the items", "another name");
        }

        return kernels;
    }

    /// <summary>Tells whether a name can stand after <c>#!</c> on a line of its own.</summary>
    public static bool IsName(string name) => name.Length is >= 1 and <= LongestName &&
        name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '#' or '+');

    /// <summary>Tells whether a line starts a cell, and of which kernel.</summary>
    public bool TryGetKernel(ReadOnlySpan<char> line, out string? kernel)
    {
        kernel = null;
        return line.StartsWith("#!", StringComparison.Ordinal) && _byText.TryGetValue(line[2..].TrimEnd(), out kernel);
    }

    public bool Contains(string name) => _nameOf.ContainsKey(name);

    private void AddItems(JsonArray items, string path)
    {
        if (items.Count > MostKernels)
        {
            throw new NotebookFormatException(path, $"at most {MostKernels} kernels", $"{items.Count}");
        }

        for (int i = 0; i < items.Count; i++)
        {
            JsonObject item = NotebookReader.Expect<JsonObject>(items[i], $"{path}[{i}]", "an object");
            string name = Name(item["name"], $"{path}[{i}].name");
            string[] aliases = item["aliases"] is not { } list ? [] :
            [
                .. NotebookReader.Expect<JsonArray>(list, $"{path}[{i}].aliases", "an array")
                    .Select((alias, index) => Name(alias, $"{path}[{i}].aliases[{index}]")),
            ];
            Add(name, aliases);
        }
    }

    private static string Name(JsonNode? node, string path)
    {
        string name = NotebookReader.Text(node, path);
        return IsName(name)
            ? name
            : throw new NotebookFormatException(path, $"1 to {LongestName} letters, digits or .-_#+", "another name");
    }

    // The first to claim an alias keeps it, so that no file can make #!csharp mean something else.
    private void Add(string name, string[] aliases)
    {
        foreach (string alias in (string[])[name, .. aliases])
        {
            _nameOf.TryAdd(alias, _nameOf.GetValueOrDefault(name, name));
        }
    }
}
