using System.Text;
using Research.Chain;

namespace Research.Tests.Chain;

public sealed class ChainStateTests
{
    private const string Whole = """
        {"block":{"number":"0x2","timestamp":"0x9"},"accounts":{"0x01":{"code":"0x00","storage":{}}},
        "best_block_number":2,"blocks":[
        {"header":{"number":"0x1","timestamp":"0x8","extra":[{"number":"0x0"}]},
        "transactions":[{"header":{"number":"0x0"}}]},
        {"header":{"number":"0x0","timestamp":"0x7"},"transactions":[]},
        {"header":{"timestamp":"0x5","number":"0x0"},"transactions":[]},
        {"header":{"number":"0x2","timestamp":"0x9"},"transactions":[]}],"transactions":[]}
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1 << 20)]
    public async Task ReadAsync_AnyPieces_FindsNewestBlockAndOldestFirstOne(int piece) =>
        Assert.Equal(new ChainState(2, 5), await ReadAsync(Whole, piece));

    [Fact]
    public async Task ReadAsync_TokenLongerThanTheBuffer_Grows()
    {
        string code = new('a', 1_000_000);

        ChainState state = await ReadAsync(Whole.Replace("0x00", code, StringComparison.Ordinal), 100_000);

        Assert.Equal(2UL, state.BlockNumber);
    }

    [Fact]
    public async Task ReadAsync_CutAnywhere_Throws()
    {
        string text = Whole.TrimEnd();
        for (int length = 0; length < text.Length; length++)
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(text[..length], 1 << 20));
        }
    }

    [Theory]
    [InlineData("[]", "it is no saved chain")]
    [InlineData("{}", "it is no saved chain")]
    [InlineData("7", "it is no saved chain")]
    [InlineData("""{"block":{"number":"0x2"},"accounts":[],"best_block_number":2}""", "it is no saved chain")]
    [InlineData("""{"block":{"number":"0xzz"},"accounts":{},"best_block_number":2}""", "it is no saved chain")]
    [InlineData(
        """{"block":{"number":"0x1"},"accounts":{},"best_block_number":2}""",
        "it is half at block 1 and half at block 2")]
    [InlineData("no saved chain", "it ends in the middle or is no JSON")]
    [InlineData("\0\0\0\0", "it ends in the middle or is no JSON")]
    public async Task ReadAsync_NoState_SaysWhy(string text, string expected)
    {
        InvalidDataException e = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(text, 1 << 20));

        Assert.Contains(expected.Split(" or ")[^1], e.Message, StringComparison.Ordinal);
    }

    private static async Task<ChainState> ReadAsync(string text, int piece)
    {
        using Pieces stream = new(Encoding.UTF8.GetBytes(text), piece);
        return await ChainState.ReadAsync(stream, default);
    }

    // A stream that gives no more at a time, as a pipe may.
    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
