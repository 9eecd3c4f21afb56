using System.Numerics;
using Nethereum.ABI.Model;
using Research.Chain.Abi;
using Research.Chain.Primitives;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Abi;

/// <summary>Nethereum's codec as this library uses it: against cast, and against bytes from strangers.</summary>
public sealed class StrictAbiTests
{
    [RequiresTheory("node", "npm")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Codec_RandomTypesAndValues_AgreesWithCastBothWays(int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < 6; i++)
        {
            AbiSample[] types = [.. Enumerable.Range(0, 6).Select(_ => AbiSample.Draw(random, 3))];
            Parameter[] parameters = AbiSample.Parameters(types);
            object[] values = [.. types.Select(type => type.Value(random))];
            byte[] encoded = StrictAbi.Encode(parameters, values);

            string theirs = await Cast.RunAsync(
            [
                "abi-encode", "--", $"f({string.Join(',', types.Select(type => type.Name))})",
                .. types.Zip(values).Select(pair => pair.First.CastText(pair.Second)),
            ]);

            Assert.Equal(theirs, Hex.Encode(encoded));
            Assert.Equal(
                types.Zip(values).Select(pair => pair.First.CastText(pair.Second)),
                types.Zip(StrictAbi.Decode(parameters, encoded)).Select(pair => pair.First.CastText(pair.Second)));
        }
    }

    [Theory]
    [InlineData("uint8", "0000000000000000000000000000000000000000000000000000000000000100")]
    [InlineData("int8", "0000000000000000000000000000000000000000000000000000000000000080")]
    [InlineData("bool", "0000000000000000000000000000000000000000000000000000000000000002")]
    [InlineData("address", "0000000000000000000000010000000000000000000000000000000000000000")]
    [InlineData("bytes3", "0000000100000000000000000000000000000000000000000000000000000000")]
    [InlineData("uint256", "00")]
    [InlineData("uint256", "")]
    [InlineData("bytes", "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("uint8", "00000000000000000000000000000000000000000000000000000000000000010000")]
    [InlineData(
        "bytes",
        "0000000000000000000000000000000000000000000000000000000000000020000000000000000000000000000000000000000000000000000000007fffffff")]
    [InlineData(
        "uint256[]",
        "0000000000000000000000000000000000000000000000000000000000000020000000000000000000000000000000000000000000000000000000007fffffff")]
    [InlineData(
        "uint256[]",
        "0000000000000000000000000000000000000000000000000000000000000020ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData(
        "string",
        "00000000000000000000000000000000000000000000000000000000000000200000000000000000000000000000000000000000000000000000000000000001ff00000000000000000000000000000000000000000000000000000000000000")]
    public void Decode_BadEncoding_Throws(string type, string hex) =>
        Assert.Contains(
            type,
            Assert.Throws<AbiException>(() => StrictAbi.Decode([new Parameter(type, 1)], Hex.Decode(hex))).Message,
            StringComparison.Ordinal);

    // 12 levels, each an array of 30 offsets that all point to the same array below: 30^12 values if one followed them.
    [Fact]
    public void Decode_OverlappingArrays_ThrowsInsteadOfUnfolding()
    {
        List<byte> encoded = [.. Word(32)];
        for (int level = 0; level < 12; level++)
        {
            encoded.AddRange(Word(30));
            for (int i = 0; i < 30; i++)
            {
                encoded.AddRange(Word(30 * 32));
            }
        }

        encoded.AddRange(Word(0)); // The innermost array is empty.
        Parameter type = new($"uint256{string.Concat(Enumerable.Repeat("[]", 13))}", 1);

        Assert.Contains(
            "overlap",
            Assert.Throws<AbiException>(() => StrictAbi.Decode([type], encoded.ToArray())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_RandomAndMutatedBytes_GivesTheValuesOfThoseBytesOrAbiException()
    {
        Random random = new(99);
        int taken = 0;
        for (int i = 0; i < 1500; i++)
        {
            AbiSample[] types = [.. Enumerable.Range(0, 4).Select(_ => AbiSample.Draw(random, 3))];
            Parameter[] parameters = AbiSample.Parameters(types);
            byte[] encoded = AbiSample.Mutate(
                random, StrictAbi.Encode(parameters, [.. types.Select(type => type.Value(random))]));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                object[] values = StrictAbi.Decode(parameters, encoded);
                Assert.Equal(encoded, StrictAbi.Encode(parameters, values));
                taken++;
            }
            catch (AbiException)
            {
                // What is documented.
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 4_000_000 + (4_000L * encoded.Length), $"{allocated} bytes for {encoded.Length}");
        }

        Assert.InRange(taken, 50, 1400);
    }

    [Theory]
    [InlineData("0x", null)]
    [InlineData("0x08c379", null)]
    [InlineData("0x12345678", null)]
    [InlineData("0x4e487b710000000000000000000000000000000000000000000000000000000000000011", "Panic(17): arithmetic overflow or underflow")]
    [InlineData("0x4e487b7100000000000000000000000000000000000000000000000000000000000011", null)]
    [InlineData("0x08c379a00000000000000000000000000000000000000000000000000000000000000020000000000000000000000000000000000000000000000000000000007fffffff", null)]
    public void DecodeError_KnownAndGarbage_NamesItOrNull(string data, string? expected) =>
        Assert.Equal(expected, StrictAbi.DecodeError(null, Hex.Decode(data))?.ToString());

    private static byte[] Word(int value)
    {
        byte[] word = new byte[32];
        new BigInteger(value).TryWriteBytes(word, out _, isUnsigned: true, isBigEndian: false);
        Array.Reverse(word);
        return word;
    }
}
