using FsCheck;
using FsCheck.Fluent;
using Research.Scripting.Directives;

namespace Research.Tests.Directives;

public sealed class ArgumentTokenizerTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("  --name  x\t--value y ", new[] { "--name", "x", "--value", "y" })]
    [InlineData("--value \"one two three\"", new[] { "--value", "one two three" })]
    [InlineData("--value \"\"", new[] { "--value", "" })]
    [InlineData("--value \"say \\\"hi\\\"\"", new[] { "--value", "say \"hi\"" })]
    [InlineData("--value C:\\data\\x.csv", new[] { "--value", "C:\\data\\x.csv" })]
    [InlineData("@input:\"Please enter a URL\"", new[] { "@input:Please enter a URL" })]
    [InlineData(
        "@input:{\"prompt\": \"Please } enter\", \"a\": {}} z",
        new[] { "@input:{\"prompt\": \"Please } enter\", \"a\": {}}", "z" })]
    [InlineData("a{b c}", new[] { "a{b", "c}" })]
    public void Split_Text_GivesItsWords(string text, string[] words) => Assert.Equal(
        words, ArgumentTokenizer.Split(text));

    [Theory]
    [InlineData("--value \"open")]
    [InlineData("@input:{\"prompt\": 1")]
    [InlineData("{\"a")]
    public void Split_Unclosed_SaysSo(string text) => Assert.Contains(
        "is not closed",
        Assert.Throws<DirectiveException>(() => ArgumentTokenizer.Split(text)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Split_AnyText_GivesWordsOrADirectiveException() => Prop.ForAll<string>(text =>
    {
        Exception? failure = Record.Exception(() => ArgumentTokenizer.Split(text ?? ""));
        return failure is null or DirectiveException;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Split_QuotedWords_AreThoseWords() => Prop.ForAll<string[]>(words =>
    {
        string[] clean = [.. words.Select(word => word ?? "")];
        string text = string.Join(' ', clean.Select(word => word.Replace("\\", "\\\\", StringComparison.Ordinal))
            .Select(word => $"\"{word.Replace("\"", "\\\"", StringComparison.Ordinal)}\""));
        return ArgumentTokenizer.Split(text).SequenceEqual(clean);
    }).QuickCheckThrowOnFailure();
}
