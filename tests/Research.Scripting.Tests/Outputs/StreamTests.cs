using Research.Scripting;
using Research.Scripting.Outputs;
using Research.Tests.Tools;

namespace Research.Tests.Outputs;

public sealed class StreamTests : IDisposable
{
    private readonly Cells _cells = new();

    public void Dispose() => _cells.Dispose();

    [Fact]
    public async Task Streams_AndDisplays_KeepTheirOrder()
    {
        await _cells.RunAsync("""
            Console.Write("a"); Console.WriteLine("b");
            Console.Error.WriteLine("c");
            Console.WriteLine("d");
            display("e");
            Console.WriteLine("f");
            1
            """);

        Assert.Equal(
            ["stdout:ab\n", "stderr:c\n", "stdout:d\n", "display:e", "stdout:f\n", "result:1"],
            _cells.Outputs.Select(Describe));
    }

    [Fact]
    public async Task Streams_TenThousandLines_ArriveInOrderInFewBatches()
    {
        await _cells.RunAsync("for (int i = 0; i < 10000; i++) Console.WriteLine(i);");

        Assert.Equal(string.Concat(Enumerable.Range(0, 10000).Select(i => $"{i}\n")), _cells.StandardOutput);
        Assert.InRange(_cells.Outputs.Count, 1, 200);
    }

    [Fact]
    public async Task Streams_ManyThreads_LoseNothing()
    {
        await _cells.RunAsync("""
            await Task.WhenAll(Enumerable.Range(0, 8).Select(t => Task.Run(() =>
            {
                for (int i = 0; i < 500; i++) Console.WriteLine($"{t} {i}");
            })));
            """);

        string[] lines = _cells.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4000, lines.Distinct().Count());
        Assert.Equal(4000, lines.Length);
    }

    [Fact]
    public async Task Streams_SlowWriter_IsSeenBeforeTheCellEnds()
    {
        using CancellationTokenSource cancel = new();
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<CellResult> cell = _cells.Session.ExecuteAsync(
            new CellSource("Console.Write(\"early\"); await Task.Delay(-1);", "slow"),
            output => seen.TrySetResult(),
            cancel.Token);

        await seen.Task.WaitAsync(CellSignal.Patience);

        Assert.False(cell.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cell);
    }

    [Fact]
    public async Task Streams_NewThread_BelongsToItsCell()
    {
        await _cells.RunAsync(
            "var t = new System.Threading.Thread(() => Console.Write(\"thread\")); t.Start(); t.Join();");

        Assert.Equal("thread", _cells.StandardOutput);
    }

    private static string Describe(CellOutput output) => output switch
    {
        StreamOutput stream => $"{stream.Name}:{stream.Text}",
        DisplayOutput display => $"display:{display.Bundle.PlainText}",
        ResultOutput result => $"result:{result.Bundle.PlainText}",
        _ => output.ToString(),
    };
}
