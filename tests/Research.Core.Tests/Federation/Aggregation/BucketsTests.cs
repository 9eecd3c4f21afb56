using System.Buffers.Binary;
using System.Security.Cryptography;
using Research.Federation.Aggregation;

namespace Research.Tests.Federation.Aggregation;

public sealed class BucketsTests
{
    private static readonly GlobalModel Start = GlobalModel.Initial(FederatedDigits.Spec);

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 32)]
    [InlineData(10, 32)]
    [InlineData(32, 32)]
    [InlineData(1000, 32)]
    [InlineData(1001, 7)]
    public void Deal_AnyNumber_FillsBucketsEvenly(int submissions, int count)
    {
        IReadOnlyDictionary<int, int> dealt = Buckets.Deal(RoundOf(Enumerable.Range(0, submissions)), count);

        int[] sizes = [.. Enumerable.Range(0, count).Select(bucket => dealt.Values.Count(one => one == bucket))];
        Assert.Equal(submissions, dealt.Count);
        Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
    }

    [Fact]
    public void Deal_OtherOrderOrDoubledIndices_DealsTheSame()
    {
        IReadOnlyDictionary<int, int> dealt = Buckets.Deal(RoundOf(Enumerable.Range(0, 50)), 8);

        int[] turned = [.. Enumerable.Range(0, 50).Reverse(), 3, 3];
        Assert.Equal(
            dealt.OrderBy(one => one.Key), Buckets.Deal(RoundOf(turned), 8).OrderBy(one => one.Key));
    }

    [Fact]
    public void Deal_AnotherRoundOrSpecification_DealsAnew()
    {
        AggregationRound round = RoundOf(Enumerable.Range(0, 50));
        GlobalModel other = GlobalModel.Initial(FederatedDigits.Spec with { Name = "another" });

        int[] dealt = InOrder(round);

        Assert.NotEqual(dealt, InOrder(round with { Round = 2 }));
        Assert.NotEqual(dealt, InOrder(round with { Start = other }));

        static int[] InOrder(AggregationRound round) =>
            [.. Buckets.Deal(round, 8).OrderBy(one => one.Key).Select(one => one.Value)];
    }

    // What is hashed, spelt out: whoever scores elsewhere must deal alike.
    [Fact]
    public void Deal_Indices_FollowsTheHashOfSpecificationRoundAndIndex()
    {
        string[] places = [.. Enumerable.Range(0, 20).Select(index =>
        {
            byte[] numbers = new byte[8];
            BinaryPrimitives.WriteInt32BigEndian(numbers, 1);
            BinaryPrimitives.WriteInt32BigEndian(numbers.AsSpan(4), index);
            return Convert.ToHexString(SHA256.HashData(
                [.. "research-bucket/1"u8, .. FederatedDigits.Spec.Hash.ToArray(), .. numbers]));
        })];

        IReadOnlyDictionary<int, int> dealt = Buckets.Deal(RoundOf(Enumerable.Range(0, 20)), 6);

        int[] order = [.. Enumerable.Range(0, 20).OrderBy(index => places[index], StringComparer.Ordinal)];
        Assert.Equal(Enumerable.Range(0, 20).Select(place => place % 6), order.Select(index => dealt[index]));
    }

    private static AggregationRound RoundOf(IEnumerable<int> indices) => new(Start, 1, [.. indices], 0);
}
