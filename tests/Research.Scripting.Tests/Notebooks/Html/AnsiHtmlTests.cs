using Research.Scripting.Notebooks.Html;

namespace Research.Tests.Notebooks.Html;

public sealed class AnsiHtmlTests
{
    [Theory]
    [InlineData("a <b> & c", "a &lt;b&gt; &amp; c")]
    [InlineData("\e[32mgreen\e[0m plain", "<span class=\"ansi-fg2\">green</span> plain")]
    [InlineData("\e[1;31mx\e[22my\e[39mz", "<span class=\"ansi-1 ansi-fg1\">x</span><span class=\"ansi-fg1\">y</span>z")]
    [InlineData("\e[92;104mx", "<span class=\"ansi-bg12 ansi-fg10\">x</span>")]
    [InlineData("\e[38;5;208mx\e[39my", "<span style=\"color:#ff8700;\">x</span>y")]
    [InlineData("\e[38;5;3mx", "<span style=\"color:var(--ansi-3);\">x</span>")]
    [InlineData("\e[48;2;1;2;300mx", "<span style=\"background:#0102ff\">x</span>")]
    [InlineData("\e[2Ja\e[10;5Hb\e]0;title\ac\e(Bd", "abcBd")]
    [InlineData("\e", "")]
    [InlineData("\e[", "")]
    [InlineData("\e[38;5mx", "x")]
    [InlineData("\e[99999999999mx", "x")]
    [InlineData("a\u0007\u0000b", "ab")]
    public void From_Text_GivesItsColours(string text, string html) => Assert.Equal(html, AnsiHtml.From(text));
}
