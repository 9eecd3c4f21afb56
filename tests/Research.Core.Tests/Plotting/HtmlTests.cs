using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Research.Plotting;

namespace Research.Tests.Plotting;

public sealed partial class HtmlTests
{
    public static TheoryData<string> Names => [.. Gallery.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ToHtml_EveryFigure_HoldsTheDrawingAndReachesForNothing(string name)
    {
        string html = Gallery.All[name].ToHtml();

        Assert.Contains("<svg xmlns=", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(Loads(), html);
        Assert.DoesNotContain(
            "http", html.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void ToHtml_HostileText_OpensNoElement()
    {
        string html = Gallery.All["hostile"].ToHtml();

        Assert.DoesNotContain("<svg onload", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(html, "</script>")); // the data's and the loader's
        Assert.Contains("&lt;/script&gt;&lt;svg onload=alert(1)&gt;&quot;&#39;&amp;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ToHtml_Embedded_HoldsPlotlyOnlyWhenAsked()
    {
        Figure figure = Gallery.All["loss"];

        Assert.Contains(
            "plotly.js (basic - minified) v4.1.1", figure.ToHtml(PlotlyScript.Embedded), StringComparison.Ordinal);
        Assert.InRange(figure.ToHtml().Length, 1000, 150_000);
    }

    [Fact]
    public void Page_ManyFigures_HoldsPlotlyOnce()
    {
        string html =
            new HtmlPage("t").Figure(Gallery.All["loss"], Gallery.All["six"]).Figure(Gallery.All["rewards"]).ToHtml();

        Assert.Single(Regex.Matches(html, Regex.Escape("plotly.js (basic - minified) v4.1.1")));
        Assert.Equal(3, Regex.Count(html, "<figure class"));
    }

    [Fact]
    public void Page_ContentSecurityPolicy_AllowsExactlyThePagesScripts()
    {
        string html = new HtmlPage("t").Figure(Gallery.All["loss"]).ToHtml();
        string[] allowed = [.. Regex.Matches(html[..2000], "'sha256-([^']+)'").Select(match => match.Groups[1].Value)];
        string[] scripts = [.. Regex.Matches(html, "<script>(.*?)</script>", RegexOptions.Singleline)
            .Select(match => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(match.Groups[1].Value))))];

        Assert.Equal(2, scripts.Length);
        Assert.Equal(allowed, scripts);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.Contains("script-src 'none'", new HtmlPage("t").Text("prose").ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Page_HostileText_IsEscapedEverywhere()
    {
        const string Evil = "<img src=x onerror=alert(1)>\"'&";
        string html = new HtmlPage(Evil).Lead(Evil).Section(Evil).Subsection(Evil).Text(Evil).List([Evil])
            .Stats(new Stat(Evil, Evil, Evil)).Table([Evil], [[Evil]], Evil).KeyValues((Evil, Evil))
            .Callout(CalloutKind.Note, Evil, Evil).Code(Evil).ToHtml();

        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.True(Regex.Count(html, "&lt;img src=x onerror=alert\\(1\\)&gt;&quot;&#39;&amp;") >= 15);
    }

    [Fact]
    public void Table_Columns_NumbersAlignedRightAndHashesMonospaced()
    {
        string hash = "0x" + new string('a', 64);
        string html = new HtmlPage("t").Table(
            ["who", "score", "reward", "why", "tx"],
            [["ada", "0.1", "4.2 ETH", "1 of many", hash], ["bob", "−0.04", "—", "", hash]]).ToHtml();

        Assert.Contains(
            "<td>ada</td><td class=\"number\">0.1</td><td class=\"number\">4.2 ETH</td>"
            + "<td>1 of many</td><td class=\"hash\">0xaaa",
            html,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Table_RowOfAnotherLength_SaysExpectedAndGot()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new HtmlPage("t").Table(["a", "b"], [["1"]]));
        Assert.Contains("Expected 2 cells in a row, one a column; got 1.", error.Message, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\b(src|href|srcset|action)\s*=\s*[""']|@import|url\(", RegexOptions.IgnoreCase)]
    private static partial Regex Loads();
}
