using System.Buffers.Binary;
using System.Security.Cryptography;
using Research.Federation.Aggregation;

namespace Research.Tests.Federation.Aggregation;

public sealed class BucketsTests
{
    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 32)]
    [InlineData(10, 32)]
    [InlineData(32, 32)]
    [InlineData(1000, 32)]
    [InlineData(1001, 7)]
    public void Deal_AnyNumber_FillsBucketsEvenly(int submissions, int count)
    {
        int[] dealt = Buckets.Deal(FederatedDigits.Spec, 1, submissions, count);

        int[] sizes = [.. Enumerable.Range(0, count).Select(bucket => dealt.Count(one => one == bucket))];
        Assert.Equal(submissions, dealt.Length);
        Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
    }

    // A program derives its shape from how many there are; who is there already must not move.
    [Fact]
    public void Deal_MoreSubmissions_LeavesTheOthersWhereTheyAre()
    {
        int[] few = Buckets.Deal(FederatedDigits.Spec, 1, 50, 8);

        Assert.Equal(few, Buckets.Deal(FederatedDigits.Spec, 1, 90, 8).Take(50));
    }

    [Fact]
    public void Deal_AnotherRoundOrSpecification_DealsAnew()
    {
        int[] dealt = Buckets.Deal(FederatedDigits.Spec, 1, 50, 8);

        Assert.NotEqual(dealt, Buckets.Deal(FederatedDigits.Spec, 2, 50, 8));
        Assert.NotEqual(dealt, Buckets.Deal(FederatedDigits.Spec with { Name = "another" }, 1, 50, 8));
    }

    // What is hashed, spelt out: whoever scores elsewhere must deal alike.
    [Fact]
    public void Deal_Indices_FollowsTheHashOfSpecificationRoundAndIndex()
    {
        string[] places = [.. Enumerable.Range(0, 24).Select(index =>
        {
            byte[] numbers = new byte[8];
            BinaryPrimitives.WriteInt32BigEndian(numbers, 1);
            BinaryPrimitives.WriteInt32BigEndian(numbers.AsSpan(4), index);
            return Convert.ToHexString(SHA256.HashData(
                [.. "research-bucket/2"u8, .. FederatedDigits.Spec.Hash.ToArray(), .. numbers]));
        })];

        int[] dealt = Buckets.Deal(FederatedDigits.Spec, 1, 20, 6);

        foreach (int[] turn in Enumerable.Range(0, 24).Chunk(6))
        {
            int[] order = [.. turn.OrderBy(index => places[index], StringComparer.Ordinal)];
            Assert.All(turn.Where(index => index < 20), index => Assert.Equal(Array.IndexOf(order, index), dealt[index]));
        }
    }
}
