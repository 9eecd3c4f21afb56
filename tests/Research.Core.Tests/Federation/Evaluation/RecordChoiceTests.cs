using Research.Federation.Evaluation;

namespace Research.Tests.Federation.Evaluation;

public sealed class RecordChoiceTests
{
    [Theory]
    [InlineData(1UL, 0, 1)]
    [InlineData(7UL, 3, 255)]
    [InlineData(7UL, 3, 256)]
    [InlineData(ulong.MaxValue, int.MaxValue, 1000)]
    public void Opened_OfEveryPair_IsThePlainComputation(ulong task, int round, int pairs)
    {
        byte[] block = PlainRecords.Keccak([1, 2, 3]);
        RecordChoice choice = RecordChoice.Of(block, task, round, pairs);

        for (int pair = 0; pair < pairs; pair++)
        {
            int bit = PlainRecords.Bit(block, task, round, pair);
            Assert.Equal((2 * pair) + bit, choice.Opened(pair));
            Assert.Equal((2 * pair) + 1 - bit, choice.Scoring(pair));
        }
    }

    [Fact]
    public void Opened_OfAThousandPairs_IsTheFirstOfAboutHalf()
    {
        RecordChoice choice = RecordChoice.Of(new byte[32], 1, 0, 1000);

        Assert.InRange(Enumerable.Range(0, 1000).Count(pair => choice.Opened(pair) % 2 == 0), 430, 570);
    }

    [Fact]
    public void Of_WhatIsNoBlockOrNoPair_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => RecordChoice.Of(new byte[31], 1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => RecordChoice.Of(new byte[32], 1, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => RecordChoice.Of(new byte[32], 1, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RecordChoice.Of(new byte[32], 1, 0, 5).Opened(5));
    }
}
