using Research.Cli;
using Research.Cli.Tasks;
using Research.Storage;

namespace Research.Tests.Stores;

/// <summary>No server is shown a token that is not its own.</summary>
public sealed class StoreTokensTests : IDisposable
{
    private const string Variable = HttpStoreOptions.TokenVariable;

    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    public void Dispose() => Environment.SetEnvironmentVariable(Variable, _before);

    [Fact]
    public void Of_ServersNamed_EachHasItsOwnAndOthersNone()
    {
        StoreTokens tokens = Read(
            "https://a.example=one https://b.example/path=two= https://elsewhere.example=three https://c.example=",
            "https://a.example",
            "https://b.example/path",
            "https://c.example",
            "folder");

        Assert.Equal("one", tokens.Of(new Uri("https://a.example/")));
        Assert.Equal("two=", tokens.Of(new Uri("https://b.example/path")));
        Assert.Null(tokens.Of(new Uri("https://c.example")));
        Assert.Equal("three", tokens.Of(new Uri("https://elsewhere.example"))); // Perhaps a specification names it.
        Assert.Null(tokens.Of(new Uri("https://d.example")));
    }

    [Fact]
    public void Of_OneServerOnThisMachine_TakesTheTokenAlone() =>
        Assert.Equal("secret==", Read("secret==", "http://127.0.0.1:8765").Of(new Uri("http://127.0.0.1:8765/")));

    [Theory]
    [InlineData("secret", "https://evil.example")]
    [InlineData("secret", "http://127.0.0.1:1", "http://127.0.0.1:2")]
    [InlineData("http://far.example=secret", "http://far.example")]
    [InlineData("http://far.example=secret", "https://a.example")]
    [InlineData("https://a.example=secrét", "https://a.example")]
    public void Read_WhereATokenWouldGoAstray_RefusesWithoutShowingIt(string given, params string[] stores)
    {
        CommandException refused = Assert.Throws<CommandException>(() => Read(given, stores));

        Assert.StartsWith(Variable, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secr", refused.Message, StringComparison.Ordinal);
    }

    private static StoreTokens Read(string given, params string[] stores)
    {
        Environment.SetEnvironmentVariable(Variable, given);
        return StoreTokens.Read([.. stores.Select(StoreAddress.Parse)]);
    }
}
