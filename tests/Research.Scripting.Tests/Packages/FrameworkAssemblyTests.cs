using Research.Scripting;

namespace Research.Tests.Packages;

/// <summary>Packages and SDKs whose assemblies the host's ASP.NET Core has too.</summary>
public sealed class FrameworkAssemblyTests : IDisposable
{
    private const string Versions = "new[] { typeof(ServiceCollection), typeof(IServiceCollection) }" +
        ".Select(type => type.Assembly.GetName().Version.Major).Distinct().Single()";

    private readonly Cells _cells = new();

    public void Dispose() => _cells.Dispose();

    [Theory]
    [InlineData("Microsoft.Extensions.DependencyInjection, 9.0.0", Versions, 9)]
    [InlineData("Microsoft.Extensions.DependencyInjection, 8.0.1", Versions, 8)]
    [InlineData("Microsoft.Extensions.Options, 9.0.10", "Microsoft.Extensions.Options.Options.Create(new List<int> { 4 }).Value[0]", 4)]
    [InlineData("Microsoft.Extensions.Caching.Memory, 10.0.12",
        "new Microsoft.Extensions.Caching.Memory.MemoryCache(new Microsoft.Extensions.Caching.Memory.MemoryCacheOptions()).Count", 0)]
    [InlineData("Microsoft.Extensions.Logging.Abstractions, 9.0.0",
        "typeof(Microsoft.Extensions.Logging.ILogger).Assembly.GetName().Version.Major", 9)]
    public async Task Nuget_PackageThatAspNetHasToo_IsTheOneAskedFor(string request, string code, int expected) =>
        Assert.Equal(expected, await _cells.RunAsync(
            $"#r \"nuget: {request}\"\n{(code == Versions ? "using Microsoft.Extensions.DependencyInjection;\n" : "")}{code}"));

    [Fact]
    public async Task Nuget_PackageWithSuchADependency_CanBeCompiledAgainst()
    {
        await _cells.RunAsync("#r \"nuget: Nethereum.Web3, 6.1.0\"");

        Assert.Equal("1000000000000000000", await _cells.RunAsync(
            "new Nethereum.Web3.Web3(\"http://127.0.0.1:1\");\nNethereum.Web3.Web3.Convert.ToWei(1).ToString()"));
    }

    [Fact]
    public async Task Sdk_Web_BringsAspNetAndItsImplicitUsings()
    {
        await _cells.RunAsync("#r \"sdk:Microsoft.NET.Sdk.Web\"");
        await _cells.RunAsync(
            """
            var builder = WebApplication.CreateBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.AddSingleton(new List<int> { 7 });
            var app = builder.Build();
            app.MapGet("/seven", (List<int> list) => Results.Text($"{list[0]}"));
            await app.StartAsync();
            """);

        Assert.Equal("7", await _cells.RunAsync("await new HttpClient().GetStringAsync(app.Urls.First() + \"/seven\")"));

        await _cells.RunAsync("await app.StopAsync();");
    }

    [Theory]
    [InlineData("#r \"sdk:Microsoft.NET.Sdk\"\n1")]
    [InlineData("#r \"sdk: Microsoft.NET.Sdk\"\n1")]
    public async Task Sdk_Plain_ChangesNothing(string code)
    {
        Assert.Equal(1, await _cells.RunAsync(code));
        Assert.Contains("WebApplication", (await _cells.FailAsync("WebApplication.CreateBuilder()")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sdk_Unknown_NamesThoseThatAreKnown()
    {
        CellError error = await _cells.FailAsync("#r \"sdk:Microsoft.NET.Sdk.Wep\"");

        Assert.Contains("Microsoft.NET.Sdk.Wep", error.Message, StringComparison.Ordinal);
        Assert.Contains("Microsoft.NET.Sdk.Web", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sdk_WebAfterAnotherVersionIsLoaded_IsRefused()
    {
        await _cells.RunAsync(
            "#r \"nuget: Microsoft.Extensions.DependencyInjection, 9.0.0\"\n" +
            "var services = new Microsoft.Extensions.DependencyInjection.ServiceCollection();");

        CellError error = await _cells.FailAsync("#r \"sdk:Microsoft.NET.Sdk.Web\"");

        Assert.Contains("Microsoft.Extensions.DependencyInjection", error.Message, StringComparison.Ordinal);
        Assert.Contains("Restart", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await _cells.RunAsync("services.Count"));
    }

    [Fact]
    public async Task Sdk_WebWithAPackageThatAspNetHasToo_IsOneOfEach()
    {
        await _cells.RunAsync("#r \"sdk:Microsoft.NET.Sdk.Web\"\n#r \"nuget: Microsoft.Extensions.DependencyInjection, 9.0.0\"");

        Assert.Equal(Environment.Version.Major, await _cells.RunAsync(Versions));
        await _cells.RunAsync("WebApplication.CreateBuilder().Services.AddSingleton(\"x\");");
    }

    [Fact]
    public async Task Reference_AspNetByName_BringsAllOfIt() => Assert.Equal("/x", await _cells.RunAsync(
        "#r \"Microsoft.AspNetCore.Http\"\nnew Microsoft.AspNetCore.Http.DefaultHttpContext { Request = { Path = \"/x\" } }.Request.Path.Value"));
}
