using System.Globalization;
using Research.Cli.Commands;
using Research.Scripting.Notebooks;
using Research.Tests.Tools;

namespace Research.Tests.Commands;

public sealed class NotebookRunProgressTests : IDisposable
{
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture) { NewLine = "\n" };

    public void Dispose() => _error.Dispose();

    [Fact]
    public void Report_NoTerminal_WritesPlainLines()
    {
        using NotebookRunProgress progress = new(_error, null, TimeProvider.System);
        progress.Report(new NotebookProgress(1, 2, "int x;", null, null));
        progress.Report(new NotebookProgress(1, 2, "int x;", TimeSpan.FromSeconds(1.234), null));

        Assert.Equal("[1/2] int x;\n[1/2] done in 1.23 s\n", _error.ToString());
    }

    [Fact]
    public void Report_Terminal_DrawsOneLineThatFits()
    {
        using NotebookRunProgress progress = new(_error, 24, TimeProvider.System);
        progress.Report(new NotebookProgress(1, 2, "a long first line\e[2J", null, null));
        progress.Report(new NotebookProgress(1, 2, "a long first line\e[2J", TimeSpan.FromSeconds(9.5), null));

        string[] drawn = _error.ToString().Split("\r\e[K", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(drawn, line => Assert.InRange(line.TrimEnd('\n').Length, 1, 23));
        Assert.EndsWith(" 9.5 s\n", drawn[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("\e[2J", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_Terminal_CountsWhileTheCellRuns()
    {
        ManualTime time = new();
        using NotebookRunProgress progress = new(_error, 80, time);
        progress.Report(new NotebookProgress(1, 1, "x", null, null));
        time.Advance(1500);
        progress.Dispose();

        string[] drawn = _error.ToString().Split("\r\e[K", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            [.. ((string[])["0.0", "0.2", "0.4", "0.6", "0.8", "1.0", "1.2", "1.4"]).Select(s => $"[1/1] x {s} s")],
            drawn.Select(line => line.TrimEnd('\n')));
        Assert.EndsWith("\n", _error.ToString(), StringComparison.Ordinal);
    }
}
