using System.Text;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Federation.Trace;
using Research.Market;
using Research.Storage;

namespace Research.Tests.Market;

public sealed class RoundResultsTests
{
    private static readonly ContentHash Model = ContentHash.Of([1, 2, 3]);

    private static readonly TreeHash Direction = new([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);

    private static readonly RoundResults Three = new(
        [.. Enumerable.Range(0, 3).Select(i => new Reward(i, Account(i), (ulong)(1000 * i)))], Model, Direction);

    // By Nethereum's keccak: leaves of four words, and one of zeros.
    [Fact]
    public void Root_ThreeParticipants_IsTheTreeOverTheirWords()
    {
        Bytes32[] leaves =
        [
            .. Three.Rewards.Select(reward => Keccak256.Hash(
            [
                .. Word([(byte)reward.Index]),
                .. Word(reward.Participant.ToArray()),
                .. Word([(byte)(reward.Points >> 8), (byte)reward.Points]),
                .. new byte[32],
            ])),
            Keccak256.Hash(new byte[128]),
        ];
        Bytes32 left = Keccak256.Hash([.. leaves[0].ToArray(), .. leaves[1].ToArray()]);
        Bytes32 right = Keccak256.Hash([.. leaves[2].ToArray(), .. leaves[3].ToArray()]);

        Assert.Equal(Keccak256.Hash([.. left.ToArray(), .. right.ToArray()]), Three.Root.ToBytes32());
        Assert.Equal([leaves[3], left], Three.ProofOf(Three.Rewards[2]));
        Assert.Equal(3000UL, Three.Total);

        static byte[] Word(byte[] value) => [.. new byte[32 - value.Length], .. value];
    }

    [Fact]
    public void Parse_ItsOwnFile_IsTheSame()
    {
        RoundResults read = RoundResults.Parse(Three.Bytes, Three.Root);

        Assert.Equal(Three.Rewards, read.Rewards);
        Assert.Equal((Model, Direction, Three.Hash), (read.Model, read.Direction, read.Hash));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format\":\"research-results/1\",\"model\":\"\",\"points\":[]}")]
    [InlineData("{\"format\":\"research-results/2\",\"model\":\"x\",\"direction\":\"x\",\"points\":[[\"0x0\",\"1\"]]}")]
    [InlineData("{\"format\":\"research-results/2\",\"model\":\"x\",\"direction\":\"x\",\"points\":[[]]}")]
    [InlineData("{\"format\":\"research-results/2\",\"model\":\"x\",\"direction\":\"x\",\"points\":null}")]
    [InlineData("{\"format\":\"research-results/2\",\"model\":\"x\",\"direction\":\"x\",\"points\":[null]}")]
    public void Parse_Garbage_IsRefused(string text) => Assert.Throws<InvalidDataException>(
        () => RoundResults.Parse(Encoding.UTF8.GetBytes(text), Three.Root));

    [Fact]
    public void Parse_OneByteChanged_IsNeverBelieved()
    {
        byte[] file = Three.Bytes.ToArray();
        for (int i = 0; i < file.Length; i++)
        {
            byte[] changed = [.. file];
            changed[i] ^= 1;
            try
            {
                // What is not in the claim may differ: the names of the model and its direction, and how a number is written.
                Assert.Equal(Three.Rewards, RoundResults.Parse(changed, Three.Root).Rewards);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Fact]
    public void Constructor_GapsOrNobody_Throws()
    {
        Assert.Throws<ArgumentException>(() => new RoundResults([], Model, Direction));
        Assert.Throws<ArgumentException>(() => new RoundResults([new Reward(1, Account(1), 0)], Model, Direction));
    }

    [Theory]
    [InlineData(10, 1, 3, 3)]
    [InlineData(10, 3, 3, 10)]
    [InlineData(10, 0, 3, 0)]
    [InlineData(10, 1, 0, 0)]
    public void PayoutOf_Points_RoundsDown(int pool, ulong points, ulong divisor, int expected) =>
        Assert.Equal(new Wei(expected), Payout.Of(new Wei(pool), points, divisor));

    private static Address Account(int i) => new([.. Enumerable.Repeat((byte)(i + 1), 20)]);
}
