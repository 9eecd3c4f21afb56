using System.Diagnostics;
using Research.Scripting.Notebooks.Parameters;

namespace Research.Scripting.Notebooks;

/// <summary>Runs a notebook from its first cell to its last, without a front end.</summary>
public static class NotebookRunner
{
    private static readonly string[] Shown = ["html", "javascript", "markdown", "mermaid"];

    /// <summary>Runs every code cell on a fresh session and writes outputs and counts into the document.</summary>
    /// <remarks>
    /// Former outputs are removed first. The run stops at the first failing cell unless errors are allowed; outputs and
    /// errors are in the document. Tags mean what they mean to nbclient: <c>skip-execution</c> leaves a cell out, and
    /// one with <c>raises-exception</c> may fail. While it runs, the process's current directory is the notebook's
    /// folder; it is put back after.
    /// </remarks>
    /// <param name="document">The notebook; changed in place, not saved.</param>
    /// <param name="options">How to run it; null for the defaults.</param>
    /// <param name="cancellationToken">Interrupts the running cell; outputs so far stay in the document.</param>
    /// <exception cref="ArgumentException">A parameter does not fit.</exception>
    /// <exception cref="NotebookLanguageException">The notebook, and each of its cells, is of another language than
    /// C#.</exception>
    /// <exception cref="OperationCanceledException">The run was interrupted.</exception>
    public static async Task<NotebookRunResult> RunAsync(
        NotebookDocument document, NotebookRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        options ??= new NotebookRunOptions();
        CheckLanguage(document);
        NotebookParameters.Inject(document, options.Parameters);
        string folder = Path.GetFullPath(options.Folder ?? Environment.CurrentDirectory);
        foreach (NotebookCell cell in document.Cells)
        {
            cell.ClearOutputs();
        }

        NotebookCell[] cells =
        [
            .. document.Cells.Where(
                cell => cell.Kind == NotebookCellKind.Code && !cell.Tags.Contains("skip-execution")),
        ];

        bool outermost = await WorkingFolder.WaitAsync(cancellationToken).ConfigureAwait(false);
        using WorkingFolder working = WorkingFolder.Enter(folder, outermost);
        using ScriptSession session = new(new ScriptSessionOptions { Folder = folder });
        return await RunCellsAsync(session, cells, options, cancellationToken).ConfigureAwait(false);
    }

    private static void CheckLanguage(NotebookDocument document)
    {
        if (document.Language != "csharp" && !document.Cells.Any(cell =>
            cell.Kind == NotebookCellKind.Code && (cell.Language == "csharp" || Shown.Contains(cell.Language))))
        {
            throw new NotebookLanguageException(document.Language);
        }
    }

    private static async Task<NotebookRunResult> RunCellsAsync(
        ScriptSession session, NotebookCell[] cells, NotebookRunOptions options, CancellationToken cancellationToken)
    {
        Stopwatch watch = Stopwatch.StartNew();
        NotebookOutputs outputs = new();
        List<NotebookFailure> failures = [];
        int number = 0;
        try
        {
            while (number < cells.Length && (failures.Count == 0 || options.AllowErrors))
            {
                NotebookCell cell = cells[number++];
                options.Progress?.Report(new NotebookProgress(number, cells.Length, cell.FirstLine, null, null));
                TimeSpan start = watch.Elapsed;
                cell.SetExecutionCount(number);
                CellError? error = await RunCellAsync(session, cell, outputs, options, cancellationToken)
                    .ConfigureAwait(false);
                options.Progress?.Report(
                    new NotebookProgress(number, cells.Length, cell.FirstLine, watch.Elapsed - start, error));
                if (error is not null && !cell.Tags.Contains("raises-exception"))
                {
                    failures.Add(new NotebookFailure(number, cell.FirstLine, error));
                }
            }
        }
        finally
        {
            outputs.Close();
        }

        return new NotebookRunResult(number, failures, watch.Elapsed);
    }

    private static async Task<CellError?> RunCellAsync(
        ScriptSession session,
        NotebookCell cell,
        NotebookOutputs outputs,
        NotebookRunOptions options,
        CancellationToken cancellationToken)
    {
        string name = $"cell {cell.ExecutionCount}";
        TimeSpan limit = options.CellTimeout ?? Timeout.InfiniteTimeSpan;
        using CancellationTokenSource late = new(limit, options.Time);
        using CancellationTokenSource timeout =
            CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        CellError? error;
        try
        {
            error = cell.Language != "csharp" && !Shown.Contains(cell.Language)
                ? Failure("NotSupportedException", $"This is a {cell.Language} cell; only C# can run here.", name)
                : (await session.ExecuteAsync(
                    new CellSource(cell.Language == "csharp" ? cell.Source : $"#!{cell.Language}\n{cell.Source}", name),
                    output => outputs.Add(cell, output),
                    timeout.Token).ConfigureAwait(false)).Error;
        }
        catch (OperationCanceledException)
            when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            error = Failure("TimeoutException",
                FormattableString.Invariant($"The cell ran longer than {limit.TotalSeconds:0.###} s."), name);
        }
        catch (OperationCanceledException)
        {
            outputs.AddError(cell, Failure("OperationCanceledException", "The run was interrupted.", name));
            throw;
        }

        if (error is not null)
        {
            outputs.AddError(cell, error);
        }

        return error;
    }

    private static CellError Failure(string name, string message, string source) =>
        new() { Name = name, Message = message, Source = source, Traceback = [$"{name}: {message}"] };
}
