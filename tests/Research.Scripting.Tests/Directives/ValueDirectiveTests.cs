using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Research.Scripting;

namespace Research.Tests.Directives;

/// <summary><c>#!set</c>, <c>#!share</c> and <c>#!value</c> as docs/variable-sharing.md of dotnet/interactive has
/// them.</summary>
public sealed class ValueDirectiveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Cells _cells;

    public ValueDirectiveTests() => _cells = new Cells(_folder.Path);

    public void Dispose()
    {
        _cells.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("#!set --name x --value https://example.com", "https://example.com")]
    [InlineData("#!set --name x --value \"one two three\"", "one two three")]
    [InlineData("#!set --value 5 --name x", "5")]
    [InlineData("#!set --name x --value a@b.org", "a@b.org")]
    public async Task Set_Text_DeclaresAString(string directive, string expected) =>
        Assert.Equal(expected, await _cells.RunAsync(directive + "\nx"));

    [Theory]
    [InlineData("true", true)]
    [InlineData("2.5", 2.5)]
    [InlineData("\\\"text\\\"", "text")]
    public async Task Set_Json_DeclaresTheDocumentedType(string json, object expected) => Assert.Equal(
        expected, await _cells.RunAsync($"#!set --name x --value \"{json}\" --mime-type application/json\nx"));

    [Fact]
    public async Task Set_JsonObject_IsAJsonDocument() => Assert.Equal(
        2, Assert.IsType<JsonDocument>(await _cells.RunAsync(
            "#!set --name x --value {\"a\": [1, 2]} --mime-type application/json\nx"))
            .RootElement.GetProperty("a").GetArrayLength());

    [Theory]
    [InlineData("public record Coin(int Value); var source = new List<Coin> { new(7) };", "copy[0].Value", 7)]
    [InlineData("var source = (1, \"a\");", "copy.Item1", 1)]
    [InlineData("int[][,] source = { new[,] { { 3 } } };", "copy[0][0, 0]", 3)]
    [InlineData("int? source = 4;", "copy.Value", 4)]
    [InlineData("var source = new { A = 5 };", "((dynamic)copy).GetType().GetProperty(\"A\").GetValue(copy)", 5)]
    public async Task Set_FromCSharp_SharesTheValueWithItsType(string declaration, string use, object expected)
    {
        await _cells.RunAsync(declaration);

        Assert.Equal(expected, await _cells.RunAsync("#!set --name copy --value @csharp:source --byref\n" + use));
        Assert.Equal(true, await _cells.RunAsync("((object)source).Equals(copy)"));
    }

    [Fact]
    public async Task Share_VariableOfTheSameCell_IsThere() =>
        Assert.Equal(3, await _cells.RunAsync("int y = 2;\n#!share --from csharp y --as z\nz + 1"));

    [Fact]
    public async Task Value_Text_IsSharedWithoutEscaping()
    {
        await _cells.RunAsync("#!value --name data\nline \"one\"\n  #not a directive \\n");
        Assert.Empty(_cells.Outputs);

        Assert.Equal(
            "line \"one\"\n  #not a directive \\n", await _cells.RunAsync("#!share --from value data\ndata"));
        Assert.Equal(
            "line \"one\"\n  #not a directive \\n", await _cells.RunAsync("#!set --name d --value @value:data\nd"));
    }

    [Fact]
    public async Task Value_WithMimeType_IsShownToo()
    {
        await _cells.RunAsync("#!value --name data --mime-type application/json\n{\"a\":1}");

        Assert.Equal("{\"a\":1}", Assert.Single(_cells.Displays).Bundle.Json("application/json")!.ToJsonString());
    }

    [Fact]
    public async Task Value_FromFileAndFromValue_AreThoseTexts()
    {
        _folder.File("sub/data.csv", "a,b");
        await _cells.RunAsync("#!value --name file --from-file sub/data.csv\n#!value --name text --from-value \"x y\"");

        Assert.Equal(
            "a,b|x y",
            await _cells.RunAsync("#!share --from value file\n#!share --from value text\n$\"{file}|{text}\""));
    }

    [Fact]
    public async Task Value_FromUrl_IsTheBody()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task answered = AnswerAsync(
            listener, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nh\u00e9llo"[..^1]);

        await _cells.RunAsync($"#!value --name page --from-url http://{listener.LocalEndpoint}/x");

        await answered;
        Assert.Equal("h\u00e9ll", await _cells.RunAsync("#!share --from value page\npage"));
    }

    [Fact]
    public async Task Value_FromUrlThatFails_SaysWhy()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task answered = AnswerAsync(
            listener, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        CellError error = await _cells.FailAsync($"#!value --name page --from-url http://{listener.LocalEndpoint}/x");

        await answered;
        Assert.Contains("404", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!set --value x", "#!set needs --name. Usage: #!set [--name NAME]")]
    [InlineData("#!set --name x", "needs --value")]
    [InlineData("#!set --name x --value", "--value needs a value")]
    [InlineData("#!set --name x --name y --value z", "--name is given twice")]
    [InlineData("#!set --nme x", "has no option --nme")]
    [InlineData("#!set extra --name x --value y", "Nothing is known of \"extra\"")]
    [InlineData("#!set --name 1x --value y", "\"1x\" is no name")]
    [InlineData("#!set --name int --value y", "\"int\" is no name")]
    [InlineData("#!set --name x --value \"open", "is not closed")]
    [InlineData("#!set --name x --value @csharp:nope", "There is no variable nope")]
    [InlineData("#!set --name x --value @javascript:y", "There is no kernel javascript here: only csharp and value")]
    [InlineData("#!set --name x --value nope --mime-type application/json", "The value of x is not JSON")]
    [InlineData("#!share --from fsharp x", "There is no kernel fsharp here")]
    [InlineData("#!share --from value x", "no #!value ran yet")]
    [InlineData("#!share --from value", "#!share needs a variable's name")]
    [InlineData("#!value\ntext", "#!value needs --name")]
    [InlineData("#!value --name x --from-url ftp://example.org/a", "Expected an http or https address")]
    [InlineData("#!value --name x --from-url file:///etc/passwd", "Expected an http or https address")]
    [InlineData("#!value --name x --from-file nowhere.txt", "Cannot read")]
    [InlineData("#!value --name x --from-value a\ntext", "One source at a time")]
    [InlineData("#!value --name x --mime-type application/json\nnope", "application/json needs JSON")]
    public async Task Directive_Misused_SaysHow(string code, string message)
    {
        CellError error = await _cells.FailAsync(code);

        Assert.Equal(("DirectiveError", 1), (error.Name, error.Line));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static async Task AnswerAsync(TcpListener listener, string answer)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        await stream.ReadExactlyAsync(new byte[16]);
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(answer));
    }
}
