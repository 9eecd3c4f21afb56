using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Research.Scripting.Notebooks;

namespace Research.Tests.Notebooks;

public sealed class DibTests
{
    // dotnet/interactive, CodeSubmissionFormatTests...approved.dib: what .NET Interactive itself writes.
    private const string Approved =
        """
        #!meta

        {"kernelInfo":{"defaultKernelName":"csharp","items":[{"aliases":["cs","C#","c#"],"name":"csharp"},{"aliases":["fs","F#","f#"],"name":"fsharp"},{"aliases":["powershell"],"name":"pwsh"},{"name":"mermaid"},{"name":"javascript"}]}}

        #!markdown

        * Markdown code

        #!csharp

        // C# code

        #!fsharp

        // F# code

        #!pwsh

        # PowerShell code

        #!javascript

        // JavaScript code

        #!mermaid

        %% Mermaid code

        """;

    [Fact]
    public void Parse_InteractivesOwnFile_GivesItsCells()
    {
        NotebookDocument document = Parse(Approved);

        Assert.Equal(
            [
                ("markdown", "* Markdown code"), ("csharp", "// C# code"), ("fsharp", "// F# code"),
                ("pwsh", "# PowerShell code"), ("javascript", "// JavaScript code"), ("mermaid", "%% Mermaid code"),
            ],
            Cells(document));
    }

    // Each as dotnet/interactive's CodeSubmissionFormatTests has it.
    [Theory]
    [InlineData("", "")]
    [InlineData("var x = 1;", "csharp:var x = 1;")]
    [InlineData("#!fsharp\nlet x = 1", "fsharp:let x = 1")]
    [InlineData("#!probably-a-magic-command\nvar x = 1;", "csharp:#!probably-a-magic-command\nvar x = 1;")]
    [InlineData("#!fsharp\n#!probably-a-magic-command\nlet x = 1", "fsharp:#!probably-a-magic-command\nlet x = 1")]
    [InlineData("#!csharp\nvar x = 1;\nvar y = 2;\n\n#!fsharp\nlet x = 1", "csharp:var x = 1;\nvar y = 2;|fsharp:let x = 1")]
    [InlineData("#!csharp\n//\n\n#!fsharp\n\n#!pwsh\nGet-Item\n\n#!fsharp\n", "csharp://|pwsh:Get-Item")]
    [InlineData("\n\n\n#!csharp\n// a\n\n\n\n// b\n\n\n#!fsharp\n\n// c\n\n", "csharp:// a\n\n\n\n// b|fsharp:// c")]
    [InlineData("\n#!md\n\nThis is `markdown`.\n", "markdown:This is `markdown`.")]
    [InlineData("#!c#\n// 1\n#!C#\n// 2\n#!f#\n// 3\n#!F#\n// 4\n#!powershell\n# 5", "csharp:// 1|csharp:// 2|fsharp:// 3|fsharp:// 4|pwsh:# 5")]
    [InlineData("#!csharp\r\n1+1\r\n\r\n#!fsharp\r\n[1]\r\n|> List.sum", "csharp:1+1|fsharp:[1]\n\u00A6> List.sum")]
    [InlineData("#!meta\n{\"theAnswer\":42}\n#!csharp\nvar x = 1;", "csharp:var x = 1;")]
    [InlineData("#!meta\n{\"theAnswer\":42}", "")]
    [InlineData("\n#!meta\n\n{\n  \"someProperty\": 123\n}\n\n#!markdown\n\n# Title\n", "markdown:# Title")]
    [InlineData("#!value --name a\n\n{ }\n#!csharp\n#!value --name b\n1", "csharp:#!value --name a\n\n{ }|csharp:#!value --name b\n1")]
    public void Parse_Text_GivesTheCellsThatInteractiveReads(string text, string cells) => Assert.Equal(
        cells.Length == 0 ? [] : cells.Split('|').Select(cell => cell.Replace('\u00A6', '|')),
        Cells(Parse(text)).Select(cell => $"{cell.Language}:{cell.Source}"));

    [Fact]
    public void Parse_KernelsOfMeta_StartCells()
    {
        NotebookDocument document = Parse(
            """
            #!meta

            {"kernelInfo":{"defaultKernelName":"kql-telemetry","items":[{"aliases":["tel"],"languageName":"KQL","name":"kql-telemetry"}]}}

            #!time
            StormEvents

            #!tel

            | take 1

            """);

        Assert.Equal([("kql-telemetry", "#!time\nStormEvents"), ("kql-telemetry", "| take 1")], Cells(document));
    }

    [Fact]
    public void Parse_ParametersComment_TagsTheCell()
    {
        NotebookDocument document = Parse("#!csharp\n\n// parameters\nint epochs = 1;\n\n#!csharp\n\nepochs\n");

        Assert.Equal(["parameters"], document.Cells[0].Tags);
        Assert.Empty(document.Cells[1].Tags);
    }

    [Fact]
    public void ToBytes_UnchangedDib_IsByteForByteTheFile()
    {
        byte[] untidy = "\uFEFF\r\n#!c#\r\n\r\n\r\n1\r\n"u8.ToArray();

        Assert.Equal(untidy, NotebookDocument.Parse(untidy, NotebookFormat.Dib).ToBytes(NotebookFormat.Dib));
    }

    [Fact]
    public void ToBytes_ChangedDib_KeepsItsLineEnds()
    {
        NotebookDocument document =
            NotebookDocument.Parse("#!csharp\r\n\r\n1\r\n2\r\n"u8.ToArray(), NotebookFormat.Dib);
        document.Cells[0].Source = "3\n4";

        Assert.Equal("#!csharp\r\n\r\n3\r\n4\r\n", Encoding.UTF8.GetString(document.ToBytes(NotebookFormat.Dib)));
    }

    [Fact]
    public void ThroughIpynb_InteractivesOwnFile_ComesBackByteForByte() =>
        Assert.Equal(Approved, ThroughIpynb(Approved));

    [NbformatFact]
    public async Task ToIpynb_OfDib_IsExactlyWhatNbformatWrites()
    {
        byte[] bytes = Parse(Approved).ToBytes();

        Assert.Equal(
            Encoding.UTF8.GetString(await NbformatOracle.RewriteAsync(bytes)), Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void ToDib_CellsThatInteractiveDoesNotKnow_AreDeclaredInMeta()
    {
        NotebookDocument document = NotebookDocument.Parse(Fixture.Bytes("foreign"));

        string text = Dib(document);

        Assert.Contains("""{"aliases":[],"name":"python"}""", text, StringComparison.Ordinal);
        Assert.Equal(
            [("raw", "raw ü"), ("markdown", "![i](attachment:a.png)"), ("python", "print('x')\n\n1.0e-7")],
            Cells(Parse(text)));
    }

    [Fact]
    public void ToDib_ProseThatLooksLikeACell_StaysProse()
    {
        NotebookDocument document = NotebookDocument.Create();
        document.AddMarkdown("Write\n\n```\n#!csharp\n#!meta\n```");
        document.AddCode("1");

        NotebookDocument again = Parse(Dib(document));

        Assert.Equal([("markdown", "Write\n\n```\n #!csharp\n#!meta\n```"), ("csharp", "1")], Cells(again));
    }

    [Fact]
    public void ToDib_LanguageSwitchInACell_BecomesACell()
    {
        NotebookDocument document = NotebookDocument.Create();
        document.AddCode("#!html\n<b>x</b>");

        Assert.Equal([("html", "<b>x</b>")], Cells(Parse(Dib(document))));
    }

    [Fact]
    public void ToDib_TaggedParameters_AreFoundAgain()
    {
        NotebookDocument document = NotebookDocument.Create();
        document.AddCode("int epochs = 1;", null, "parameters");

        NotebookCell cell = Assert.Single(Parse(Dib(document)).Cells);
        Assert.Equal("// parameters\nint epochs = 1;", cell.Source);
        Assert.Equal(["parameters"], cell.Tags);
    }

    [Fact]
    public void ToDib_LanguageThatIsNoName_IsRefused()
    {
        NotebookDocument document = NotebookDocument.Parse(
            """
            {"cells":[{"cell_type":"code","execution_count":null,"id":"a","metadata":{"polyglot_notebook":{"kernelName":"a\n#!b"}},"outputs":[],"source":"1"}],"metadata":{},"nbformat":4,"nbformat_minor":5}
            """u8.ToArray());

        Assert.Throws<NotebookFormatException>(() => document.ToBytes(NotebookFormat.Dib));
    }

    [Theory]
    [InlineData("#!meta\n\n{\"a\":}\n", "line 3", "the JSON object of #!meta")]
    [InlineData("\n\n#!meta\n{\n\"a\": 1,\n\"a\": 2\n}\n", "line 4", "the JSON object of #!meta")]
    [InlineData("#!meta\n[]\n#!csharp\n1", "line 2", "a JSON object")]
    [InlineData("#!meta", "line 2", "the JSON object of #!meta")]
    [InlineData("#!meta\n{\"kernelInfo\":3}", "#!meta: kernelInfo", "an object")]
    [InlineData("#!meta\n{\"kernelInfo\":{\"items\":[{}]}}", "#!meta: kernelInfo.items[0].name", "a string")]
    [InlineData("#!meta\n{\"kernelInfo\":{\"items\":[{\"name\":\"a b\"}]}}", "#!meta: kernelInfo.items[0].name", "1 to 64 letters, digits or .-_#+")]
    [InlineData("#!meta\n{\"kernelInfo\":{\"defaultKernelName\":\"x\"}}", "#!meta: kernelInfo.defaultKernelName", "a kernel of the items")]
    public void Parse_BadMeta_NamesTheLineOrMember(string text, string path, string expected)
    {
        NotebookFormatException exception = Assert.Throws<NotebookFormatException>(() => Parse(text));

        Assert.Equal((path, expected), (exception.Path, exception.Expected));
    }

    [Fact]
    public void Parse_BytesThatAreNoText_NamesTheLine()
    {
        NotebookFormatException exception = Assert.Throws<NotebookFormatException>(
            () => NotebookDocument.Parse((byte[])[.. "#!csharp\n\n1\n"u8, 0xC3, 0x28], NotebookFormat.Dib));

        Assert.Equal(("line 4", "UTF-8 text"), (exception.Path, exception.Expected));
    }

    [Fact]
    public void Parse_MoreThan64MiB_IsRefused() => Assert.Throws<NotebookFormatException>(
        () => NotebookDocument.Parse(new byte[(64 << 20) + 1], NotebookFormat.Dib));

    [Fact]
    public void Parse_MoreThanAHundredThousandCells_IsRefused()
    {
        StringBuilder text = new();
        for (int i = 0; i <= 100_000; i++)
        {
            text.Append("#!html\nx\n");
        }

        Assert.Contains(
            "at most 100000 cells",
            Assert.Throws<NotebookFormatException>(() => Parse(text.ToString())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ByExtension_ReadsAndSavesEither()
    {
        using TemporaryFolder folder = new();
        NotebookDocument document = NotebookDocument.Load(folder.File("a.DIB", Approved));

        document.Save(folder.File("b.ipynb"));
        NotebookDocument.Load(folder.File("b.ipynb")).Save(folder.File("c.dib"));

        Assert.Equal(NotebookFormat.Dib, document.Format);
        Assert.Equal(Approved, File.ReadAllText(folder.File("c.dib")));
    }

    // Whatever .NET Interactive can have written comes back from .ipynb byte for byte.
    [Fact]
    public void ThroughIpynb_AnyCanonicalFile_ComesBackByteForByte()
    {
        Gen<string> line = Gen.Elements(
            "int x = 1;", "", "  indented", "#!time", "#r \"nuget: A, 1.0\"", "# Title", " #!csharp", "é\u2028😀\t\u0001", "#!unknown",
            "#!value --name a", "\f", "\u0085", "#! csharp");
        Gen<string> source = line.NonEmptyListOf()
            .Select(lines => string.Join('\n', lines).Trim('\n')).Where(text => text.Length > 0);
        Gen<string> cell = Gen.Elements("csharp", "markdown", "html", "fsharp", "my-kernel", "mermaid", "value")
            .SelectMany(kernel => source.Select(text => $"#!{kernel}\n\n{text}\n"));
        Gen<string> document = cell.ListOf().Select(cells => string.Join('\n', (string[])
            ["#!meta\n\n{\"kernelInfo\":{\"defaultKernelName\":\"csharp\",\"items\":[{\"name\":\"my-kernel\"}]},\"z\":1.50}\n", .. cells]));

        Prop.ForAll(document.ToArbitrary(), text => ThroughIpynb(text) == text).QuickCheckThrowOnFailure();
    }

    // Writing tidies once and for all; and nothing but the one exception ever comes out.
    [Fact]
    public void Parse_AnyText_IsReadOrRefusedCleanlyAndThenStable()
    {
        Random random = new(20261122);
        string[] pieces =
        [
            "#!meta", "#!csharp", "#!markdown", "#!html ", "#!", "#", "\n", "\n", "\n", "\r\n", "\r", "{}", "{\"kernelInfo\":",
            "{\"items\":[{\"name\":\"x\",\"aliases\":[\"y\"]}]}", "}", "[", "\"", "\0", "é", "x", "#!x", "#!y", " ", "\u2028", "// parameters",
        ];
        int read = 0;
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(
                Enumerable.Range(0, random.Next(30)).Select(_ => pieces[random.Next(pieces.Length)]));
            try
            {
                string once = ThroughIpynb(text);
                Assert.Equal(once, ThroughIpynb(once));
                read++;
            }
            catch (NotebookFormatException)
            {
            }
        }

        Assert.InRange(read, 5_000, 20_000);
    }

    private static string ThroughIpynb(string text) => Dib(NotebookDocument.Parse(Parse(text).ToBytes()));

    private static string Dib(NotebookDocument document) => Encoding.UTF8.GetString(document.ToBytes(NotebookFormat.Dib));

    private static NotebookDocument Parse(string text) =>
        NotebookDocument.Parse(Encoding.UTF8.GetBytes(text), NotebookFormat.Dib);

    private static IEnumerable<(string Language, string Source)> Cells(NotebookDocument document) =>
        document.Cells.Select(cell => (
            cell.Kind == NotebookCellKind.Code ? cell.Language : cell.Kind.ToString().ToLowerInvariant(), cell.Source));
}
