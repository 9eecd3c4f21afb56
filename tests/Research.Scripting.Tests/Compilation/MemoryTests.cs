using Research.Scripting;

namespace Research.Tests.Compilation;

/// <summary>A session's memory grows with what it holds, not with what it ran.</summary>
public sealed class MemoryTests : IDisposable
{
    private const int Megabyte = 1 << 20;

    private readonly Cells _cells = new();

    public void Dispose() => _cells.Dispose();

    [Theory]
    [InlineData("x + {0}")]
    [InlineData("Console.WriteLine(x); x = {0};")]
    [InlineData("var y = x + {0};")]
    [InlineData("using System.Diagnostics; int y = {0}; int F() => y; F()")]
    public async Task Execute_ManyCellsThatDeclareNothingNew_KeepNothing(string code)
    {
        await _cells.RunAsync("int x = 1;");
        await RunManyAsync(code, 50);
        long before = Held();

        await RunManyAsync(code, 300);

        Assert.InRange(Held() - before, long.MinValue, 2 * Megabyte);
    }

    // Roslyn's Script API holds 150 MB after these, and 3.7 GB after 1,000.
    [Fact]
    public async Task Execute_ManyVariables_GrowsBySomeKilobytesEach()
    {
        await RunManyAsync("var a{0} = {0};", 50);
        long before = Held();

        await RunManyAsync("var b{0} = {0};", 200);

        Assert.InRange((Held() - before) / 200, long.MinValue, 90 * 1024);
    }

    [Theory]
    [InlineData("var big = new byte[50_000_000];", "var big = new byte[50_000_000];")]
    [InlineData("var big = new byte[50_000_000]; int n = 1;", "var big = new byte[50_000_001]; int m = 2;")]
    [InlineData("var big = new byte[50_000_000]; int F() => 1;", "var big = new byte[50_000_000]; int F() => 2;")]
    public async Task Execute_RedefinedLargeArray_IsCollected(string first, string second)
    {
        await _cells.RunAsync(first);
        long one = Held();

        for (int i = 0; i < 5; i++)
        {
            await _cells.RunAsync(first);
            await _cells.RunAsync(second);
        }

        Assert.InRange(Held() - one, long.MinValue, 10 * Megabyte);
    }

    [Theory]
    [InlineData("int F() => data.Length;", "F()")]
    [InlineData("Func<int> f = () => data.Length;", "f()")]
    [InlineData("var later = Task.Run(async () => { await Task.Delay(200); return data.Length; });", "await later")]
    public async Task Execute_RedefinedVariableThatAFunctionHolds_IsStillItsOwn(string capture, string use)
    {
        await _cells.RunAsync("var data = new int[3];\n" + capture);
        await _cells.RunAsync("var data = new int[5];");

        Assert.Equal(3, await _cells.RunAsync(use));
        Assert.Equal(5, await _cells.RunAsync("data.Length"));
    }

    [Fact]
    public async Task Execute_SameCellAgain_TakesItsPlaceAndItsTypesAreNew()
    {
        for (int i = 0; i < 3; i++)
        {
            await _cells.RunAsync("record P(int A); var p = new P(1); int Get() => p.A;");
            Assert.Equal(1, await _cells.RunAsync("Get() + new P(2).A - 2"));
        }
    }

    private static long Held()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private async Task RunManyAsync(string code, int count)
    {
        for (int i = 0; i < count; i++)
        {
            CellResult result = await _cells.TryAsync(code.Replace("{0}", $"{i}", StringComparison.Ordinal));
            Assert.True(result.Succeeded, string.Join('\n', result.Error?.Traceback ?? []));
        }
    }
}
