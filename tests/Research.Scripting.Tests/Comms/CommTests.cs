using System.Text.Json.Nodes;
using Research.Scripting.Comms;
using Research.Scripting.Outputs;
using Research.Tests.Tools;

namespace Research.Tests.Comms;

public sealed class CommTests : IDisposable
{
    private const string Using = "using Research.Scripting.Comms;\n";

    private readonly Cells _cells = new();
    private readonly List<CellOutput> _heard = [];

    public void Dispose() => _cells.Dispose();

    [Fact]
    public async Task Open_FromCell_EmitsInOrderWithOtherOutputs()
    {
        await _cells.RunAsync(Using + """
            var c = Comm.Open("bar", new { max = 3 });
            Console.Write("x");
            c.Send(new { value = 1 });
            c.Close();
            """);

        Assert.Equal(
            ["Open", "stdout", "Message", "Close"],
            _cells.Outputs.Select(output => output is CommOutput comm ? $"{comm.Action}" : ((StreamOutput)output).Name));
        Assert.Equal("""{"max":3}""", ((CommOutput)_cells.Outputs[0]).Message.Data!.ToJsonString());
    }

    [Fact]
    public async Task Send_AfterClose_IsAnError()
    {
        await _cells.RunAsync(Using + "var c = Comm.Open(\"bar\"); c.Close(); c.Close();");

        Assert.Contains("closed", (await _cells.FailAsync("c.Send(1);")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_UnknownTarget_IsFalse() =>
        Assert.False(await _cells.Session.Comms.OpenAsync("id", "none", Message("{}"), _heard.Add));

    [Fact]
    public async Task OpenAsync_RegisteredTarget_RunsItAndCollectsItsOutputs()
    {
        await _cells.RunAsync(Using + """
            Comm.RegisterTarget("t", (comm, first) =>
            {
                Console.WriteLine(first.Data["a"]);
                comm.Received += (_, message) => comm.Send(message.Data);
            });
            """);
        CommRegistry comms = _cells.Session.Comms;

        Assert.True(await comms.OpenAsync("id", "t", Message("""{"a":5}"""), _heard.Add));
        Assert.True(await comms.ReceiveAsync("id", Message("""{"b":6}"""), _heard.Add));
        Assert.Equal(new StreamOutput("stdout", "5\n"), _heard[0]);
        Assert.Equal("""{"b":6}""", Assert.IsType<CommOutput>(_heard[1]).Message.Data!.ToJsonString());
        Assert.Equal("id", Assert.Single(comms.Comms).Id);
        Assert.True(await comms.CloseAsync("id", Message("{}"), _heard.Add));
        Assert.Empty(comms.Comms);
    }

    [Fact]
    public async Task ReceiveAsync_HandlerInABusyLoop_IsInterrupted()
    {
        using CellSignal signal = new();
        await _cells.RunAsync(
            $"{Using}Comm.RegisterTarget(\"loop\", (comm, first) => {{ _ = {signal.Give}; while (true) {{ }} }});");
        using CancellationTokenSource stop = new();

        Task<bool> running = _cells.Session.Comms.OpenAsync("id", "loop", Message("{}"), _heard.Add, stop.Token);
        await signal.WaitAsync(running);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public void Open_OutsideACell_IsAnError() =>
        Assert.Throws<InvalidOperationException>(() => Comm.Open("bar"));

    private static CommMessage Message(string json) => new(JsonNode.Parse(json));
}
