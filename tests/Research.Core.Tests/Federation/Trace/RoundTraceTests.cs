using Research.Federation.Scoring;
using Research.Federation.Trace;
using Research.Tests.Federation.Program;

namespace Research.Tests.Federation.Trace;

public sealed class RoundTraceTests : IDisposable
{
    private readonly RoundScore _score = TinyTasks.Score(TinyTasks.All["convolutions"], 20);

    private RoundTrace Trace => _score.Trace;

    public void Dispose() => Trace.Dispose();

    [Fact]
    public void Open_AnyLeaf_VerifiesAndNothingElseDoes()
    {
        Random random = new(2);
        for (int i = 0; i < 30; i++)
        {
            long leaf = random.NextInt64(1L << Trace.Depth);
            (byte[] bytes, IReadOnlyList<TreeHash> siblings) = Trace.Open(leaf);

            Assert.Equal(Trace.Depth, siblings.Count);
            Assert.True(RoundTrace.Verify(Trace.Root, leaf, bytes, siblings));
            Assert.Equal(
                siblings[0] == Trace.Node(0, leaf), RoundTrace.Verify(Trace.Root, leaf ^ 1, bytes, siblings)); // Both zero.
            bytes[random.Next(bytes.Length)] ^= 4;
            Assert.False(RoundTrace.Verify(Trace.Root, leaf, bytes, siblings));
        }
    }

    [Fact]
    public void Node_AnyLevel_IsTheHashOfTheTwoBelow()
    {
        Random random = new(3);
        byte[] pair = new byte[64];
        byte[] hash = new byte[32];
        for (int level = 1; level <= Trace.Depth; level++)
        {
            long index = random.NextInt64(1L << (Trace.Depth - level));
            Trace.Node(level - 1, 2 * index).CopyTo(pair);
            Trace.Node(level - 1, (2 * index) + 1).CopyTo(pair.AsSpan(32));
            KeccakLanes.HashPairs(pair, hash);

            Assert.Equal(new TreeHash(hash), Trace.Node(level, index));
        }
    }

    // Another's trace with some leaves forged: the least of them is found by nodes alone.
    [Fact]
    public void FirstDifference_ForgedLeaves_IsTheLeast()
    {
        Random random = new(4);
        for (int i = 0; i < 10; i++)
        {
            long[] forged = [.. Enumerable.Range(0, 3).Select(_ => random.NextInt64(Trace.Bytes / 128))];

            Assert.Equal(forged.Min(), Trace.FirstDifference((level, index) =>
                forged.Any(leaf => leaf >> level == index) ? default : Trace.Node(level, index)));
        }

        Assert.Null(Trace.FirstDifference(Trace.Node));
    }

    // The first difference is a step that is wrong by itself: its operands are equal in both.
    [Theory]
    [InlineData(20, "update, scaled")] // Of the same roster, which has the roots of none.
    [InlineData(21, "roster")]
    public void FirstDifference_OfOtherUpdates_IsAStepThatReadsTheInput(int reveals, string name)
    {
        using RoundTrace other = TinyTasks.Score(TinyTasks.All["convolutions"], reveals, seed: 1).Trace;

        long leaf = Trace.FirstDifference(other.Node)!.Value;

        Assert.NotEqual(Trace.Read(128 * leaf, 128), other.Read(128 * leaf, 128));
        Assert.Equal(Trace.Read(0, (int)Math.Min(128 * leaf, 1 << 20)), other.Read(0, (int)Math.Min(128 * leaf, 1 << 20)));
        Assert.Equal(name, Trace.Step(128 * leaf).Name);
    }

    [Fact]
    public void Results_AtFixedPlaces_AreTheScores()
    {
        for (int index = 0; index < _score.Participants.Count; index++)
        {
            Assert.Equal(_score.Participants[index].Points, Trace.ReadNumber(Trace.PointsAddress(index)));
        }

        Assert.Equal(_score.Participants.Sum(one => (long)one.Points), Trace.ReadNumber(Trace.TotalAddress));
        Assert.Equal(_score.ModelRoot, new TreeHash(Trace.Read(Trace.ModelRootAddress, 32)));
    }

    [Fact]
    public void Read_AfterDispose_IsRefusedAndTheRootStays()
    {
        TreeHash root = Trace.Root;

        Trace.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Trace.Read(Trace.TotalAddress, 8));
        Assert.Throws<ObjectDisposedException>(() => Trace.Step(0));
        Assert.Throws<ObjectDisposedException>(() => Trace.Open(0));
        Assert.Equal(root, Trace.Root);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1L << 60)]
    public void Read_BeyondTheTrace_IsRefused(long address)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Trace.Read(address, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Trace.Step(address));
    }
}
