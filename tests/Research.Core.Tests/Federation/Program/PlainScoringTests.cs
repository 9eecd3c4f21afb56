using Research.Training;
using Research.Training.Layers;

namespace Research.Tests.Federation.Program;

/// <summary>Two implementations of contracts/SCORING.md agree to the bit.</summary>
public sealed class PlainScoringTests
{
    [Fact]
    public void Linear_Smallest_Agrees() => Compare(PlainCase.Spec([20], [new Linear(20, 3)]), 0, 1, 3);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 120)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_Small_Agrees(int seed)
    {
        Random random = new(seed);
        int round = random.Next(3);
        int reveals = new[] { 1, 2, 5, 8, 11, 15, 16, 17, 33, 64 }[random.Next(10)];
        Compare(new PlainSpecs(seed).Draw(round + 1), round, seed, reveals);
    }

    private static void Compare(ModelSpec spec, int round, int seed, int reveals)
    {
        if (Environment.GetEnvironmentVariable("SHOW") is not null) { throw new InvalidOperationException(System.Text.Encoding.UTF8.GetString(spec.ToCanonicalJson())); }
        PlainCase one = new(spec, round, seed);
        one.CompareCode();
        long total = one.CompareTrace(reveals);
        if (Environment.GetEnvironmentVariable("LOGT") is { } log) { lock (typeof(PlainScoringTests)) { File.AppendAllText(log, $"{seed} P={one.Parameters} round={round} reveals={reveals} total={total}\n"); } }
    }
}
