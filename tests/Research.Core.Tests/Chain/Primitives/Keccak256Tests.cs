using Research.Chain.Primitives;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Primitives;

public sealed class Keccak256Tests
{
    // Oracle: the Keccak team's known answers for Keccak[c=512], as Ethereum's Yellow Paper uses it.
    [Theory]
    [InlineData("", "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    [InlineData("hello", "0x1c8aff950685c2ed4bc3174f3472287b56d9517b9c948127319a09a7a36deac8")]
    public void Hash_KnownMessage_IsThePublishedHash(string message, string expected) =>
        Assert.Equal(expected, Keccak256.Hash(System.Text.Encoding.ASCII.GetBytes(message)).ToString());

    [RequiresTheory("node", "npm")]
    [InlineData(1)]
    [InlineData(135)]
    [InlineData(136)]
    [InlineData(137)]
    [InlineData(271)]
    [InlineData(272)]
    [InlineData(5000)]
    public async Task Hash_LengthsAroundABlock_AgreesWithCast(int length)
    {
        byte[] message = new byte[length];
        new Random(length).NextBytes(message);

        Assert.Equal(await Cast.RunAsync("keccak", Hex.Encode(message)), Keccak256.Hash(message).ToString());
    }
}
