using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;
using Research.Interactive;
using Research.Plotting;

namespace Research.Tests;

/// <summary>.NET Interactive's own kernels in this process, with the extension loaded.</summary>
internal sealed class NotebookKernel : IDisposable
{
    private readonly List<KernelEvent> _events = [];

    private NotebookKernel()
    {
        CSharp = new CSharpKernel().UseKernelHelpers().UseValueSharing();
        Root = [CSharp];
        Root.KernelEvents.Subscribe(_events.Add);
    }

    public CompositeKernel Root { get; }

    public CSharpKernel CSharp { get; }

    /// <summary>Starts the kernels and loads the extension, as <c>#r "nuget: Research.Interactive"</c> does.</summary>
    public static async Task<NotebookKernel> StartAsync()
    {
        NotebookKernel started = new();
        await started.MustRunAsync(
            $"#r \"{typeof(Figure).Assembly.Location}\"\n#r \"{typeof(NotebookExtension).Assembly.Location}\"");
        await new NotebookExtension().OnLoadAsync(started.Root);
        await started.MustRunAsync("1");
        return started;
    }

    /// <summary>Runs a cell.</summary>
    /// <returns>What was shown, in order, and the error or null.</returns>
    public async Task<(IReadOnlyList<DisplayEvent> Shown, string? Error)> RunAsync(
        string code, CancellationToken cancellationToken = default)
    {
        _events.Clear();
        KernelCommandResult result = await Root.SendAsync(new SubmitCode(code, CSharp.Name), cancellationToken);
        CommandFailed? failed = result.Events.OfType<CommandFailed>().LastOrDefault();
        return ([.. _events.OfType<DisplayEvent>()], failed?.Message);
    }

    /// <summary>Runs a cell that must succeed.</summary>
    public async Task<IReadOnlyList<DisplayEvent>> MustRunAsync(string code)
    {
        (IReadOnlyList<DisplayEvent> shown, string? error) = await RunAsync(code);
        Assert.Null(error);
        return shown;
    }

    /// <summary>Gets what a cell that must succeed shows in its end, as text.</summary>
    public async Task<string> TextAsync(string code) => Text((await MustRunAsync(code))[^1]);

    /// <summary>Gets the value of a variable, or null.</summary>
    public object? Variable(string name) => CSharp.TryGetValue(name, out object? value) ? value : null;

    /// <summary>Completes the end of a line.</summary>
    public async Task<string[]> CompleteAsync(string line)
    {
        KernelCommandResult result = await Root.SendAsync(
            new RequestCompletions(line, new LinePosition(0, line.Length), CSharp.Name));
        return [.. result.Events.OfType<CompletionsProduced>().Single().Completions.Select(item => item.InsertText)];
    }

    public void Dispose() => Root.Dispose();

    public static string Text(DisplayEvent shown) => Form(shown, "text/plain");

    public static string Html(DisplayEvent shown) => Form(shown, "text/html");

    private static string Form(DisplayEvent shown, string mimeType) =>
        shown.FormattedValues.Single(value => value.MimeType == mimeType).Value;
}
