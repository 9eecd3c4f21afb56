using System.Net;
using Research.Scripting.Compilation;
using Research.Scripting.Notebooks;
using Research.Scripting.Outputs;
using Research.Scripting.Packages;

namespace Research.Scripting.Directives;

/// <summary>Carries out the directives and magics of a session's cells.</summary>
internal sealed class DirectiveRunner(ScriptSession session, SessionReferences references)
{
    private const string ProjectPrefix = "project:";

    private static readonly string[] Names =
        ["#r", "#i", "#load", "#!import", "#!time", "#!who", "#!whos", "#!lsmagic", "#!about"];

    /// <summary>Gets every directive a cell may use.</summary>
    public static IReadOnlyCollection<string> Known { get; } = [.. Names, .. CellSegment.Switches];

    /// <summary>Carries out one directive.</summary>
    /// <returns>The error, or null.</returns>
    public async Task<CellError?> RunAsync(
        Directive directive,
        CellSource source,
        OutputChannel channel,
        HashSet<string> loading,
        CancellationToken cancellationToken)
    {
        try
        {
            switch (directive.Name)
            {
                case "#r":
                    await ReferenceAsync(directive, source, channel, cancellationToken).ConfigureAwait(false);
                    return null;
                case "#i":
                    references.AddSource(PackageRequest.IsPackage(directive.Argument)
                        ? directive.Argument["nuget:".Length..].Trim()
                        : directive.Argument);
                    return null;
                case "#load" or "#!import":
                    return await LoadAsync(directive, source, channel, loading, cancellationToken)
                        .ConfigureAwait(false);
                case "#!who" or "#!whos":
                    ListVariables(channel, withValues: directive.Name == "#!whos");
                    return null;
                case "#!lsmagic":
                    IEnumerable<string> names = Known.Order(StringComparer.Ordinal);
                    Show(channel, "Directives", [.. names.Select(name => (string[])[name])]);
                    return null;
                case "#!about":
                    Show(channel, "About", [[$"Research.Scripting on .NET {Environment.Version}, C# by Roslyn"]]);
                    return null;
                case "#!time":
                    return null; // The session times the rest of the cell.
                default:
                    throw new DirectiveException($"Unknown directive {directive.Name}. " +
                        $"Did you mean {string.Join(", ", NearNames.Of(directive.Name, Known))}?");
            }
        }
        catch (DirectiveException exception)
        {
            return new CellError
            {
                Name = "DirectiveError",
                Message = exception.Message,
                Source = source.Name,
                Line = directive.Line,
                LineText = directive.Text,
                Traceback =
                [
                    $"{source.Name}, line {directive.Line}: {directive.Text}", .. exception.Message.Split('\n'),
                ],
            };
        }
    }

    private async Task ReferenceAsync(
        Directive directive, CellSource source, OutputChannel channel, CancellationToken cancellationToken)
    {
        string folder = source.Folder ?? session.Folder;
        if (directive.Argument.StartsWith(ProjectPrefix, StringComparison.OrdinalIgnoreCase))
        {
            await references.AddProjectAsync(directive.Argument[ProjectPrefix.Length..].Trim(), folder, cancellationToken)
                .ConfigureAwait(false);
            return;
        }

        if (!PackageRequest.IsPackage(directive.Argument))
        {
            references.AddAssembly(directive.Argument, folder);
            return;
        }

        PackageRequest request = PackageRequest.Parse(directive.Argument) ?? throw new DirectiveException(
            $"Expected #r \"nuget: Id, Version\", got {directive.Text}.");
        await references.AddPackageAsync(request, folder, cancellationToken).ConfigureAwait(false);
        string[] installed = [.. references.Packages.Where(
            package => package.Id.Equals(request.Id, StringComparison.OrdinalIgnoreCase))
            .Select(package => $"{package.Id}, {package.Version}")];
        channel.Emit(new DisplayOutput(
            MimeBundle.Of(
                ("text/html", $"<div><strong>Installed Packages</strong><ul>{string.Concat(installed.Select(
                    name => $"<li><span>{WebUtility.HtmlEncode(name)}</span></li>"))}</ul></div>"),
                ("text/plain", $"Installed Packages\n{string.Join('\n', installed)}")),
            Guid.NewGuid().ToString("N")));
    }

    private async Task<CellError?> LoadAsync(
        Directive directive,
        CellSource source,
        OutputChannel channel,
        HashSet<string> loading,
        CancellationToken cancellationToken)
    {
        string path = Path.GetFullPath(Path.Combine(source.Folder ?? session.Folder, directive.Argument));
        if (!File.Exists(path))
        {
            throw new DirectiveException($"There is no file at {path}.");
        }

        if (!loading.Add(path))
        {
            return null;
        }

        foreach (CellSource part in await PartsOfAsync(path, cancellationToken).ConfigureAwait(false))
        {
            (_, CellError? error) = await session
                .RunSourceAsync(part, channel, showValue: false, loading, cancellationToken).ConfigureAwait(false);
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
        if (!path.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase))
        {
            string code = await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
            return [new CellSource(code, name, path)];
        }

        try
        {
            NotebookDocument notebook = NotebookDocument.Load(path);
            return
            [
                .. notebook.Cells.Where(cell => cell.Kind == NotebookCellKind.Code && cell.Language == "csharp")
                    .Select((cell, index) => new CellSource(
                        cell.Source, $"{name} cell {index + 1}", $"{path}#{index + 1}")),
            ];
        }
        catch (NotebookFormatException exception)
        {
            throw new DirectiveException(exception.Message);
        }
    }

    private void ListVariables(OutputChannel channel, bool withValues) => Show(
        channel,
        "Variables",
        [
            .. session.Variables.OrderBy(variable => variable.Name, StringComparer.Ordinal).Select(variable =>
                withValues
                    ? (string[])[variable.Name, variable.Type.Name, $"{variable.Value}"]
                    : [variable.Name]),
        ]);

    private static void Show(OutputChannel channel, string title, IReadOnlyList<string[]> rows)
    {
        string body = string.Concat(rows.Select(
            row => $"<tr>{string.Concat(row.Select(cell => $"<td>{WebUtility.HtmlEncode(cell)}</td>"))}</tr>"));
        channel.Emit(new DisplayOutput(
            MimeBundle.Of(
                ("text/html", $"<table><caption>{title}</caption><tbody>{body}</tbody></table>"),
                ("text/plain", string.Join('\n', rows.Select(row => string.Join('\t', row))))),
            Guid.NewGuid().ToString("N")));
    }
}
