using System.Globalization;
using Microsoft.CodeAnalysis;

namespace Research.Scripting.Compilation;

/// <summary>Reports compile errors at the cell's own line and column.</summary>
internal static class CompileErrors
{
    public static CellError? From(IEnumerable<Diagnostic> diagnostics, CellSource source)
    {
        Diagnostic[] errors =
        [
            .. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start),
        ];
        if (errors.Length == 0)
        {
            return null;
        }

        if (DataText.Is(source.Code))
        {
            return Data(source);
        }

        string[] lines = source.Code.Split('\n');
        List<string> traceback = [];
        foreach (Diagnostic error in errors.Take(20))
        {
            Describe(error, source, lines, traceback);
        }

        if (errors.Length > 20)
        {
            traceback.Add($"... and {errors.Length - 20} more errors.");
        }

        FileLinePositionSpan span = errors[0].Location.GetMappedLineSpan();
        bool located = errors[0].Location.IsInSource;
        int line = span.StartLinePosition.Line;
        return new CellError
        {
            Name = "CompilationError",
            Message = $"{errors[0].Id}: {TextOf(errors[0])}",
            Source = source.Name,
            Line = located ? line + 1 : null,
            Column = located ? span.StartLinePosition.Character + 1 : null,
            LineText = located && line < lines.Length ? lines[line].Trim() : null,
            Traceback = traceback,
        };
    }

    /// <summary>Reports code that would end the process if the compiler saw it.</summary>
    public static CellError TooDeep(CellSource source) => new()
    {
        Name = "CompilationError",
        Message = "The code is nested deeper than the compiler can bear.",
        Source = source.Name,
        Traceback = [$"{source.Name}: error: the code is nested deeper than the compiler can bear."],
    };

    // The compiler's messages quote what they are about, not only the lines shown below them.
    private static CellError Data(CellSource source)
    {
        string message = $"{source.Name} is not C#: it looks like data, and nothing of it is quoted.";
        return new CellError { Name = "CompilationError", Message = message, Source = source.Name, Traceback = [message] };
    }

    private static string TextOf(Diagnostic error) =>
        PrivateReferences.Explain(error.GetMessage(CultureInfo.InvariantCulture));

    private static void Describe(Diagnostic error, CellSource source, string[] lines, List<string> traceback)
    {
        string message = $"error {error.Id}: {TextOf(error)}";
        if (!error.Location.IsInSource)
        {
            traceback.Add($"{source.Name}: {message}");
            return;
        }

        FileLinePositionSpan span = error.Location.GetMappedLineSpan();
        int line = span.StartLinePosition.Line;
        int column = span.StartLinePosition.Character;
        traceback.Add($"{source.Name}({line + 1},{column + 1}): {message}");
        if (line < lines.Length)
        {
            string text = lines[line].TrimEnd().Replace('\t', ' ');
            int end = span.EndLinePosition.Line == line ? span.EndLinePosition.Character : text.Length;
            traceback.Add($"    {text}");
            traceback.Add($"    {new string(' ', column)}{new string('^', Math.Max(1, end - column))}");
        }
    }
}
