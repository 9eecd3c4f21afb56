using System.CommandLine;
using System.Globalization;
using Research.Cli.Commands;

namespace Research.Tests.Commands;

public sealed class ScriptCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("research-cli-").FullName;
    private readonly StringWriter _output = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture) { NewLine = "\n" };

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Script_ItsOwnOptions_ArriveAsArgs()
    {
        int exit = await InvokeAsync(
            "Console.Write(string.Join('|', Args)); return 7;", "--rounds", "3", "-o", "x", "--json");

        Assert.Equal((7, "--rounds|3|-o|x|--json"), (exit, _output.ToString()));
    }

    [Fact]
    public async Task Script_ThatThrows_ExitsWith1AndItsLine()
    {
        Assert.Equal(1, await InvokeAsync("int x = 1;\nthrow new Exception(\"no\");"));
        Assert.Contains("at main.csx, line 2", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("people.csv")]
    [InlineData("people.csx")]
    public async Task Script_GivenAFileOfData_QuotesNothingOfIt(string name)
    {
        Assert.Equal(1, await InvokeFileAsync(name, "name,diagnosis\nAda,positive\n"));

        Assert.DoesNotContain("Ada", _output.ToString() + _error, StringComparison.Ordinal);
        Assert.NotEmpty(_error.ToString());
    }

    private Task<int> InvokeAsync(string code, params string[] arguments) =>
        InvokeFileAsync("main.csx", code, arguments);

    private Task<int> InvokeFileAsync(string name, string code, params string[] arguments)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, code);
        RootCommand root = new("research") { ScriptCommand.Create() };
        return root.Parse(["script", path, .. arguments])
            .InvokeAsync(new InvocationConfiguration { Output = _output, Error = _error });
    }
}
