using System.Xml.Linq;
using Research.Plotting;

namespace Research.Tests.Plotting;

public sealed class ResultTableTests
{
    private static readonly ResultTable Owners = ResultTable.Of(
    [
        new { Owner = "ada", Records = 1437, HeldOutLoss = (double?)0.123456, SHA256 = "<b>" },
        new { Owner = "grace & co", Records = -2, HeldOutLoss = (double?)null, SHA256 = new string('a', 64) },
    ]);

    [Fact]
    public void ToText_MixedColumns_AlignsNumbersRight() => Assert.Equal(
        $"""
        owner       records  held out loss  SHA256
        ──────────  ───────  ─────────────  {new string('─', 64)}
        ada           1,437         0.1235  <b>
        grace & co       −2              –  {new string('a', 64)}
        """.ReplaceLineEndings("\n"),
        Owners.ToText());

    [Fact]
    public void ToHtml_StrangersText_IsEscapedAndWellFormed()
    {
        XElement table = XElement.Parse(Owners.ToHtml());

        Assert.Equal(
            ["ada", "1,437", "0.1235", "<b>", "grace & co", "−2", "–", new string('a', 64)],
            table.Descendants("td").Select(cell => cell.Value));
        Assert.Equal(
            ["text-align:left", "text-align:right", "text-align:right", "text-align:left"],
            table.Descendants("th").Select(cell => cell.Attribute("style")!.Value));
        Assert.Equal(new string('a', 64), Assert.Single(table.Descendants("code")).Value);
    }

    [Theory]
    [InlineData(true, "yes")]
    [InlineData(3.0, "3")]
    [InlineData(1e-5, "10⁻⁵")]
    [InlineData("a\tb\u001b[1m", "a b\uFFFD[1m")]
    [InlineData(new[] { 1, 2 }, "1, 2")]
    public void ToHtml_Value_IsShownForPeople(object value, string expected) => Assert.Equal(
        expected,
        Assert.Single(XElement.Parse(ResultTable.Of([new { Value = value }]).ToHtml()).Descendants("td")).Value);

    [Fact]
    public void ToText_NoRows_IsTheHeadings() =>
        Assert.Equal("seed  loss\n────  ────", ResultTable.Of(Enumerable.Empty<(int Seed, double Loss)>()
            .Select(row => new { row.Seed, row.Loss })).ToText());

    [Fact]
    public void Of_RowsWithoutProperties_AreRefused() =>
        Assert.Contains(
            "public properties",
            Assert.Throws<ArgumentException>(() => ResultTable.Of([new object()])).Message,
            StringComparison.Ordinal);
}
