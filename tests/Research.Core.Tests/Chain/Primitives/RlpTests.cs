using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Research.Chain.Primitives;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Primitives;

public sealed class RlpTests
{
    private static readonly int[] Sizes = [0, 1, 2, 20, 32, 55, 56, 57, 300]; // Around every change of prefix.

    // Oracle: ethereum/tests, RLPTests/rlptest.json. Lists in brackets, strings as hex.
    [Theory]
    [InlineData("0x", "0x80")]
    [InlineData("0x00", "0x00")]
    [InlineData("0x7f", "0x7f")]
    [InlineData("0x80", "0x8180")]
    [InlineData("0x646f67", "0x83646f67")]
    [InlineData("0x0400", "0x820400")]
    [InlineData(
        "0x4c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572206164697069736963696e6720656c6974",
        "0xb8384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572206164697069736963696e6720656c6974")]
    [InlineData("[]", "0xc0")]
    [InlineData("[0x646f67,0x676f64,0x636174]", "0xcc83646f6783676f6483636174")]
    [InlineData("[[],[[]],[[],[[]]]]", "0xc7c0c1c0c3c0c1c0")]
    [InlineData("[[[],[]],[]]", "0xc4c2c0c0c0")]
    public void Encode_OfficialVector_MatchesAndReadsBack(string item, string expected)
    {
        byte[] encoded = Rlp.Encode(Parse(item));

        Assert.Equal(expected, Hex.Encode(encoded));
        Assert.Equal(item, Format(Rlp.Decode(encoded)));
    }

    // Oracle: ethereum/tests, RLPTests/invalidRLPTest.json.
    [Theory]
    [InlineData("0x")]
    [InlineData("0x8100")]                         // bytesShouldBeSingleByte00
    [InlineData("0x817f")]                         // bytesShouldBeSingleByte7F
    [InlineData("0xb800")]                         // a short length in the long form
    [InlineData("0xb90040")]                       // leadingZerosInLongLengthArray
    [InlineData("0xbf0f000000000000021111")]       // int32Overflow
    [InlineData("0xff0f000000000000021111")]       // int32Overflow2
    [InlineData("0xf80180")]                       // nonOptimalLongLengthList
    [InlineData("0x83646f")]                       // cut short
    [InlineData("0xc883646f67")]                   // the list announces more than there is
    [InlineData("0x8080")]                         // two items
    [InlineData("0xbfffffffffffffffff")]
    [InlineData("0xb8")]
    public void Decode_InvalidVector_Throws(string encoded) =>
        Assert.Throws<FormatException>(() => Rlp.Decode(Hex.Decode(encoded)));

    [Fact]
    public void Decode_EndlessNesting_Throws()
    {
        byte[] encoded = Rlp.EncodeList();
        for (int i = 0; i < 1000; i++)
        {
            encoded = Rlp.EncodeList(encoded);
        }

        Assert.Contains(
            "deeper", Assert.Throws<FormatException>(() => Rlp.Decode(encoded)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_AnyBytes_ReadsCanonicallyOrThrowsFormatException() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            try
            {
                return Rlp.Encode(Rlp.Decode(bytes)).AsSpan().SequenceEqual(bytes);
            }
            catch (FormatException)
            {
                return true;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [RequiresFact("node", "npm")]
    public async Task Encode_RandomTrees_AgreesWithCast()
    {
        Random random = new(7);
        RlpItem tree = new([.. Enumerable.Range(0, 40).Select(_ => RandomItem(random, 4))]);

        Assert.Equal(await Cast.RunAsync("to-rlp", Json(tree)), Hex.Encode(Rlp.Encode(tree)));
    }

    private static RlpItem RandomItem(Random random, int depth)
    {
        if (depth > 0 && random.Next(3) == 0)
        {
            return new RlpItem([.. Enumerable.Range(0, random.Next(5)).Select(_ => RandomItem(random, depth - 1))]);
        }

        byte[] bytes = new byte[Sizes[random.Next(Sizes.Length)]];
        random.NextBytes(bytes);
        return new RlpItem(bytes);
    }

    private static string Json(RlpItem item) => item.Items is null
        ? $"\"{Hex.Encode(item.Bytes.Span)}\""
        : $"[{string.Join(',', item.Items.Select(Json))}]";

    private static string Format(RlpItem item) => Json(item).Replace("\"", "", StringComparison.Ordinal);

    private static RlpItem Parse(string text)
    {
        int position = 0;
        return Parse(text, ref position);
    }

    private static RlpItem Parse(string text, ref int position)
    {
        if (text[position] != '[')
        {
            StringBuilder hex = new();
            while (position < text.Length && text[position] is not (',' or ']'))
            {
                hex.Append(text[position++]);
            }

            return new RlpItem(Hex.Decode(hex.ToString()));
        }

        List<RlpItem> items = [];
        position++;
        while (text[position] != ']')
        {
            items.Add(Parse(text, ref position));
            position += text[position] == ',' ? 1 : 0;
        }

        position++;
        return new RlpItem(items);
    }
}
