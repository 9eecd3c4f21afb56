using Research.Scripting.Input;

namespace Research.Tests.Directives;

/// <summary>Prompts as docs/input-prompts.md of dotnet/interactive has them.</summary>
public sealed class InputDirectiveTests
{
    [Theory]
    [InlineData("@input", "", false)]
    [InlineData("@input:blah", "blah", false)]
    [InlineData("@input:\"Please enter a URL\"", "Please enter a URL", false)]
    [InlineData("@input:{\"prompt\": \"Please enter a value\"}", "Please enter a value", false)]
    [InlineData("@input:{\"saveAs\": \"widget\"}", "", false)]
    [InlineData("@password:\"The key\"", "The key", true)]
    public async Task Set_InputToken_AsksTheUser(string token, string prompt, bool isPassword)
    {
        List<InputRequest> asked = [];
        using Cells cells = new(readLine: (request, _) =>
        {
            asked.Add(request);
            return Task.FromResult<string?>("typed @csharp:x");
        });

        await cells.RunAsync($"#!set --name answer --value {token}");

        Assert.Equal([new InputRequest(prompt, isPassword)], asked);
        Assert.Equal(
            "typed @csharp:x", await cells.RunAsync(isPassword ? "answer.GetClearTextPassword()" : "answer"));
    }

    [Fact]
    public async Task Set_Password_IsNeverShown()
    {
        using Cells cells = new(readLine: (_, _) => Task.FromResult<string?>("s3cret"));
        await cells.RunAsync("#!set --name key --value @password");

        await cells.RunAsync("display(key); display(new { key });\n#!whos\nkey");

        Assert.Equal(4, cells.Outputs.Count);
        Assert.All(cells.Outputs, output => Assert.DoesNotContain("s3cret", JsonOf(output), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Set_InputWithoutAUser_SaysSo()
    {
        using Cells cells = new();

        Assert.Contains(
            "nobody is there",
            (await cells.FailAsync("#!set --name x --value @input")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_EndOfInput_SaysSo()
    {
        using Cells cells = new(readLine: (_, _) => Task.FromResult<string?>(null));

        Assert.Contains(
            "The input ended",
            (await cells.FailAsync("#!set --name x --value @input")).Message,
            StringComparison.Ordinal);
    }

    private static string JsonOf(Research.Scripting.Outputs.CellOutput output) => output switch
    {
        Research.Scripting.Outputs.DisplayOutput display => display.Bundle.ToJson().ToJsonString(),
        Research.Scripting.Outputs.ResultOutput result => result.Bundle.ToJson().ToJsonString(),
        _ => throw new InvalidOperationException($"{output}"),
    };
}
