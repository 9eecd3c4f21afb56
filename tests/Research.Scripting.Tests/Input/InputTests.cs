using Research.Scripting;
using Research.Scripting.Input;
using Research.Scripting.Outputs;

namespace Research.Tests.Input;

public sealed class InputTests
{
    private readonly List<InputRequest> _asked = [];
    private readonly Queue<string?> _lines = new();

    [Fact]
    public async Task ReadLine_Answered_IsTheLine()
    {
        _lines.Enqueue("Ada");

        Assert.Equal("Ada", (await RunAsync("Console.ReadLine()")).Value);
        Assert.Equal([new InputRequest("", false)], _asked);
    }

    [Fact]
    public async Task Read_CharacterByCharacter_AsksOnceALine()
    {
        _lines.Enqueue("ab");
        _lines.Enqueue(null);

        Assert.Equal("97 98 10 -1", (await RunAsync(
            "$\"{Console.Read()} {Console.In.Read()} {Console.Read()} {Console.Read()}\"")).Value);
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task ReadToEnd_UntilEndOfInput_HasAllLines()
    {
        _lines.Enqueue("one");
        _lines.Enqueue("two");
        _lines.Enqueue(null);

        Assert.Equal("one\ntwo\n", (await RunAsync("Console.In.ReadToEnd()")).Value);
    }

    [Fact]
    public async Task GetPassword_Answered_IsHidden()
    {
        _lines.Enqueue("hunter2");

        CellResult result = await RunAsync(
            "var p = await Kernel.GetPasswordAsync(\"key\"); $\"{p}|{p.GetClearTextPassword()}\"");
        Assert.Equal("********|hunter2", result.Value);
        Assert.Equal([new InputRequest("key", true)], _asked);
    }

    [Fact]
    public async Task ReadLine_NobodyToAsk_SaysSo()
    {
        using Cells cells = new();

        CellError error = await cells.FailAsync("Console.ReadLine()");
        Assert.Equal(typeof(InputUnavailableException).FullName, error.Name);
        Assert.Contains("nobody to ask", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadLine_Interrupted_EndsTheCell()
    {
        using CancellationTokenSource stop = new();
        using ScriptSession session = new(new ScriptSessionOptions
        {
            ReadLine = async (_, interrupted) =>
            {
                stop.CancelAfter(1); // From another thread, while the cell waits here.
                await Task.Delay(Timeout.Infinite, interrupted);
                return "";
            },
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.ExecuteAsync(
            new CellSource("Console.ReadLine()", "cell 1"), static _ => { }, stop.Token));
    }

    private async Task<CellResult> RunAsync(string code)
    {
        using ScriptSession session = new(new ScriptSessionOptions
        {
            ReadLine = (request, _) =>
            {
                _asked.Add(request);
                return Task.FromResult(_lines.Dequeue());
            },
        });
        CellResult result = await session.ExecuteAsync(new CellSource(code, "cell 1"), static (CellOutput _) => { });
        Assert.True(result.Succeeded, result.Error?.Message);
        return result;
    }
}
