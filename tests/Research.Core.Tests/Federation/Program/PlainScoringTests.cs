using Research.Training;

namespace Research.Tests.Federation.Program;

/// <summary>Two implementations of contracts/SCORING.md agree to the bit.</summary>
public sealed class PlainScoringTests
{
    private const int Drawn = 100;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, Drawn)];

    public static TheoryData<string> Names => [.. PlainNamedCases.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Trace_RoundByHand_IsThePlainOne(string name)
    {
        PlainRound round = PlainNamedCases.Of(name);
        PlainCase one = new(round.Spec, round.Round, name.Length);
        one.CompareCode();
        one.CompareTrace(round.Reveals, round.Change);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Trace_DrawnRound_IsThePlainOne(int seed)
    {
        Random random = new(seed);
        int round = random.Next(3);
        int reveals = new[] { 1, 2, 5, 8, 11, 15, 16, 17, 33, 64 }[random.Next(10)];
        ModelSpec spec = new PlainSpecs(seed).Draw(round + 1);
        PlainCase one = new(spec, round, seed);
        one.CompareCode();
        one.CompareTrace(reveals);
    }
}
