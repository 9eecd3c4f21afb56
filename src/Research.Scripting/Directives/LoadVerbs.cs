using Research.Scripting.Notebooks;
using Research.Scripting.Scripts;

namespace Research.Scripting.Directives;

/// <summary>Directives that run another file in this session.</summary>
internal static class LoadVerbs
{
    private const string Summary = "Runs a .csx, .cs, .ipynb or .dib file here, once a cell.";

    private static readonly Dictionary<string, string> Languages = new(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "html",
        [".js"] = "javascript",
        [".md"] = "markdown",
        [".fs"] = "fsharp",
        [".fsx"] = "fsharp",
        [".ps1"] = "pwsh",
        [".py"] = "python",
    };

    public static IEnumerable<Verb> All =>
    [
        new("#load", "\"PATH\"", Summary, LoadAsync) { Words = null },
        new("#!import", "PATH", Summary, LoadAsync) { Words = null },
    ];

    private static async Task<CellError?> LoadAsync(DirectiveCall call, CancellationToken cancellationToken)
    {
        if (call.Directive.Argument.Length == 0)
        {
            throw new DirectiveException($"Expected {call.Directive.Name} \"PATH\".");
        }

        string path = Path.GetFullPath(Path.Combine(call.Folder, call.Directive.Argument));
        if (!File.Exists(path))
        {
            throw new DirectiveException($"There is no file at {path}.");
        }

        if (!call.Loading.Add(path))
        {
            return null;
        }

        foreach (CellSource part in await PartsOfAsync(path, cancellationToken).ConfigureAwait(false))
        {
            (_, CellError? error) = await call.Session
                .RunSourceAsync(part, call.Channel, showValue: false, call.Loading, cancellationToken)
                .ConfigureAwait(false);
            if (error is not null)
            {
                return error;
            }
        }

        return null;
    }

    private static async Task<IReadOnlyList<CellSource>> PartsOfAsync(string path, CancellationToken cancellationToken)
    {
        string name = Path.GetFileName(path);
        string extension = Path.GetExtension(path).ToLowerInvariant();
        if (extension is ".ipynb" or ".dib")
        {
            return CellsOf(path, name);
        }

        (string? code, string? refusal) = Languages.TryGetValue(extension, out string? language)
            ? await ScriptFile.ReadTextAsync(path, cancellationToken).ConfigureAwait(false)
            : await ScriptFile.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        return code is null
            ? throw new DirectiveException(refusal!)
            : [new CellSource(InLanguage(language ?? "csharp", code), name, path)];
    }

    private static CellSource[] CellsOf(string path, string name)
    {
        try
        {
            return
            [
                .. NotebookDocument.Load(path).Cells.Where(cell => cell.Kind == NotebookCellKind.Code)
                    .Select((cell, index) => new CellSource(
                        InLanguage(cell.Language, cell.Source), $"{name} cell {index + 1}", $"{path}#{index + 1}")),
            ];
        }
        catch (NotebookFormatException exception)
        {
            throw new DirectiveException(exception.Message);
        }
    }

    private static string InLanguage(string language, string code) =>
        language == "csharp" ? code : $"#!{language}\n{code}";
}
