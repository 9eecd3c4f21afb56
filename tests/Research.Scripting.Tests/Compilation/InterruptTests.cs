using Research.Scripting;
using Research.Tests.Tools;

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
        Task<CellResult> running = await AtWorkAsync(code, cancel.Token);
        using WorkClock clock = new();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 1);
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
        using CancellationTokenSource cancel = new();
        Task<CellResult> running = await AtWorkAsync(code, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        object? before = null;
        object? after = await _cells.RunAsync("n");
        for (int attempt = 0; attempt < 10 && !Equals(before, after); attempt++) // It may take a moment longer to stop.
        {
            before = after;
            await WorkClock.DelayAsync(300);
            after = await _cells.RunAsync("n");
        }

        Assert.NotEqual(0L, after);
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task Execute_CancelledInAwait_DoesNotRunWhatFollows()
    {
        using CancellationTokenSource cancel = new();
        using CellSignal signal = new();
        Task<CellResult> running = _cells.TryAsync($"int after = 0; await {signal.Give}; after = 1;", cancel.Token);
        await signal.WaitAsync(running);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        signal.Answer();
        await WorkClock.DelayAsync(300);

        Assert.Equal(0, await _cells.RunAsync("after"));
    }

    [Fact]
    public async Task Execute_CancelledInALibrary_SaysThatItGoesOn()
    {
        TaskCompletionSource<string> shown = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenSource cancel = new();
        using CellSignal signal = new();
        Task<CellResult> running = _cells.Session.ExecuteAsync(
            new CellSource($"_ = {signal.Give};\nSystem.Threading.Thread.SpinWait(int.MaxValue / 4);", "c"),
            output => shown.SetResult($"{output}"), // Throws on a second.
            cancel.Token);
        await signal.WaitAsync(running);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Contains(
            "does not stop", await shown.Task.WaitAsync(CellSignal.Patience), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_Cancelled_KeepsWhatTheCellHadSet()
    {
        using CancellationTokenSource cancel = new();
        using CellSignal signal = new();
        Task<CellResult> running = _cells.TryAsync($"int half = 5; _ = {signal.Give}; while (true) {{ }}", cancel.Token);
        await signal.WaitAsync(running);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Equal(5, await _cells.RunAsync("half"));
    }

    // A synchronization context with one thread would wait for itself here.
    [Fact]
    public async Task Execute_BlockingOnATask_DoesNotDeadlock() => Assert.Equal(
        7, await _cells.RunAsync("async Task<int> Later() { await Task.Delay(5); return 7; }\nLater().Result"));

    [Fact]
    public async Task Execute_AsyncVoidThatThrows_IsReportedAndEndsNothing()
    {
        using CellSignal signal = new();
        string outputs = "";
        CellResult result = await _cells.Session.ExecuteAsync(
            new CellSource(
                $$"""
                async void Fire() { await Task.Delay(1); throw new InvalidOperationException("lost"); }
                Fire();
                await {{signal.Give}};
                """,
                "c"),
            output =>
            {
                outputs += output;
                signal.Answer();
            }).WaitAsync(CellSignal.Patience);

        Assert.True(result.Succeeded);
        Assert.Contains("lost", outputs, StringComparison.Ordinal);
        Assert.Equal(2, await _cells.RunAsync("1 + 1"));
    }

    // A cell whose code runs: what an interrupt must stop.
    private async Task<Task<CellResult>> AtWorkAsync(string code, CancellationToken cancellationToken)
    {
        using CellSignal signal = new();
        Task<CellResult> running = Task.Run(
            () => _cells.TryAsync($"_ = {signal.Give};\n{code}", cancellationToken), CancellationToken.None);
        await signal.WaitAsync(running);
        await WorkClock.DelayAsync(100);
        return running;
    }

    private async Task<string> PrintAsync(string text)
    {
        await _cells.RunAsync($"Console.WriteLine(\"{text}\");");
        return _cells.StandardOutput;
    }
}
