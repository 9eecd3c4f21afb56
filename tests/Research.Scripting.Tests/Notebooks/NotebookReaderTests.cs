using System.Text;
using System.Text.Json.Nodes;
using Research.Scripting.Notebooks;

namespace Research.Tests.Notebooks;

public sealed class NotebookReaderTests
{
    private const string Code =
        """{"cell_type":"code","execution_count":null,"id":"a","metadata":{},"outputs":[OUTPUT],"source":[]}""";

    [Theory]
    [InlineData("", "$", "JSON")]
    [InlineData("nonsense", "$", "JSON")]
    [InlineData("[]", "$", "an object")]
    [InlineData("{}", "$.nbformat", "an integer")]
    [InlineData("""{"nbformat":3,"nbformat_minor":0,"metadata":{},"worksheets":[]}""", "$.nbformat", "4")]
    [InlineData("""{"nbformat":4,"nbformat_minor":"5","metadata":{},"cells":[]}""", "$.nbformat_minor", "an integer")]
    [InlineData("""{"nbformat":4,"nbformat_minor":5,"metadata":[],"cells":[]}""", "$.metadata", "an object")]
    [InlineData("""{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":{}}""", "$.cells", "an array")]
    [InlineData("""{"nbformat":4,"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[]}""", "$", "JSON")]
    [InlineData("""{"nbformat":4,"nbformat_minor":5,"metadata":{"kernelspec":3},"cells":[]}""", "$.metadata.kernelspec", "an object")]
    public void Parse_BadDocument_NamesThePath(string json, string path, string expected) =>
        AssertRefused(json, path, expected);

    [Theory]
    [InlineData("3", "", "an object")]
    [InlineData("""{"cell_type":"heading","id":"a","metadata":{},"source":[]}""", ".cell_type", "code, markdown or raw")]
    [InlineData("""{"cell_type":"raw","metadata":{},"source":[]}""", ".id", "a string")]
    [InlineData("""{"cell_type":"raw","id":"a b","metadata":{},"source":[]}""", ".id", "1 to 64 letters, digits, - or _")]
    [InlineData("""{"cell_type":"raw","id":"a","metadata":{},"source":["x",3]}""", ".source[1]", "a string")]
    [InlineData("""{"cell_type":"raw","id":"a","metadata":{"tags":["x",3]},"source":""}""", ".metadata.tags[1]", "a string")]
    [InlineData("""{"cell_type":"raw","id":"a","source":""}""", ".metadata", "an object")]
    [InlineData("""{"cell_type":"code","id":"a","metadata":{},"source":"","execution_count":1.5,"outputs":[]}""", ".execution_count", "an integer")]
    [InlineData("""{"cell_type":"code","id":"a","metadata":{},"source":"","execution_count":null}""", ".outputs", "an array")]
    [InlineData("""{"cell_type":"raw","id":"a","metadata":{},"source":"\ud800"}""", ".source", "Unicode text")]
    public void Parse_BadCell_NamesThePath(string cell, string path, string expected) => AssertRefused(
        $$"""{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{{cell}}]}""", "$.cells[0]" + path, expected);

    [Theory]
    [InlineData("3", "", "an object")]
    [InlineData("""{"output_type":"pyout"}""", ".output_type", "stream, display_data, execute_result or error")]
    [InlineData("""{"output_type":"stream","text":""}""", ".name", "a string")]
    [InlineData("""{"output_type":"display_data","metadata":{}}""", ".data", "an object")]
    [InlineData("""{"output_type":"error","ename":"a","evalue":"b","traceback":"c"}""", ".traceback", "an array")]
    public void Parse_BadOutput_NamesThePath(string output, string path, string expected) => AssertRefused(
        $$"""{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{{Code.Replace("OUTPUT", output, StringComparison.Ordinal)}}]}""",
        "$.cells[0].outputs[0]" + path, expected);

    [Fact]
    public void Parse_SameIdTwice_IsRefused()
    {
        string cell = """{"cell_type":"raw","id":"a","metadata":{},"source":""}""";
        AssertRefused(
            $$"""{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{{cell}},{{cell}}]}""",
            "$.cells[1].id", "an id that no other cell has");
    }

    [Fact]
    public void Parse_DeepNesting_IsRefused() => AssertRefused(
        $$"""{"nbformat":4,"nbformat_minor":5,"metadata":{"a":{{new string('[', 100_000)}}{{new string(']', 100_000)}}},"cells":[]}""",
        "$", "JSON");

    [Fact]
    public void Parse_MoreThan64MiB_IsRefused() =>
        AssertRefused(new byte[(64 << 20) + 1], "$", "at most 67108864 bytes");

    [Fact]
    public void Load_MoreThan64MiB_IsRefusedUnread()
    {
        using TemporaryFolder folder = new();
        using (FileStream sparse = File.Create(folder.File("big.ipynb")))
        {
            sparse.SetLength(10L << 30);
        }

        Assert.Throws<NotebookFormatException>(() => NotebookDocument.Load(folder.File("big.ipynb")));
    }

    [Fact]
    public void Parse_BeforeIds_IsAccepted()
    {
        NotebookDocument document = NotebookDocument.Parse(
            """{"nbformat":4,"nbformat_minor":2,"metadata":{},"cells":[{"cell_type":"raw","metadata":{},"source":"x"}]}"""u8.ToArray());

        Assert.Equal("x", document.Cells[0].Source);
        document.AddCode("1");
        Assert.DoesNotContain("\"id\"", Encoding.UTF8.GetString(document.ToBytes()), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_EveryTruncation_IsRefused()
    {
        byte[] whole = Fixture.Bytes("foreign");
        for (int length = 0; length < whole.Length - 2; length++)
        {
            Assert.Throws<NotebookFormatException>(() => NotebookDocument.Parse(whole.AsMemory(0, length)));
        }
    }

    // Byte flips: either a document that can be used, or the one exception; never another, never a hang.
    [Fact]
    public void Parse_MutatedBytes_IsReadOrRefusedCleanly()
    {
        byte[] whole = Fixture.Bytes("foreign");
        Random random = new(20261122);
        int read = 0;
        for (int round = 0; round < 5_000; round++)
        {
            byte[] mutated = [.. whole];
            for (int flips = 1 + random.Next(3); flips > 0; flips--)
            {
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            }

            read += TryUse(mutated) ? 1 : 0;
        }

        Assert.InRange(read, 100, 4_900);
    }

    // Type confusion: each value of the document in turn becomes a value of each other kind.
    [Fact]
    public void Parse_EveryValueOfWrongType_IsReadOrRefusedCleanly()
    {
        List<string> paths = [];
        Collect(JsonNode.Parse(Fixture.Bytes("foreign"))!, paths);
        int refused = 0;
        foreach (string path in paths)
        {
            foreach (string replacement in (string[])["null", "true", "-1", "1e400", "\"s\"", "[]", "{}", "[[]]"])
            {
                JsonNode root = JsonNode.Parse(Fixture.Bytes("foreign"))!;
                Find(root, path).ReplaceWith(JsonNode.Parse(replacement));
                refused += TryUse(Encoding.UTF8.GetBytes(root.ToJsonString())) ? 0 : 1;
            }
        }

        Assert.InRange(refused, paths.Count, paths.Count * 8);
    }

    private static bool TryUse(byte[] bytes)
    {
        try
        {
            NotebookDocument document = NotebookDocument.Parse(bytes);
            foreach (NotebookCell cell in document.Cells)
            {
                _ = $"{cell.Source}{cell.Language}{cell.Id}{cell.ExecutionCount}"
                    + $"{string.Concat(cell.Tags)}{cell.Outputs.Count}";
                cell.ClearOutputs();
            }

            NotebookDocument.Parse(document.ToBytes());
            return true;
        }
        catch (NotebookFormatException)
        {
            return false;
        }
    }

    private static void Collect(JsonNode node, List<string> paths)
    {
        foreach (JsonNode? child in node is JsonObject members ? members.Select(member => member.Value)
            : node is JsonArray items ? items : [])
        {
            if (child is not null)
            {
                paths.Add(child.GetPath());
                Collect(child, paths);
            }
        }
    }

    private static JsonNode Find(JsonNode root, string path)
    {
        List<JsonNode> all = [];
        Walk(root, all);
        return all.Single(node => node.GetPath() == path);
    }

    private static void Walk(JsonNode node, List<JsonNode> all)
    {
        all.Add(node);
        foreach (JsonNode? child in node is JsonObject members ? members.Select(member => member.Value)
            : node is JsonArray items ? items : [])
        {
            if (child is not null)
            {
                Walk(child, all);
            }
        }
    }

    private static void AssertRefused(string json, string path, string expected) =>
        AssertRefused(Encoding.UTF8.GetBytes(json), path, expected);

    private static void AssertRefused(byte[] bytes, string path, string expected)
    {
        NotebookFormatException exception = Assert.Throws<NotebookFormatException>(() => NotebookDocument.Parse(bytes));
        Assert.Equal((path, expected), (exception.Path, exception.Expected));
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
    }
}
