using Research.Scripting.Outputs;

namespace Research.Tests.Display;

/// <summary>.NET Interactive's update_display showed the old value; here each route shows the value of the
/// moment.</summary>
public sealed class UpdateTests : IDisposable
{
    private readonly Cells _cells = new();

    public void Dispose() => _cells.Dispose();

    [Theory]
    [InlineData("var d = display(list); list.Add(2); d.Update(list); list.Add(3);")]
    [InlineData("var d = list.Display(); list.Add(2); d.Update(list); list.Add(3);")]
    [InlineData("var d = list.Display(\"text/plain\"); list.Add(2); d.Update(list); list.Add(3);")]
    [InlineData("var d = display(0); list.Add(2); await Task.Run(() => d.Update(list)); list.Add(3);")]
    [InlineData(
        "var d = display(0); list.Add(2); var t = new System.Threading.Thread(() => d.Update(list)); " +
        "t.Start(); t.Join(); list.Add(3);")]
    [InlineData("var d = display(0); list.Add(2); await Task.Yield(); d.Update(list); list.Add(3);")]
    [InlineData(
        "var d = display(0); list.Add(2); using (System.Threading.ExecutionContext.SuppressFlow()) { " +
        "Task.Run(() => d.Update(list)).Wait(); } list.Add(3);")]
    public async Task Update_ByAnyRoute_ShowsTheValueOfThatMoment(string code)
    {
        await _cells.RunAsync("var list = new List<int> { 1 };");
        await _cells.RunAsync(code);

        DisplayUpdate update = _cells.Outputs.OfType<DisplayUpdate>().Single();
        Assert.Equal("[ 1, 2 ]", update.Bundle.PlainText);
        Assert.Equal(Assert.Single(_cells.Displays).DisplayId, update.DisplayId);
    }

    [Fact]
    public async Task Update_InALaterCellAndFromItsTask_ReachesTheSameOutput()
    {
        await _cells.RunAsync("var d = display(\"waiting\"); int step = 0;");
        string id = Assert.Single(_cells.Displays).DisplayId;

        await _cells.RunAsync("step = 1; d.Update(step); step = 2; await Task.Run(() => d.Update(step));");

        Assert.Equal(
            [(id, "1"), (id, "2")],
            _cells.Outputs.Cast<DisplayUpdate>().Select(update => (update.DisplayId, update.Bundle.PlainText)));
    }

    [Fact]
    public async Task Update_ToAnotherKindOfValue_TakesItsMimeTypes()
    {
        await _cells.RunAsync(
            "var d = display(\"text\"); d.Update(HTML(\"<b>x</b>\")); d.Update(Figure.Titled(\"t\"));");

        Assert.Equal(
            ["text/html,text/plain", "application/vnd.plotly.v1+json,image/svg+xml,text/plain"],
            _cells.Outputs.OfType<DisplayUpdate>().Select(update => string.Join(',', update.Bundle.MimeTypes)));
    }

    [Fact]
    public async Task Update_OfMarkdown_StaysMarkdown()
    {
        await _cells.RunAsync("var d = \"# one\".DisplayAs(\"text/markdown\"); d.Update(\"# two\");");

        DisplayUpdate update = _cells.Outputs.OfType<DisplayUpdate>().Single();
        Assert.Equal("# two", update.Bundle.Text("text/markdown"));
        Assert.Equal("# two", update.Bundle.PlainText);
    }
}
