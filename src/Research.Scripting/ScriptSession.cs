using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.DotNet.Interactive.Formatting;
using Research.Interactive.Hosts;
using Research.Interactive.Magics;
using Research.Scripting.Comms;
using Research.Scripting.Compilation;
using Research.Scripting.Directives;
using Research.Scripting.Display;
using Research.Scripting.Input;
using Research.Scripting.Intelligence;
using Research.Scripting.Interactive;
using Research.Scripting.Outputs;

namespace Research.Scripting;

/// <summary>Runs cells of C# one after another on one growing state, as a notebook or a script does.</summary>
/// <remarks>
/// Formatters (<c>Formatter.Register</c>) and the console are the process's: a new session resets the first and shares
/// the second, so a process should use one session at a time. A cell that fails keeps the variables it had set.
/// </remarks>
public sealed class ScriptSession : IDisposable
{
    private readonly ScriptSessionOptions _options;
    private readonly CellRuntime _runtime;
    private readonly CellCompiler _compiler;
    private readonly DirectiveRunner _directives;
    private readonly ConcurrentDictionary<string, CellSource> _sources = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Starts a session; the first cell pays for starting the compiler unless <see cref="WarmAsync"/>
    /// ran.</summary>
    /// <param name="options">What it starts with; null for a notebook in the current directory.</param>
    public ScriptSession(ScriptSessionOptions? options = null)
    {
        _options = options ?? new ScriptSessionOptions();
        Folder = Path.GetFullPath(_options.Folder ?? Environment.CurrentDirectory);
        ScriptGlobals? globals = _options.Arguments is null ? null : new ScriptGlobals(_options.Arguments);
        _runtime = new CellRuntime(globals);
        SessionReferences references = new(_runtime.Context);
        _compiler = new CellCompiler(references, globals?.GetType());
        _directives = new DirectiveRunner(this, references);
        Formatter.ResetToDefault();
        LibraryFormatters.Register();
        NotebookHost.Current = new ScriptHost();
        Intelligence = new CellIntelligence(this);
        ConsoleRouter.Install();
        if (_options.Arguments is null || _options.ReadLine is not null)
        {
            ConsoleInput.Install(); // A script reads the process's own standard input.
        }
    }

    /// <summary>Gets completion, documentation and signatures for this session's state.</summary>
    public CellIntelligence Intelligence { get; }

    /// <summary>Gets what magic commands keep for as long as the session lives.</summary>
    internal MagicSession Magics { get; } = new();

    /// <summary>Gets whether this is a program rather than a notebook.</summary>
    internal bool IsScript => _options.Arguments is not null;

    /// <summary>Gets who asks the user for a line, or null.</summary>
    internal Func<InputRequest, CancellationToken, Task<string?>>? ReadLine => _options.ReadLine;

    /// <summary>Gets or sets who hears of each cell once it is compiled, before it runs.</summary>
    internal Action<CellSource, CellImage, CellLoadContext>? Compiled { get; init; }

    /// <summary>Gets whether all that ran so far was C# and references: running the compiled cells again does the
    /// same.</summary>
    internal bool IsReplayable { get; private set; } = true;

    /// <summary>Gets the lines between cells and code in the front end's page.</summary>
    public CommRegistry Comms { get; } = new();

    /// <summary>Gets the folder against which <c>#r</c> and <c>#load</c> resolve.</summary>
    public string Folder { get; }

    /// <summary>Gets the variables declared so far, the last of each name.</summary>
    public IReadOnlyCollection<CellVariable> Variables => _runtime.Variables;

    /// <summary>Gets the value of a variable.</summary>
    /// <param name="name">The variable's name.</param>
    /// <param name="value">Its value, or null.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGetVariable(string name, out object? value)
    {
        CellVariable? variable = _runtime.Variable(name);
        value = variable?.Value;
        return variable is not null;
    }

    /// <summary>Starts the compiler ahead of the first cell; meant to run while something else is read or
    /// awaited.</summary>
    /// <param name="cancellationToken">Stops between the steps.</param>
    public static Task WarmAsync(CancellationToken cancellationToken = default) => Task.Run(
        async () =>
        {
            CellCompiler.Warm();
            cancellationToken.ThrowIfCancellationRequested();
            CellRuntime runtime = new(null);
            CellCompiler compiler = new(new SessionReferences(runtime.Context), null);
            CellSource source = new("1 + 1", "warm");
            (CompiledCell? cell, _) = compiler.Compile(source, source.Code, cancellationToken);
            await runtime.Load(cell!.Image)().ConfigureAwait(false);
            MimeFormatter.Warm();
        },
        cancellationToken);

    /// <summary>Makes an exception that nobody catches on a thread that user code started end that thread, not the
    /// process; it is reported on its cell's standard error. For a process that belongs to sessions; once.</summary>
    public static void OutliveThreads() => ExceptionHandling.SetUnhandledExceptionHandler(static exception =>
    {
        OutputChannel? channel = OutputChannel.Current;
        channel?.Write("stderr", $"Unhandled on a thread: {exception}\n");
        return channel is not null; // A fault of the host's own still ends it.
    });

    /// <summary>Runs a cell; cells asked for at the same time run one after another.</summary>
    /// <param name="source">The code and its name.</param>
    /// <param name="receive">Gets each output, in order; may be called from any thread, and after the cell's end by
    /// work it left behind. It must not wait for the cell.</param>
    /// <param name="cancellationToken">Interrupts the cell. Its own loops, functions and waits stop, and what follows an
    /// await does not run; a library's busy loop is abandoned. What the cell had set stays set.</param>
    /// <returns>The value or the error; a failing cell does not throw.</returns>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    public Task<CellResult> ExecuteAsync(
        CellSource source, Action<CellOutput> receive, CancellationToken cancellationToken = default) =>
        ExecuteAsync(source, receive, showValue: true, cancellationToken);

    /// <summary>Runs a whole script: as a cell, but its value is the caller's and is not shown.</summary>
    internal Task<CellResult> ExecuteScriptAsync(
        CellSource source, Action<CellOutput> receive, CancellationToken cancellationToken) =>
        ExecuteAsync(source, receive, showValue: false, cancellationToken);

    private async Task<CellResult> ExecuteAsync(
        CellSource source, Action<CellOutput> receive, bool showValue, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(receive);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        ConsoleRouter.Install();
        DisplayedValues.Install();
        LibraryFormatters.Register();
        Stopwatch watch = Stopwatch.StartNew();
        using OutputChannel channel = new(receive, _options.BatchStreams, _options.LimitsOutput ? new OutputBudget() : null)
        {
            Comms = Comms,
            Input = new CellInput(_options.ReadLine, cancellationToken),
        };
        OutputChannel? outer = OutputChannel.Current;
        OutputChannel.Current = channel;
        try
        {
            HashSet<string> loading = new(StringComparer.Ordinal);
            (object? value, CellError? error) =
                await RunSourceAsync(source, channel, showValue, loading, cancellationToken).ConfigureAwait(false);
            return new CellResult(value, error, watch.Elapsed);
        }
        finally
        {
            OutputChannel.Current = outer;
            _turn.Release();
        }
    }

    /// <summary>Evaluates an expression on the session's state, without a turn of its own and without showing it; for
    /// Jupyter's <c>user_expressions</c>.</summary>
    /// <param name="expression">A C# expression.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <returns>The value's representations, or why there is none.</returns>
    public async Task<(MimeBundle? Bundle, CellError? Error)> EvaluateAsync(
        string expression, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(expression);
        MimeBundle? bundle = null;
        CellResult result = await ExecuteAsync(
            new CellSource(expression, "user expression"),
            output => bundle = (output as ResultOutput)?.Bundle ?? bundle,
            cancellationToken).ConfigureAwait(false);
        return (bundle, result.Error);
    }

    /// <summary>Compiles code as the next cell would be, without running it or changing the state.</summary>
    /// <param name="code">C#, its session directives already blank (<see cref="DirectiveScanner"/>).</param>
    /// <returns>A script compilation whose last syntax tree is the code; it may hold errors.</returns>
    internal CSharpCompilation Draft(string code) => _compiler.Draft(code);

    /// <inheritdoc/>
    public void Dispose()
    {
        Magics.Dispose();
        _turn.Dispose();
    }

    /// <summary>Runs a cell or a loaded file, inside the turn of the cell that asked.</summary>
    /// <remarks><paramref name="loading"/> holds the files this turn has loaded: each runs once.</remarks>
    internal async Task<(object? Value, CellError? Error)> RunSourceAsync(
        CellSource source,
        OutputChannel channel,
        bool showValue,
        HashSet<string> loading,
        CancellationToken cancellationToken)
    {
        _sources[source.FilePath] = source;
        if (NestingLimit.IsPassed(source.Code))
        {
            return (null, CompileErrors.TooDeep(source));
        }

        object? value = null;
        foreach (CellSegment segment in CellSegment.Split(source.Code))
        {
            if (segment.Switch is not null)
            {
                IsReplayable = false;
                CellError? refused = await _directives
                    .RunSegmentAsync(segment, source, channel, cancellationToken).ConfigureAwait(false);
                if (refused is not null)
                {
                    return (null, refused);
                }

                continue;
            }

            string code = DirectiveScanner.Scan(segment.Text, out IReadOnlyList<Directive> directives);
            Stopwatch watch = Stopwatch.StartNew();
            bool timed = false;
            foreach (Directive directive in directives)
            {
                timed |= directive is { Name: "#!time", Argument: "" };
                IsReplayable &= directive.Name is "#r" or "#i" or "#load" or "#!import" &&
                    !directive.Argument.StartsWith("project:", StringComparison.OrdinalIgnoreCase);
                CellError? failed = await _directives
                    .RunAsync(directive, source, channel, loading, cancellationToken).ConfigureAwait(false);
                if (failed is not null)
                {
                    return (null, failed);
                }
            }

            (value, CellError? error) =
                await RunCodeAsync(source, code, channel, showValue, cancellationToken).ConfigureAwait(false);
            if (error is not null)
            {
                return (null, error);
            }

            if (timed)
            {
                string text = FormattableString.Invariant($"Wall time: {watch.Elapsed.TotalMilliseconds:F1}ms");
                channel.Emit(new DisplayOutput(MimeFormatter.Format(text), Guid.NewGuid().ToString("N")));
            }
        }

        return (value, null);
    }

    /// <summary>Declares a variable, inside the turn of the cell that asked.</summary>
    /// <param name="name">A C# identifier.</param>
    /// <param name="type">Its type; what C# cannot name there becomes <c>object</c>.</param>
    /// <param name="value">Its value.</param>
    /// <param name="channel">The running cell's.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    internal async Task<CellError?> DeclareAsync(
        string name, Type type, object? value, OutputChannel channel, CancellationToken cancellationToken)
    {
        string code = $"{DeclaredType.NameOf(type)} @{name} = default;";
        (_, CellError? error) = await RunCodeAsync(
            new CellSource(code, $"declaration of {name}"), code, channel, false, cancellationToken).ConfigureAwait(false);
        if (error is null)
        {
            _runtime.Variable(name)!.Value = value;
        }

        return error;
    }

    private async Task<(object? Value, CellError? Error)> RunCodeAsync(
        CellSource source, string code, OutputChannel channel, bool showValue, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(code))
        {
            return (null, null);
        }

        (CompiledCell? cell, CellError? error) = await Task.Run(
            () => _compiler.Compile(source, code, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (cell is null)
        {
            return (null, error);
        }

        Compiled?.Invoke(source, cell.Image, _runtime.Context);
        Func<Task<object?>> start = _runtime.Load(cell.Image);
        _compiler.Accept(cell);
        object? value;
        bool finished = false;
        try
        {
            value = await Interruptible.RunAsync(start, cancellationToken).ConfigureAwait(false);
            finished = true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            finished = true;
            return (null, RuntimeErrors.From(exception, _sources));
        }
        finally
        {
            channel.Flush();
            _runtime.Keep(cell.Image, cell.CapturedNames(finished));
        }

        return showValue ? Show(value, cell, channel) : (value, null);
    }

    private (object? Value, CellError? Error) Show(object? value, CompiledCell cell, OutputChannel channel)
    {
        if (value is DisplayedValue || (value is null && !cell.HasTrailingExpression()))
        {
            return (value, null);
        }

        try
        {
            channel.Emit(new ResultOutput(MimeFormatter.Format(value)));
            return (value, null);
        }
        catch (Exception exception) // The user's formatter, property or enumerator.
        {
            return (null, RuntimeErrors.From(exception, _sources));
        }
    }
}
