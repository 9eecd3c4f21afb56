using Research.Scripting.Directives;

namespace Research.Tests.Directives;

public sealed class NearNamesTests
{
    [Theory]
    [InlineData("#!tim", "#!time")]
    [InlineData("#!hwo", "#!who")]
    [InlineData("#laod", "#load")]
    public void Of_Misspelling_HasTheMeantName(string name, string meant) =>
        Assert.Contains(meant, NearNames.Of(name, ["#r", "#load", "#!time", "#!who", "#!whos", "#!lsmagic"]));

    [Fact]
    public void Of_NothingNear_ListsAll() => Assert.Equal(2, NearNames.Of("#!completelyelse", ["#r", "#load"]).Count);
}
