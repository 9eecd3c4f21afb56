using System.Net;
using System.Text.RegularExpressions;
using Research.Scripting.Notebooks.Html;
using Research.Tests.Tools;

namespace Research.Tests.Notebooks.Html;

public sealed partial class SafeHtmlTests
{
    [Theory]
    [InlineData("<b>x</b>", "<b>x</b>")]
    [InlineData("a &lt; b & c > d", "a &lt; b & c > d")]
    [InlineData("1 < 2 <3", "1 &lt; 2 &lt;3")]
    [InlineData("<TABLE class=a><TR><TD colspan='2'>x", "<table class=\"a\"><tr><td colspan=\"2\">x</td></tr></table>")]
    [InlineData("</div></main></body>after", "after")]
    [InlineData("<div><b>x</div>y", "<div><b>x</b></div>y")]
    [InlineData("x<!-- <b>y", "x")]
    [InlineData("x<!-- a -->y<!DOCTYPE z><?php ?>", "xy")]
    [InlineData("<br/><hr>", "<br><hr>")]
    [InlineData("<svg viewBox=\"0 0 1 1\"><path d='M0 0'/><g><circle r=1 /></g></svg>", "<svg viewBox=\"0 0 1 1\"><path d=\"M0 0\"/><g><circle r=\"1\"/></g></svg>")]
    [InlineData("<p onclick=a() ONLOAD='b()' title=\"t\">x</p>", "<p title=\"t\">x</p>")]
    [InlineData("<a href=\"javascript:a()\">x</a>", "<a>x</a>")]
    [InlineData("<a href=\"java&#115;cript:a()\">x</a>", "<a>x</a>")]
    [InlineData("<a href=\" j\tava\nscript:a()\">x</a>", "<a>x</a>")]
    [InlineData("<a href=\"data:text/html,x\">x</a>", "<a>x</a>")]
    [InlineData("<a href=\"https://example.org/?a=1&amp;b=2\">x</a>", "<a href=\"https://example.org/?a=1&amp;b=2\">x</a>")]
    [InlineData("<a href=\"other.ipynb#part:2\">x</a>", "<a href=\"other.ipynb#part:2\">x</a>")]
    [InlineData("<script>a()</script>x", "x")]
    [InlineData("<script>a('</scripty>')</SCRIPT >x", "x")]
    [InlineData("<script>never ends <b>x</b>", "")]
    [InlineData("<iframe src=x>y</iframe><object>z</object><template><b>t</template>w", "w")]
    [InlineData("<meta http-equiv=refresh content='0;url=//x'><base href=//x><link rel=stylesheet href=//x>y", "y")]
    [InlineData("<form action=//x><input name=body value=1></form>", "<input value=\"1\">")]
    [InlineData("<plaintext>x<b>y", "")]
    [InlineData("x<textarea></b>&lt;y</textarea>z", "x<textarea>&lt;/b&gt;&lt;y</textarea>z")]
    [InlineData("<style>b{color:red}</style>", "<style>@scope{b{color:red}\n}</style>")]
    [InlineData("<style>b{} } body{display:none} a{</style>x", "x")]
    [InlineData("<style>a{content:\"{\"} } body{}</style>x", "x")]
    [InlineData("<style>a{b:url({)} } body{}</style>x", "x")]
    [InlineData("<style>a{/*{*/} } body{}</style>x", "x")]
    [InlineData("<style>a{\\{} } body{}</style>x", "x")]
    [InlineData("<img src=x onerror=a() alt=\"a picture\">", "<a class=\"elsewhere\" href=\"x\">a picture</a>")]
    [InlineData("<img src=\"data:image/png;base64,AAAA\" onload=a()>", "<img src=\"data:image/png;base64,AAAA\" alt=\"\">")]
    [InlineData("<img src=\"data:text/html;base64,AAAA\">", "<span class=\"elsewhere\"></span>")]
    [InlineData("<image href=\"https://x/y\"></image><use href=\"https://x#y\"/><use href=\"#y\">", "<image></image><use><use href=\"#y\"></use></use>")]
    [InlineData("<a <b>x", "<a <b=\"\">x</a>")]
    [InlineData("<b", "")]
    [InlineData("<b title=\"<i>", "")]
    public void From_Html_IsBalancedAndInert(string html, string expected) =>
        Assert.Equal(expected.Replace(" <b=\"\"", "", StringComparison.Ordinal), Safe(html));

    [Theory]
    [InlineData("<script>a()</script>", true)]
    [InlineData("<script type=module>a()</script>", true)]
    [InlineData("<script type=\"application/json\">{}</script>", false)]
    [InlineData("<b>x</b>", false)]
    public void HadScript_TellsOfScriptsThatWouldRun(string html, bool expected)
    {
        SafeHtml.From(html, _ => null, out SafeHtml result);

        Assert.Equal(expected, result.HadScript);
    }

    [Fact]
    public void From_DeepNesting_IsBoundedAndLinear()
    {
        string html = Safe(string.Concat(Enumerable.Repeat("<div>", 1_000_000)) + "x");

        Assert.Equal(200, Regex.Count(html, "<div>"));
        Assert.Equal(200, Regex.Count(html, "</div>"));
    }

    // Each is quadratic for a reader that looks to the end of the text again and again.
    [Theory]
    [InlineData("<a ")]
    [InlineData("<a b=\"")]
    [InlineData("<!--")]
    [InlineData("<script></scripty ")]
    [InlineData("<style></")]
    [InlineData("</")]
    public async Task From_MegabytesOfUnfinishedMarkup_TakesNoTime(string piece)
    {
        string html = string.Concat(Enumerable.Repeat(piece, 1_000_000));

        using WorkClock clock = new();
        await Task.Run(() => Safe(html)).WaitAsync(CellSignal.Patience);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
    }

    // Whatever goes in: every element that is opened is closed, nothing runs, and a second pass changes nothing.
    [Fact]
    public void From_AnyMarkup_IsBalancedInertAndStable()
    {
        string[] pieces =
        [
            "<", ">", "</", "/>", "\"", "'", "=", " ", "<!--", "-->", "<script", "</script>", "<style>", "</style>", "{", "}", "<b", "<div>",
            "</div>", "<svg>", "</svg>", "<img src=", " onload=alert(1)", " href=javascript:alert(1)", "x", "&lt;", "&#60;script&#62;", "<p>",
            "<table>", "<textarea>", "</textarea>", "<title>", "<math>", "<![CDATA[", "]]>", "\0", "é", "<a ", "<x-y>", "</p>",
        ];
        Random random = new(20261127);
        for (int round = 0; round < 20_000; round++)
        {
            string html = string.Concat(
                Enumerable.Range(0, random.Next(25)).Select(_ => pieces[random.Next(pieces.Length)]));
            string safe = Safe(html);

            Assert.All(Tag().Matches(safe), tag => Assert.DoesNotMatch(Dangerous(), Value().Replace(tag.Value, "=\"\"")));
            Assert.DoesNotMatch(Address(), safe);
            AssertBalanced(safe);
            Assert.Equal(safe.Contains("<style>", StringComparison.Ordinal) ? Safe(safe) : safe, Safe(safe));
        }
    }

    // The browser's own parser is the oracle: outputs that try to break out of their box, and what follows them.
    [RequiresFact("chromium")]
    public async Task From_Attacks_LeaveTheRestOfThePageInABrowser()
    {
        string[] attacks =
        [
            "</div></div></section></main></body></html><script>document.title='run'</script>",
            "<!-- never closed", "<textarea>", "<title>", "<style>", "<script>", "<plaintext>", "<noscript><p title=\"</noscript><img src=x onerror=document.title='run'>\">",
            "<svg><style><img src=x onerror=document.title='run'></style></svg>", "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=document.title='run'&gt;\">",
            "<svg></p><style><a title=\"</style><img src onerror=document.title='run'>\">", "<form><math><mtext></form><form><mglyph><style></math><img src onerror=document.title='run'>",
            "<table><tr><td><select><option>", "<a href=\"javascript:document.title='run'\" id=x>", "<details open ontoggle=document.title='run'>", "<frameset><frame>",
            "<button><a><b><i><p>", "<svg><foreignObject><div>", "<img name=querySelectorAll src=data:image/png;base64,AA>", "<template>", "<dialog open>",
        ];
        string page = "<!DOCTYPE html><title>quiet</title>" + string.Concat(attacks.Select(
            (attack, index) => $"<div class=\"box\">{Safe(attack)}</div><p class=\"after\">{index}</p>"))
            + "<script>document.body.dataset.boxes = document.querySelectorAll('body>div.box').length;"
            + "document.body.dataset.after = document.querySelectorAll('body>p.after').length;"
            + "document.getElementById('x').click();"
            + "document.body.dataset.title = document.title;</script>";

        string document = await Chromium.DumpAsync(page);

        Assert.Contains($"data-boxes=\"{attacks.Length}\"", document, StringComparison.Ordinal);
        Assert.Contains($"data-after=\"{attacks.Length}\"", document, StringComparison.Ordinal);
        Assert.Contains("data-title=\"quiet\"", document, StringComparison.Ordinal);
    }

    private static string Safe(string html) => SafeHtml.From(html, _ => null, out _);

    private static void AssertBalanced(string html)
    {
        Stack<string> open = new();
        foreach (Match tag in Tag().Matches(RawText().Replace(html, "")))
        {
            string name = tag.Groups[2].Value;
            if (tag.Groups[1].Value == "/")
            {
                Assert.Equal(name, open.Pop());
            }
            else if (!tag.Value.EndsWith("/>", StringComparison.Ordinal) &&
                (name is not ("img" or "br" or "hr" or "input") || open.Contains("svg") || open.Contains("math")) && name != "img")
            {
                open.Push(name);
            }
        }

        Assert.Empty(open);
        Assert.NotNull(WebUtility.HtmlDecode(html));
    }

    [GeneratedRegex(@"<(script|iframe|meta|base|link|form|object)[\s/>]|\son\w+=", RegexOptions.IgnoreCase)]
    private static partial Regex Dangerous();

    [GeneratedRegex(@"\s(href|src)=""\s*javascript:", RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex("=\"[^\"]*\"")]
    private static partial Regex Value();

    [GeneratedRegex(@"<(/?)([a-z][^\s>/]*)(?:\s[^>]*)?/?>")]
    private static partial Regex Tag();

    [GeneratedRegex("<(style|textarea|title)>[^<]*</\\1>")]
    private static partial Regex RawText();
}
