using System.Diagnostics;
using Research.Scripting;

namespace Research.Tests.Compilation;

/// <summary>.NET Interactive's kernel dies of some of these, or runs on.</summary>
public sealed class InterruptTests : IDisposable
{
    private readonly Cells _cells = new();

    public void Dispose() => _cells.Dispose();

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("long n = 0; for (;;) { n++; }")]
    [InlineData("System.Threading.Thread.Sleep(60000);")]
    [InlineData("await Task.Delay(60000);")]
    [InlineData("await Task.Delay(1); while (true) { }")]
    [InlineData("await Task.Yield(); System.Threading.Thread.Sleep(60000);")]
    [InlineData("async Task Spin() { await Task.Delay(1); while (true) { } }\nSpin().Wait();")]
    [InlineData("new System.Threading.ManualResetEvent(false).WaitOne();")]
    [InlineData("lock (new object()) { while (true) { } }")]
    [InlineData("Task.Run(() => System.Threading.Thread.Sleep(5000)).Wait();")]
    [InlineData("while (true) { try { System.Threading.Thread.Sleep(1); } catch (Exception) { } }")]
    [InlineData("while (true) { Console.Write(\"x\"); }")]
    [InlineData("int Fib(int n) => n < 2 ? n : Fib(n - 1) + Fib(n - 2);\nFib(90)")]
    [InlineData("Parallel.For(0, 100, i => { while (true) { } });")]
    [InlineData("await Task.Run(() => { while (true) { } });")]
    [InlineData("try { while (true) { } } catch (Exception) { } while (true) { }")]
    [InlineData("""
        [System.Runtime.InteropServices.DllImport("libc")] static extern int usleep(uint microseconds);
        usleep(3000000);
        """)]
    public async Task Execute_Cancelled_StopsSoonAndKeepsState(string code)
    {
        await _cells.RunAsync("int kept = 9;");
        using CancellationTokenSource cancel = new();
        Task<CellResult> running = Task.Run(() => _cells.TryAsync(code, cancel.Token));
        await Task.Delay(400); // Compiled and at work: what an interrupt must stop.
        Stopwatch watch = Stopwatch.StartNew();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 1);
        Assert.Equal(9, await _cells.RunAsync("kept"));
        Assert.Equal("alive\n", await PrintAsync("alive"));
    }

    [Theory]
    [InlineData("while (true) { n++; }")]
    [InlineData("await Task.Delay(1); while (true) { n++; }")]
    [InlineData("Parallel.For(0, 100, i => { while (true) { n++; } });")]
    [InlineData("await Task.Run(() => { while (true) { n++; } });")]
    public async Task Execute_CancelledBusyLoop_StopsAndIsNotOnlyAbandoned(string code)
    {
        await _cells.RunAsync("long n = 0;");
        using CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _cells.TryAsync(code, cancel.Token));
        await Task.Delay(300);

        object? stopped = await _cells.RunAsync("n");

        Assert.NotEqual(0L, stopped);
        await Task.Delay(300);
        Assert.Equal(stopped, await _cells.RunAsync("n"));
    }

    [Fact]
    public async Task Execute_CancelledInAwait_DoesNotRunWhatFollows()
    {
        using CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _cells.TryAsync("int after = 0; await Task.Delay(600); after = 1;", cancel.Token));
        await Task.Delay(600);

        Assert.Equal(0, await _cells.RunAsync("after"));
    }

    [Fact]
    public async Task Execute_CancelledInALibrary_SaysThatItGoesOn()
    {
        List<string> shown = [];
        using CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _cells.Session.ExecuteAsync(
            new CellSource("System.Threading.Thread.SpinWait(int.MaxValue / 4);", "c"),
            output =>
            {
                lock (shown)
                {
                    shown.Add($"{output}");
                }
            },
            cancel.Token));
        await Task.Delay(1600);

        lock (shown)
        {
            Assert.Contains("does not stop", Assert.Single(shown), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Execute_Cancelled_KeepsWhatTheCellHadSet()
    {
        using CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _cells.TryAsync("int half = 5; while (true) { }", cancel.Token));

        Assert.Equal(5, await _cells.RunAsync("half"));
    }

    // A synchronization context with one thread would wait for itself here.
    [Fact]
    public async Task Execute_BlockingOnATask_DoesNotDeadlock() => Assert.Equal(
        7, await _cells.RunAsync("async Task<int> Later() { await Task.Delay(5); return 7; }\nLater().Result"));

    [Fact]
    public async Task Execute_AsyncVoidThatThrows_IsReportedAndEndsNothing()
    {
        await _cells.RunAsync("""
            async void Fire() { await Task.Delay(1); throw new InvalidOperationException("lost"); }
            Fire();
            await Task.Delay(300);
            """);

        Assert.Contains("lost", string.Concat(_cells.Outputs), StringComparison.Ordinal);
        Assert.Equal(2, await _cells.RunAsync("1 + 1"));
    }

    private async Task<string> PrintAsync(string text)
    {
        await _cells.RunAsync($"Console.WriteLine(\"{text}\");");
        return _cells.StandardOutput;
    }
}
