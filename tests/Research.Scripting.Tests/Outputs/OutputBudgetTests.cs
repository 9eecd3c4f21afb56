using Research.Scripting;
using Research.Scripting.Notebooks;
using Research.Scripting.Outputs;
using Research.Scripting.Scripts;

namespace Research.Tests.Outputs;

/// <summary>What a cell shows is bounded, and what is left out is counted.</summary>
public sealed class OutputBudgetTests : IDisposable
{
    private const int Maximum = OutputBudget.MaximumStreamCharacters;

    private readonly Cells _cells = new();

    public void Dispose() => _cells.Dispose();

    [Theory]
    [InlineData("for (int i = 0; i < 50_000; i++) Console.Write(new string('x', 1_000));", "stdout", "48,951,424", "49.0")]
    [InlineData("Console.Write(new string('x', 50_000_000));", "stdout", "48,951,424", "49.0")]
    [InlineData("Console.WriteLine(new string('x', 50_000_000));", "stdout", "48,951,425", "49.0")]
    [InlineData("Console.Error.Write(new string('x', 50_000_000));", "stderr", "48,951,424", "49.0")]
    public async Task Printing_FiftyMegabytes_IsCutAndSaysHowMuch(string code, string name, string more, string megabytes)
    {
        await _cells.RunAsync(code);

        string text = string.Concat(_cells.Outputs.OfType<StreamOutput>().Where(
            stream => stream.Name == name).Select(stream => stream.Text));
        Assert.Equal(
            new string('x', Maximum) +
            $"\n({name} is cut here: of one cell, 1,048,576 characters are shown.)\n" +
            $"({more} more characters of {name}, {megabytes} MB, were left out.)\n",
            text);
    }

    [Fact]
    public async Task Printing_AsMuchAsIsShown_HasNoNotice()
    {
        await _cells.RunAsync($"Console.Write(new string('x', {Maximum}));");

        Assert.Equal(new string('x', Maximum), _cells.StandardOutput);
    }

    [Fact]
    public async Task Printing_OfTheNextCell_StartsAnew()
    {
        await _cells.RunAsync("Console.Write(new string('x', 2_000_000));");
        await _cells.RunAsync("Console.Write(1);");

        Assert.Equal("1", _cells.StandardOutput);
    }

    [Fact]
    public async Task Display_ManyTimes_ShowsTheFirstAndCountsTheRest()
    {
        await _cells.RunAsync("for (int i = 0; i < 100_000; i++) display(i);");

        Assert.Equal(OutputBudget.MaximumDisplays, _cells.Displays.Count);
        Assert.Equal(
            ["(Outputs are left out: one cell shows 2,000 at most, of 67,108,864 characters.)\n", "(98,000 outputs were left out.)\n"],
            _cells.Outputs.OfType<StreamOutput>().Select(stream => stream.Text));
    }

    [Fact]
    public async Task Display_WhatIsClearedInBetween_IsNotLeftOut()
    {
        await _cells.RunAsync("for (int i = 0; i < 3_000; i++) { Kernel.ClearOutput(true); display(i); }");

        Assert.Equal("2999", _cells.Displays[^1].Bundle.PlainText);
    }

    [Fact]
    public async Task Display_OfOneLeftOut_UpdatesNothing()
    {
        await _cells.RunAsync("for (int i = 0; i < 2_000; i++) display(i);\nvar late = display(1); late.Update(2);");

        Assert.Empty(_cells.Outputs.OfType<DisplayUpdate>());
    }

    [Fact]
    public async Task Display_HugeOutputs_AreLeftOutPastTheirBound()
    {
        await _cells.RunAsync("string text = new string('x', 20_000_000);");
        await _cells.RunAsync("for (int i = 0; i < 5; i++) text.DisplayAs(\"text/x-raw\");");

        Assert.InRange(_cells.Displays.Sum(display => display.Bundle.Length), 1, OutputBudget.MaximumBundleCharacters);
        Assert.EndsWith(
            "outputs were left out.)\n", _cells.Outputs.OfType<StreamOutput>().Last().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Value_TwoMegabytesOfText_IsCutAndSaysHowMuch()
    {
        await _cells.RunAsync("new string('x', 2_000_000)");

        Assert.Equal(new string('x', 200_000) + "... (1,800,000 more characters)", _cells.Result.PlainText);
    }

    [Fact]
    public async Task Error_WithAHugeMessage_IsCut()
    {
        CellError error = await _cells.FailAsync("throw new Exception(new string('x', 5_000_000));");

        Assert.InRange(error.Traceback.Sum(line => line.Length), 1, 100_000);
        Assert.EndsWith("more characters)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupt_WhilePrinting_StopsTheCell()
    {
        using CancellationTokenSource interrupt = new();
        using ScriptSession session = new();
        long shown = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.ExecuteAsync(
            new CellSource("while (true) Console.Write(\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\");", "cell 1"),
            output =>
            {
                shown += ((StreamOutput)output).Text.Length;
                if (shown >= Maximum)
                {
                    interrupt.Cancel();
                }
            },
            interrupt.Token));

        Assert.InRange(shown, Maximum, Maximum + 1_000);
    }

    [Fact]
    public async Task NotebookRun_OfACellThatPrintsMuch_StoresASmallNotebook()
    {
        NotebookDocument document = NotebookDocument.Create();
        document.AddCode("for (int i = 0; i < 500_000; i++) Console.WriteLine(\"a line of one hundred characters or less\");");

        await NotebookRunner.RunAsync(document);

        Assert.InRange(document.ToBytes().Length, Maximum, 2 * Maximum);
    }

    [Fact]
    public async Task Script_PrintsWhatItPrints()
    {
        using TemporaryFolder folder = new();
        using StringWriter output = new();
        string path = folder.File("main.csx", "for (int i = 0; i < 3_000; i++) Console.Write(new string('x', 1_000));");

        for (int run = 0; run < 2; run++) // Compiled, then from the cache.
        {
            Assert.Equal(0, await ScriptRunner.RunAsync(path, [], output, TextWriter.Null));
        }

        Assert.Equal(6_000_000, output.GetStringBuilder().Length);
    }
}
