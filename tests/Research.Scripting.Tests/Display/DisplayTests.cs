using System.Text.Json.Nodes;
using Research.Scripting.Outputs;

namespace Research.Tests.Display;

public sealed class DisplayTests : IDisposable
{
    // A type such as Research.Plotting.Figure: it knows .NET Interactive's convention, not its assembly.
    private const string ChartSource = """
        using System.IO;
        [TypeFormatterSource(typeof(ChartFormatters))]
        public class Chart { }
        [AttributeUsage(AttributeTargets.Class)]
        public class TypeFormatterSourceAttribute : Attribute
        {
            public TypeFormatterSourceAttribute(Type type) => FormatterSourceType = type;
            public Type FormatterSourceType { get; }
        }
        public class ChartFormatters
        {
            public IEnumerable<object> CreateTypeFormatters() =>
            [
                new Fixed("text/html", "<svg></svg>"), new Fixed("image/svg+xml", "<svg/>"),
                new Fixed("application/vnd.plotly.v1+json", "{\"data\":[],\"layout\":{}}"),
                new Fixed("text/plain", "a chart"),
            ];
        }
        public class Fixed
        {
            private readonly string _text;
            public Fixed(string mimeType, string text) { MimeType = mimeType; _text = text; }
            public string MimeType { get; }
            public bool Format(object instance, TextWriter writer)
            {
                if (instance is not Chart) return false;
                writer.Write(_text);
                return true;
            }
        }
        """;

    private readonly Cells _cells = new();

    public void Dispose() => _cells.Dispose();

    [Fact]
    public async Task Display_ConventionWithSeveralMimeTypes_IsOneBundleWithJsonAsJson()
    {
        await _cells.RunAsync(ChartSource);
        await _cells.RunAsync("display(new Chart());");

        MimeBundle bundle = Assert.Single(_cells.Displays).Bundle;
        Assert.Equal(
            ["application/vnd.plotly.v1+json", "image/svg+xml", "text/html", "text/plain"], bundle.MimeTypes);
        JsonNode plotly = bundle.ToJson()["application/vnd.plotly.v1+json"]!;
        Assert.IsType<JsonObject>(plotly);
        Assert.Equal("{\"data\":[],\"layout\":{}}", plotly.ToJsonString());
        Assert.Equal("a chart", bundle.PlainText);
    }

    [Fact]
    public async Task TrailingExpression_ConventionType_IsTheSameBundle()
    {
        await _cells.RunAsync(ChartSource + "\nnew Chart()");

        Assert.Equal(4, _cells.Result.MimeTypes.Count);
    }

    [Fact]
    public async Task Display_ConventionType_WorksInEverySessionOfAProcess()
    {
        for (int i = 0; i < 2; i++)
        {
            using Cells cells = new();
            await cells.RunAsync("display(new Research.Tests.Display.ConventionChart());");

            MimeBundle bundle = Assert.Single(cells.Displays).Bundle;
            Assert.Equal("chart as text/html", bundle.Text("text/html"));
            Assert.Equal("chart as text/plain", bundle.PlainText);
        }
    }

    [Fact]
    public async Task Display_JsonFormatterThatWritesNoJson_Fails()
    {
        await _cells.RunAsync(
            ChartSource.Replace("{\\\"data\\\":[],\\\"layout\\\":{}}", "not json", StringComparison.Ordinal));

        Assert.Contains(
            "did not write JSON", (await _cells.FailAsync("new Chart().Display();")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Display_MimeTypeAsked_IsShownBesidePlainText()
    {
        await _cells.RunAsync("new[] { 1, 2 }.Display(\"application/json\");");

        MimeBundle bundle = Assert.Single(_cells.Displays).Bundle;
        Assert.Equal(["application/json", "text/plain"], bundle.MimeTypes);
        Assert.Equal("[1,2]", bundle.Json("application/json")!.ToJsonString());
        Assert.Equal("[ 1, 2 ]", bundle.PlainText);
    }

    [Theory]
    [InlineData("1.5", "1.5")]
    [InlineData("true", "True")]
    [InlineData("\"text\"", "text")]
    [InlineData("DayOfWeek.Friday", "Friday")]
    [InlineData("new[] { 1, 2, 3 }", "[ 1, 2, 3 ]")]
    [InlineData("new DateTime(2026, 1, 2)", "2026-01-02 00:00:00Z")]
    public async Task Result_EveryValue_HasReadablePlainText(string code, string expected)
    {
        await _cells.RunAsync(code);

        Assert.Equal(expected, _cells.Result.PlainText);
    }

    [Fact]
    public async Task Result_Sequence_IsATableInHtml()
    {
        await _cells.RunAsync("new[] { new { Name = \"a\", Loss = 0.5 }, new { Name = \"b\", Loss = 0.25 } }");

        Assert.Contains("<table>", _cells.Result.Text("text/html")!, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", _cells.Result.Text("text/html")!, StringComparison.Ordinal);
        Assert.Equal("   Name  Loss\n0  a      0.5\n1  b     0.25", _cells.Result.PlainText);
    }

    [Fact]
    public async Task Html_PlainText_IsWhatAReaderSees()
    {
        await _cells.RunAsync(
            "HTML(\"<style>b {}</style><h1>Loss &amp; gain</h1><table><tr><td>a</td><td>1</td></tr></table>\")");

        Assert.Contains("<h1>", _cells.Result.Text("text/html")!, StringComparison.Ordinal);
        Assert.Equal("Loss & gain\na\t1", _cells.Result.PlainText);
    }

    [Fact]
    public async Task PocketView_Result_IsHtml()
    {
        await _cells.RunAsync("div[style: \"color:red\"](b(\"bold\"), \" & text\")");

        Assert.Equal("<div style=\"color:red\"><b>bold</b> &amp; text</div>", _cells.Result.Text("text/html"));
        Assert.Equal("bold & text", _cells.Result.PlainText);
    }

    [Fact]
    public async Task FormatterRegister_HtmlAndPlain_AreUsed()
    {
        await _cells.RunAsync("""
            public record Ether(decimal Amount);
            Formatter.Register<Ether>(e => $"<b>{e.Amount} ETH</b>", "text/html");
            Formatter.Register<Ether>((e, writer) => writer.Write($"{e.Amount} ETH"), "text/plain");
            """);
        await _cells.RunAsync("new Ether(10)");

        Assert.Equal("<b>10 ETH</b>", _cells.Result.Text("text/html"));
        Assert.Equal("10 ETH", _cells.Result.PlainText);
    }

    [Fact]
    public async Task Update_InALaterCell_CarriesTheNewValue()
    {
        await _cells.RunAsync("var shown = display(\"step 0\");");
        string id = Assert.Single(_cells.Displays).DisplayId;
        await _cells.RunAsync("int step = 1; shown.Update($\"step {step}\");");

        DisplayUpdate update = Assert.IsType<DisplayUpdate>(Assert.Single(_cells.Outputs));
        Assert.Equal((id, "step 1"), (update.DisplayId, update.Bundle.PlainText));
    }

    [Fact]
    public async Task Update_MutatedObject_ShowsItsStateAtThatMoment()
    {
        await _cells.RunAsync(
            "var list = new List<int> { 1 }; var d = display(list); list.Add(2); d.Update(list); list.Add(3);");

        Assert.Equal("[ 1 ]", Assert.Single(_cells.Displays).Bundle.PlainText);
        Assert.Equal("[ 1, 2 ]", _cells.Outputs.OfType<DisplayUpdate>().Single().Bundle.PlainText);
    }

    [Fact]
    public async Task Display_AsTrailingExpression_IsShownOnce()
    {
        await _cells.RunAsync("display(5)");

        Assert.Single(_cells.Outputs);
    }

    [Fact]
    public async Task DisplayAs_Markdown_KeepsTheTextAsPlainText()
    {
        await _cells.RunAsync("\"# Title\".DisplayAs(\"text/markdown\");");

        Assert.Equal(["text/markdown", "text/plain"], Assert.Single(_cells.Displays).Bundle.MimeTypes);
    }

    [Fact]
    public async Task DisplayAs_JsonMimeType_IsJsonOrAnError()
    {
        await _cells.RunAsync("\"{\\\"data\\\":[1]}\".DisplayAs(\"application/vnd.plotly.v1+json\");");
        Assert.IsType<JsonObject>(Assert.Single(_cells.Displays).Bundle.Json("application/vnd.plotly.v1+json"));

        Assert.Equal(
            "System.ArgumentException", (await _cells.FailAsync("\"x\".DisplayAs(\"application/json\");")).Name);
    }

    [Fact]
    public async Task Javascript_IsAScriptElement()
    {
        await _cells.RunAsync("Javascript(\"alert(1)\");");

        Assert.Equal(
            "<script type=\"text/javascript\">alert(1)</script>",
            Assert.Single(_cells.Displays).Bundle.Text("text/html"));
    }

    [Fact]
    public async Task DisplayTable_HasColumnsOfTheProperties()
    {
        await _cells.RunAsync("new[] { new { A = 1, B = 2 } }.DisplayTable();");

        Assert.Contains("B", Assert.Single(_cells.Displays).Bundle.Text("text/html")!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetPreferredMimeTypes_IsRespected()
    {
        await _cells.RunAsync("Formatter.SetPreferredMimeTypesFor(typeof(int[]), \"text/plain\");\nnew[] { 1 }");

        Assert.Equal(["text/plain"], _cells.Result.MimeTypes);
    }

    [Fact]
    public async Task JsonNode_IsShownAsJson()
    {
        await _cells.RunAsync("System.Text.Json.Nodes.JsonNode.Parse(\"{\\\"a\\\":[1]}\")");

        Assert.Equal("{\"a\":[1]}", _cells.Result.Json("application/json")!.ToJsonString());
    }
}
