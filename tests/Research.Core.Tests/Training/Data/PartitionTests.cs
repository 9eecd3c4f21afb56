using Research.Training.Data;

namespace Research.Tests.Training.Data;

public sealed class PartitionTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 2)]
    [InlineData(50, 2)]
    [InlineData(100, 30)]
    public void Unequal_AnyNumberOfShards_IsDisjointCompleteAndFalling(int shards, double ratio)
    {
        Dataset data = Numbered(100);

        Dataset[] cut = Partition.Unequal(data, shards, 7, ratio);

        Assert.Equal(Enumerable.Range(0, 100), cut.SelectMany(shard => shard.Labels.ToArray()).Order());
        Assert.All(cut, shard => Assert.True(shard.Count >= 1));
        Assert.All(cut.Zip(cut.Skip(1)), pair => Assert.True(pair.First.Count >= pair.Second.Count - 1));
    }

    [Fact]
    public void Unequal_Five_HasTheSizesThatTheRatioGives() =>
        Assert.Equal([27, 23, 20, 17, 13], Partition.Unequal(Numbered(100), 5, 1).Select(shard => shard.Count));

    [Fact]
    public void WithShuffledLabels_KeepsTheRecordsAndTheLabelsButNotTheirPairs()
    {
        Dataset data = Numbered(100);

        Dataset shuffled = Partition.WithShuffledLabels(data, 1);

        Assert.Equal(data.Inputs.ToArray(), shuffled.Inputs.ToArray());
        Assert.Equal(data.Labels.ToArray(), shuffled.Labels.ToArray().Order());
        Assert.NotEqual(data.Labels.ToArray(), shuffled.Labels.ToArray());
    }

    [Fact]
    public void Unequal_MoreShardsThanRecords_NamesTheArgument() =>
        Assert.Throws<ArgumentOutOfRangeException>("shards", () => Partition.Unequal(Numbered(3), 4, 1));

    private static Dataset Numbered(int count) =>
        new(
            Enumerable.Range(0, count).Select(i => (float)i).ToArray(),
            Enumerable.Range(0, count).ToArray(),
            [1],
            count);
}
