using System.Numerics;
using System.Text;
using Research.Chain.Abi;
using Research.Chain.Primitives;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Abi;

public sealed class AbiCodecTests
{
    // Oracle: Solidity 0.8.37 documentation, Contract ABI Specification, "Examples" and "Use of Dynamic Types".
    [Theory]
    [MemberData(nameof(SpecificationExamples))]
    public void Encode_SpecificationExample_Matches(string signature, object[] arguments, string[] words)
    {
        AbiFunction function = new(signature);

        byte[] encoded = function.Encode(arguments);

        Assert.Equal("0x" + string.Concat(words), Hex.Encode(encoded));
        Assert.Equal(
            encoded, function.Encode(AbiCodec.Decode(function.Inputs, encoded.AsSpan(4)))); // Decodes to equal values.
    }

    public static TheoryData<string, object[], string[]> SpecificationExamples() => new()
    {
        { "baz(uint32,bool)", [69, true], ["cdcd77c0", Word("45"), Word("1")] },
        {
            "bar(bytes3[2])",
            [Of(Ascii("abc"), Ascii("def"))],
            ["fce353f6", Left("616263"), Left("646566")]
        },
        {
            "sam(bytes,bool,uint256[])",
            [Ascii("dave"), true, Of(1, 2, 3)],
            [
                "a5643bf2", Word("60"), Word("1"), Word("a0"), Word("4"), Left("64617665"),
                Word("3"), Word("1"), Word("2"), Word("3"),
            ]
        },
        {
            "f(uint256,uint32[],bytes10,bytes)",
            [0x123, Of(0x456, 0x789), Ascii("1234567890"), Ascii("Hello, world!")],
            [
                "8be65246", Word("123"), Word("80"), Left("31323334353637383930"), Word("e0"),
                Word("2"), Word("456"), Word("789"), Word("d"), Left("48656c6c6f2c20776f726c6421"),
            ]
        },
        {
            "g(uint256[][],string[])",
            [Of(Of(1, 2), Of(3)), Of("one", "two", "three")],
            [
                "2289b18c", Word("40"), Word("140"),
                Word("2"), Word("40"), Word("a0"), Word("2"), Word("1"), Word("2"), Word("1"), Word("3"),
                Word("3"), Word("60"), Word("a0"), Word("e0"),
                Word("3"), Left("6f6e65"), Word("3"), Left("74776f"), Word("5"), Left("7468726565"),
            ]
        },
    };

    [RequiresTheory("node", "npm")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Encode_RandomTypesAndValues_AgreesWithCastBothWays(int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < 6; i++)
        {
            AbiType tuple = AbiType.Tuple([.. Enumerable.Range(0, 6).Select(_ => AbiSamples.Type(random, 3))]);
            object[] values = AbiSamples.Values(random, tuple);
            byte[] encoded = AbiCodec.Encode(tuple, values);

            IEnumerable<string> texts = values.Select((value, j) => AbiSamples.CastText(tuple.Components[j], value));
            string theirs = await Cast.RunAsync(["abi-encode", "--", $"f{tuple}", .. texts]);

            Assert.Equal(theirs, Hex.Encode(encoded));
            Assert.Equal(encoded, AbiCodec.Encode(tuple, AbiCodec.Decode(tuple, encoded)));
        }
    }

    [Fact]
    public void Decode_RandomEncodings_GivesTheValuesBack()
    {
        Random random = new(20);
        for (int i = 0; i < 500; i++)
        {
            AbiType tuple = AbiType.Tuple([.. Enumerable.Range(0, 5).Select(_ => AbiSamples.Type(random, 4))]);
            object[] values = AbiSamples.Values(random, tuple);

            object[] decoded = AbiCodec.Decode(tuple, AbiCodec.Encode(tuple, values));

            Assert.Equal(
                string.Join('|', values.Select((value, j) => AbiSamples.CastText(tuple.Components[j], value))),
                string.Join('|', decoded.Select((value, j) => AbiSamples.CastText(tuple.Components[j], value))));
        }
    }

    [Theory]
    [InlineData("(uint8)", 256)]
    [InlineData("(uint8)", -1)]
    [InlineData("(int8)", 128)]
    [InlineData("(int8)", -129)]
    [InlineData("(bool)", 1)]
    [InlineData("(string)", 1)]
    [InlineData("(address)", "0x00")]
    public void Encode_ValueThatDoesNotFit_Throws(string type, object value) =>
        Assert.Throws<AbiException>(() => AbiCodec.Encode(AbiType.Parse(type), value));

    [Theory]
    [InlineData("(uint256,bytes2)", 1)]
    [InlineData("(bytes2)", 1)]
    public void Encode_WrongCountOrLength_Throws(string type, int length) =>
        Assert.Throws<AbiException>(() => AbiCodec.Encode(AbiType.Parse(type), new byte[length]));

    [Theory]
    [InlineData("(uint8)", "0000000000000000000000000000000000000000000000000000000000000100", "padding")]
    [InlineData("(int8)", "0000000000000000000000000000000000000000000000000000000000000080", "int8")]
    [InlineData("(bool)", "0000000000000000000000000000000000000000000000000000000000000002", "bool")]
    [InlineData("(address)", "0000000000000000000000010000000000000000000000000000000000000000", "padding")]
    [InlineData("(bytes3)", "0000000100000000000000000000000000000000000000000000000000000000", "padding")]
    [InlineData("(uint256)", "00", "expected 32 bytes, got 1")]
    [InlineData("(bytes)", "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "offset or a length")]
    [InlineData("(uint8)", "00000000000000000000000000000000000000000000000000000000000000010000", "not part of the values")]
    [InlineData(
        "(bytes)",
        "0000000000000000000000000000000000000000000000000000000000000020000000000000000000000000000000000000000000000000000000007fffffff",
        "at most 0")]
    [InlineData(
        "(uint256[])",
        "0000000000000000000000000000000000000000000000000000000000000020ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "offset or a length")]
    [InlineData(
        "(string)",
        "00000000000000000000000000000000000000000000000000000000000000200000000000000000000000000000000000000000000000000000000000000001ff00000000000000000000000000000000000000000000000000000000000000",
        "UTF-8")]
    public void Decode_BadEncoding_ThrowsWithTheReason(string type, string hex, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<AbiException>(() => AbiCodec.Decode(AbiType.Parse(type), Hex.Decode(hex))).Message,
            StringComparison.Ordinal);

    // 12 levels, each an array of 30 offsets that all point to the same array below: 30^12 values if one followed them.
    [Fact]
    public void Decode_OverlappingArrays_ThrowsInsteadOfUnfolding()
    {
        List<byte> encoded = [.. Bytes(32)];
        for (int level = 0; level < 12; level++)
        {
            encoded.AddRange(Bytes(30));
            for (int i = 0; i < 30; i++)
            {
                encoded.AddRange(Bytes(30 * 32));
            }
        }

        encoded.AddRange(Bytes(0)); // The innermost array is empty.
        AbiType type = AbiType.Parse($"(uint256{string.Concat(Enumerable.Repeat("[]", 13))})");

        Assert.Contains(
            "overlap",
            Assert.Throws<AbiException>(() => AbiCodec.Decode(type, encoded.ToArray())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_RandomAndMutatedBytes_ThrowsOnlyAbiExceptionAndAllocatesLittle()
    {
        Random random = new(99);
        for (int i = 0; i < 4000; i++)
        {
            AbiType tuple = AbiType.Tuple([.. Enumerable.Range(0, 4).Select(_ => AbiSamples.Type(random, 4))]);
            byte[] encoded = AbiSamples.Mutate(random, AbiCodec.Encode(tuple, AbiSamples.Values(random, tuple)));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                AbiCodec.Decode(tuple, encoded);
            }
            catch (AbiException)
            {
                // What is documented.
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(
                allocated < 50_000 + (40L * encoded.Length), $"{allocated} bytes for {encoded.Length} of {tuple}");
        }
    }

    private static object[] Of(params object[] values) => values;

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Bytes(BigInteger value) => AbiCodec.Encode(AbiType.Parse("(uint256)"), value);

    private static string Word(string hex) => hex.PadLeft(64, '0');

    private static string Left(string hex) => hex.PadRight(64, '0');
}
