using Microsoft.DotNet.Interactive.Formatting;
using Research.Scripting.Outputs;

namespace Research.Tests.Interactive;

public sealed class DisplayedValuesTests : IDisposable
{
    private readonly Cells _cells = new();

    public void Dispose() => _cells.Dispose();

    [Theory]
    [InlineData("display(1)")]
    [InlineData("1.Display()")]
    [InlineData("\"1\".DisplayAs(\"text/markdown\")")]
    [InlineData("new[] { 1 }.DisplayTable()")]
    public async Task Handle_OfAnyDisplay_HasTheIdOfItsOutput(string display)
    {
        await _cells.RunAsync($"DisplayedValue d = {display}; string id = d.DisplayId; d.Update(2);");

        DisplayOutput shown = Assert.Single(_cells.Displays);
        DisplayUpdate update = Assert.Single(_cells.Outputs.OfType<DisplayUpdate>());
        Assert.Equal(shown.DisplayId, update.DisplayId);
        Assert.Equal("2", update.Bundle.PlainText);
        Assert.True(_cells.Session.TryGetVariable("id", out object? id));
        Assert.Equal(shown.DisplayId, id);
    }

    [Theory]
    [InlineData("display(items);")]
    [InlineData("items.Display();")]
    [InlineData("var d = display(0); d.Update(items);")]
    public async Task LazySequence_ShownByAnyRoute_RunsOnce(string show)
    {
        await _cells.RunAsync("int runs = 0; IEnumerable<int> Items() { runs++; yield return 1; } var items = Items();");

        await _cells.RunAsync(show);

        Assert.True(_cells.Session.TryGetVariable("runs", out object? runs));
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Update_AfterFormattersWereReset_StillReachesTheOutput()
    {
        await _cells.RunAsync("var d = display(1); Formatter.ResetToDefault();");
        string id = Assert.Single(_cells.Displays).DisplayId;

        await _cells.RunAsync("d.Update(2);");

        Assert.Equal((id, "2"), _cells.Outputs.Cast<DisplayUpdate>().Select(
            update => (update.DisplayId, update.Bundle.PlainText)).Single());
    }

    [Fact]
    public async Task Cell_NamingThePackagesTypes_GetsThePackages()
    {
        await _cells.RunAsync(
            "DisplayedValue shown = display((LaTeXString)@\"\\alpha\"); Type latex = typeof(LaTeXString);");

        Assert.True(_cells.Session.TryGetVariable("latex", out object? latex));
        Assert.Equal(typeof(LaTeXString), latex);
        Assert.Equal("\\alpha", Assert.Single(_cells.Displays).Bundle.Text("text/latex"));
    }

    // As an extension's assembly does, which was compiled against the package alone.
    [Fact]
    public async Task Display_ByThePackagesOwnMethod_IsShown()
    {
        await _cells.RunAsync("Func<object, DisplayedValue> Package() => (Func<object, DisplayedValue>)(value => " +
            "(DisplayedValue)typeof(Formatter).Assembly.GetType(\"System.DisplayExtensions\").GetMethod(\"Display\")" +
            ".Invoke(null, new object[] { value, new string[0] }));");

        await _cells.RunAsync("Package()(new { A = 1 });");

        Assert.Contains("1", Assert.Single(_cells.Displays).Bundle.PlainText, StringComparison.Ordinal);
    }
}
