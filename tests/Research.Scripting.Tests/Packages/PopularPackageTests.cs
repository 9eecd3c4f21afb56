namespace Research.Tests.Packages;

/// <summary>Packages that C# notebooks use most, each loaded, used and shown as its own documentation does.</summary>
public sealed class PopularPackageTests
{
    [Theory]
    [InlineData("Humanizer.Core, 3.0.10", "using Humanizer;\n\"PascalCaseText\".Humanize()", "Pascal case text")]
    [InlineData("Newtonsoft.Json, 13.0.4", "Newtonsoft.Json.Linq.JObject.Parse(\"{\\\"a\\\":[1,2]}\")[\"a\"].ToString(Newtonsoft.Json.Formatting.None)", "[1,2]")]
    [InlineData("MathNet.Numerics, 5.0.0",
        "MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(new double[,] { { 2, 1 }, { 1, 3 } }).Determinant()", "5")]
    [InlineData("HtmlAgilityPack, 1.13.0",
        "HtmlAgilityPack.HtmlNode.CreateNode(\"<p>hi <b>you</b></p>\").InnerText", "hi you")]
    [InlineData("YamlDotNet, 18.1.0",
        "new YamlDotNet.Serialization.DeserializerBuilder().Build().Deserialize<Dictionary<string, int>>(\"a: 1\\nb: 2\")", "b        2")]
    [InlineData("NodaTime, 3.3.7", "using NodaTime;\n$\"{new LocalDate(2026, 1, 31).PlusMonths(1):uuuu-MM-dd}\"", "2026-02-28")]
    [InlineData("Polly, 8.9.1", "using Polly;\nnew ResiliencePipelineBuilder().AddRetry(new()).Build().Execute(() => 42)", "42")]
    [InlineData("Bogus, 35.6.5", "new Bogus.Faker(\"en\") { Random = new Bogus.Randomizer(1) }.Random.Int(5, 5)", "5")]
    [InlineData("FSharp.Core, 10.1.404", "Microsoft.FSharp.Collections.ListModule.OfSeq(new[] { 1, 2, 3 })", "[ 1, 2, 3 ]")]
    [InlineData("Microsoft.Data.Sqlite, 10.0.12",
        "var c = new Microsoft.Data.Sqlite.SqliteConnection(\"Data Source=:memory:\");\nc.Open();\nvar q = c.CreateCommand();\n" +
        "q.CommandText = \"select 6 * 7\";\nq.ExecuteScalar()", "42")] // With a native library.
    public async Task Nuget_PopularPackage_IsLoadedUsedAndShown(string request, string code, string shown)
    {
        using Cells cells = new();

        await cells.RunAsync($"#r \"nuget: {request}\"\n{code}");

        Assert.Contains(shown, cells.Result.PlainText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OxyPlot.Core, 2.2.0", "new OxyPlot.PlotModel { Title = \"tide\" }", "image/svg+xml", "tide")]
    [InlineData("Microsoft.Data.Analysis, 0.23.1",
        "using Microsoft.Data.Analysis;\nnew DataFrame(new PrimitiveDataFrameColumn<int>(\"depth\", new[] { 7 }))", "text/html", "<th>depth</th>")]
    [InlineData("SixLabors.ImageSharp, 2.1.13",
        "new SixLabors.ImageSharp.Image<SixLabors.ImageSharp.PixelFormats.Rgba32>(3, 2)", "text/plain", "PNG image, 3 x 2")]
    [InlineData("Newtonsoft.Json, 13.0.4", "Newtonsoft.Json.Linq.JObject.Parse(\"{\\\"a\\\":[1,2]}\")", "text/plain", "\"a\": [")]
    [InlineData("Newtonsoft.Json, 13.0.4",
        "new[] { Newtonsoft.Json.Linq.JObject.Parse(\"{\\\"a\\\":[1,2]}\") }", "text/plain", "\"a\": [")]
    public async Task Nuget_PackagesOwnPicture_IsShownAsSuch(string request, string code, string mimeType, string shown)
    {
        using Cells cells = new();

        await cells.RunAsync($"#r \"nuget: {request}\"\n{code}");

        Assert.Contains(shown, cells.Result.Text(mimeType), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nuget_PackageWithAnExtensionOfAnotherKernel_SaysSo()
    {
        using Cells cells = new();

        await cells.RunAsync("#r \"nuget: Plotly.NET.Interactive, 6.0.0\"\ndisplay(1);");

        Assert.StartsWith("Plotly.NET.Interactive 6.0.0 has an extension", cells.StandardError, StringComparison.Ordinal);
        Assert.Single(cells.StandardError.TrimEnd().Split('\n'));
    }
}
