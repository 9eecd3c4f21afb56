using Research.Kernel.Requests;

namespace Research.Tests.Requests;

public sealed class PageQueryTests
{
    [Theory]
    [InlineData("?Console", "Console", false)]
    [InlineData("Console.WriteLine?", "Console.WriteLine", false)]
    [InlineData(" Console??\n", "Console", true)]
    [InlineData("??x", "x", true)]
    public void Parse_Query_HasNameAndDetail(string code, string name, bool detailed) =>
        Assert.Equal(new PageQuery(name, detailed), PageQuery.Parse(code));

    [Theory]
    [InlineData("Console")]
    [InlineData("x ? 1 : 2")]
    [InlineData("x?.Length")]
    [InlineData("???x")]
    [InlineData("?")]
    [InlineData("")]
    [InlineData("a; b?")]
    public void Parse_Code_IsNull(string code) => Assert.Null(PageQuery.Parse(code));
}
