using System.Globalization;
using Research.Scripting.Scripts;

namespace Research.Tests.Scripts;

/// <summary>What dotnet-script's README documents, run twice: compiled, and from the cache.</summary>
public sealed class DotnetScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Hello World", "Console.WriteLine(\"Hello world!\");", "Hello world!\n", 0)]
    [InlineData("static System.Console", "WriteLine(\"Hello\");", "Hello\n", 0)]
    [InlineData("default imports", "Stopwatch s = new(); dynamic e = new ExpandoObject(); Expression<Func<int>> x = () => 1; Write(x.Body);", "1", 0)]
    [InlineData("Args", "Write(string.Join(\"|\", Args));", "a|b c", 0)]
    [InlineData("Args is a list", "Write(Args.Count + Args[0]);", "2a", 0)]
    [InlineData("shebang", "#!/usr/bin/env dotnet-script\nWrite(1);", "1", 0)]
    [InlineData("return", "return 7;", "", 7)]
    [InlineData("return a task's result", "return await Task.FromResult(8);", "", 8)]
    [InlineData("Environment.ExitCode", "Environment.ExitCode = 9;", "", 9)]
    [InlineData("exception", "throw new Exception(\"no\");", "", 1)]
    [InlineData("compile error", "nope;", "", 1)]
    [InlineData("top-level await", "await Task.Delay(1); Write(2);", "2", 0)]
    [InlineData("classes and methods", "class C { public int X => 3; } int F(C c) => c.X; Write(F(new C()));", "3", 0)]
    [InlineData("extension methods", "static int Twice(this int x) => 2 * x; Write(4.Twice());", "8", 0)]
    [InlineData("#load", "#load \"lib.csx\"\nWrite(Twice(5));", "10", 0)]
    [InlineData("#load nested, relative to each file", "#load \"sub/outer.csx\"\nWrite(Inner());", "inner", 0)]
    [InlineData("#load twice runs once", "#load \"lib.csx\"\n#load \"lib.csx\"\nWrite(loads);", "1", 0)]
    [InlineData("#r nuget", "#r \"nuget: Markdig, 1.6.0\"\nusing Markdig;\nWrite(Markdown.ToHtml(\"# x\").Trim());", "<h1>x</h1>", 0)]
    [InlineData("#r a framework assembly", "#r \"System.Xml.Linq\"\nusing System.Xml.Linq;\nWrite(new XElement(\"a\"));", "<a />", 0)]
    [InlineData("#r sdk", "#r \"sdk:Microsoft.NET.Sdk.Web\"\nWrite(WebApplication.CreateBuilder().Build().Urls.Count);", "0", 0)]
    [InlineData("CallerFilePath", "static string Here([System.Runtime.CompilerServices.CallerFilePath] string p = \"\") => Path.GetFileName(p);\nWrite(Here());", "main.csx", 0)]
    [InlineData("#if", "#define FAST\n#if FAST\nWrite(1);\n#else\nWrite(2);\n#endif", "1", 0)]
    [InlineData("nullable", "string? s = null; Write(s?.Length ?? 5);", "5", 0)]
    [InlineData("lambda, local functions, closures", "int n = 0; Action f = () => n++; f(); f(); Write(n);", "2", 0)]
    [InlineData("stderr", "Console.Error.Write(\"e\"); Write(\"o\");", "o", 0)]
    public async Task Script_AsDocumented_RunsCompiledAndCached(string what, string code, string output, int exitCode)
    {
        _folder.File("lib.csx", "int loads = 0; loads++;\nint Twice(int x) => 2 * x;");
        _folder.File("sub/outer.csx", "#load \"deep/inner.csx\"");
        _folder.File("sub/deep/inner.csx", "string Inner() => \"inner\";");
        string script = _folder.File("main.csx", code);

        (int, string) compiled = await RunAsync(script, "a", "b c");
        (int, string) cached = await RunAsync(script, "a", "b c");

        Assert.True((exitCode, output) == compiled, $"{what}: {compiled}");
        Assert.True(compiled == cached, $"{what}, from the cache: {cached}");
    }

    [Fact]
    public async Task Script_LoadedFileChanged_IsCompiledAgain()
    {
        _folder.File("lib.csx", "string Say() => \"old\";");
        string script = _folder.File("main.csx", "#load \"lib.csx\"\nWrite(Say());");
        Assert.Equal((0, "old"), await RunAsync(script));
        Assert.Equal((0, "old"), await RunAsync(script));

        _folder.File("lib.csx", "string Say() => \"new\";");

        Assert.Equal((0, "new"), await RunAsync(script));
    }

    [Fact]
    public async Task Script_ItselfChanged_IsCompiledAgain()
    {
        string script = _folder.File("main.csx", "Write(1);");
        Assert.Equal((0, "1"), await RunAsync(script));

        _folder.File("main.csx", "Write(2);");

        Assert.Equal((0, "2"), await RunAsync(script));
    }

    [Fact]
    public async Task Script_ThatFailsFromTheCache_NamesTheUsersLine()
    {
        string script = _folder.File("main.csx", "int x = 1;\nif (Args.Count > 0) throw new FormatException(\"late\");");
        Assert.Equal((0, ""), await RunAsync(script));

        (int exitCode, _, string error) = await RunAllAsync(script, "fail");

        Assert.Equal(1, exitCode);
        Assert.Contains("at main.csx, line 2: if (Args.Count", error, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string script, params string[] arguments)
    {
        (int exitCode, string output, _) = await RunAllAsync(script, arguments);
        return (exitCode, output);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAllAsync(
        string script, params string[] arguments)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using StringWriter error = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        int exitCode = await ScriptRunner.RunAsync(script, arguments, output, error);
        return (exitCode, $"{output}", $"{error}");
    }
}
