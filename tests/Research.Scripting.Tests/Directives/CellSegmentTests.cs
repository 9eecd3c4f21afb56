using FsCheck;
using FsCheck.Fluent;
using Research.Scripting.Directives;

namespace Research.Tests.Directives;

public sealed class CellSegmentTests
{
    [Fact]
    public void Split_Switches_GiveEachPartWithItsLines()
    {
        IReadOnlyList<CellSegment> parts = CellSegment.Split(
            "int a;\n#!html\n<b>\n#!csharp\nint b;\n#!value --name x\ntext\n");

        Assert.Equal(
            [("csharp", "int a;\n"), ("html", "<b>"), ("csharp", "\n\n\n\nint b;\n"), ("value", "text")],
            parts.Select(part => (part.Language, part.Text)));
        Assert.Equal(("--name x", 6), (parts[3].Switch!.Argument, parts[3].Switch!.Line));
    }

    [Theory]
    [InlineData("string s = \"\"\"\n#!html\n\"\"\";")]
    [InlineData("/*\n#!html\n*/ int x;")]
    [InlineData("#if NEVER\n#!html\n#endif")]
    [InlineData("#!time\nint x;")]
    [InlineData("void F()\n{\n#!whos\n}")]
    [InlineData("int x = 1 +\n#!who\n2;")]
    public void Split_NoSwitch_IsOnePart(string code) =>
        Assert.Equal(new CellSegment("csharp", code), Assert.Single(CellSegment.Split(code)));

    [Fact]
    public void Split_ListingAfterCode_ComesAfterIt()
    {
        IReadOnlyList<CellSegment> parts = CellSegment.Split("int a = 1;\n#!whos\nint b = 2;");

        Assert.Equal(["int a = 1;\n", "\n#!whos\nint b = 2;"], parts.Select(part => part.Text));
    }

    [Fact]
    public void Split_AnyLines_KeepsEveryOne() => Prop.ForAll(
        Gen.Elements("int x;", "#!html", "#!csharp", "#!value --name a", "#!whos", "text \"", "/*", "*/", "", "#!", "{")
            .ListOf().ToArbitrary(),
        lines =>
        {
            string code = string.Join('\n', lines);
            IReadOnlyList<CellSegment> parts = CellSegment.Split(code);
            IEnumerable<string> kept = parts.SelectMany(part => part.Text.Split('\n').Append(part.Switch?.Text ?? ""))
                .Where(line => line.Length > 0);
            string[] wanted = [.. lines.Where(line => line.Length > 0)];
            string[] missing = [.. wanted.Except(kept)];
            return missing.All(line => line == "#!csharp") && kept.All(wanted.Contains); // It leaves no trace.
        }).QuickCheckThrowOnFailure();
}
