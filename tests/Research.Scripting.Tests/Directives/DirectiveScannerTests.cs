using Research.Scripting.Directives;

namespace Research.Tests.Directives;

public sealed class DirectiveScannerTests
{
    [Fact]
    public void Scan_Directives_AreTakenOutAndEverythingElseStays()
    {
        string rest = DirectiveScanner.Scan(
            "#!time\nint x = 1; // #r\n  #r \"a b.dll\" // why\n#r nuget\nx", out IReadOnlyList<Directive> found);

        Assert.Equal("      \nint x = 1; // #r\n" + new string(' ', 21) + "\n        \nx", rest);
        Assert.Equal([("#!time", "", 1), ("#r", "a b.dll", 3), ("#r", "nuget", 4)],
            found.Select(directive => (directive.Name, directive.Argument, directive.Line)));
    }

    [Theory]
    [InlineData("string s = \"\"\"\n#!who\n\"\"\";")]
    [InlineData("/*\n#r \"a.dll\"\n*/")]
    [InlineData("#if NEVER\n#!who\n#endif")]
    [InlineData("#region a\n#nullable enable\n#pragma warning disable\n#endregion")]
    [InlineData("#!/usr/bin/env -S research script\nint x = 1;")]
    public void Scan_TextThatIsNoDirective_IsLeftAlone(string code)
    {
        DirectiveScanner.Scan(code, out IReadOnlyList<Directive> found);

        Assert.Empty(found);
    }
}
