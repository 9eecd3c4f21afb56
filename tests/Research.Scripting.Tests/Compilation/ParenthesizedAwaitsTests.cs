using Research.Scripting;

namespace Research.Tests.Compilation;

public sealed class ParenthesizedAwaitsTests : IDisposable
{
    private readonly Cells _cells = new();

    public void Dispose() => _cells.Dispose();

    [Theory]
    [InlineData("await (Task.FromResult(5))", 5)]
    [InlineData("var x = await (Task.FromResult(5)); x", 5)]
    [InlineData("int y = await (Task.FromResult(4)) + await(Task.FromResult(6)); y", 10)]
    [InlineData("await (Task.FromResult(7)).ConfigureAwait(false)", 7)]
    [InlineData("(await (Task.FromResult(\"abc\"))).Length", 3)]
    [InlineData("await (await (Task.FromResult(Task.FromResult(8))))", 8)]
    [InlineData("int n = 0; foreach (int i in new[] { 1, 2 }) { n += await (Task.FromResult(i)); } n", 3)]
    [InlineData("async Task<int> F() => await (Task.FromResult(9)); await (F())", 9)]
    [InlineData("int Twice(int v) => 2 * v; Twice(await (Task.FromResult(4)))", 8)]
    [InlineData("\"await (x)\".Length", 9)]
    public async Task Execute_AwaitOfAParenthesis_Awaits(string code, int expected) =>
        Assert.Equal(expected, await _cells.RunAsync(code));

    [Fact]
    public async Task Execute_AwaitAsAStatement_Awaits()
    {
        await _cells.RunAsync("await (Task.Delay(1)); // and a comment\nawait\n  (Task.CompletedTask);");
    }

    [Fact]
    public async Task Execute_ErrorInside_IsAtItsOwnColumn()
    {
        CellError error = await _cells.FailAsync("int a = 1;\nawait (nope)");

        Assert.Equal((2, 8), (error.Line, error.Column));
        Assert.Contains("nope", error.Message, StringComparison.Ordinal);
    }
}
