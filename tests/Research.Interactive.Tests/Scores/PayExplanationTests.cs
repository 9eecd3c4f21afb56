using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Federation.Scoring;
using Research.Interactive.Scores;
using Research.Market;

namespace Research.Tests.Scores;

public sealed class PayExplanationTests
{
    public static TheoryData<Verdict> Verdicts => [.. Enum.GetValues<Verdict>()];

    // Nobody is left without a reason, an amount and something that would change it.
    [Theory]
    [MemberData(nameof(Verdicts))]
    public void Explain_AnyVerdict_SaysWhyAndWhatWouldChangeIt(Verdict verdict)
    {
        ScoredRound scored = Round(
            new ParticipantScore(0, 0, verdict) { Signal = 2.5, Threshold = 4, Noise = 0.4, Explained = 0.97, CopyOf = 1 },
            new ParticipantScore(1, 600_000, Verdict.Paid) { Signal = 8, Threshold = 4, Noise = 1.2, Share = 0.7 });

        Dictionary<string, string> lines = scored.Explain(0).ToDictionary(line => line.Subject, line => line.Text);

        Assert.Equal(scored.Score.Participants[0].Reason, lines["verdict"]);
        Assert.Equal("0 of 1,000,000, a full share", lines["points"]);
        Assert.Equal("0 ETH = 3 ETH · 0 / 600,000, the points of all, rounded down", lines["amount"]);
        Assert.StartsWith("60 of the round's 120", lines["records"], StringComparison.Ordinal);
        Assert.NotEmpty(lines["to change it"]);
        Assert.Equal(verdict is not (Verdict.Missing or Verdict.Empty or Verdict.LacksNoise), lines.ContainsKey("near-copies"));
    }

    [Fact]
    public void Explain_Paid_AddsUpToTheAmount()
    {
        ScoredRound scored = Round(
            new ParticipantScore(0, 200_000, Verdict.Paid) { Signal = 4, Share = 0.3 },
            new ParticipantScore(1, 600_000, Verdict.Paid) { Signal = 9, Share = 1.1 });

        Assert.Contains(("amount", "0.75 ETH = 3 ETH · 200,000 / 800,000, the points of all, rounded down"), scored.Explain(0));
        Assert.Contains("118,906 points", scored.Explain(0)[^1].Text, StringComparison.Ordinal);
        Assert.StartsWith("nothing: more signal", scored.Explain(1)[^1].Text, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => scored.Explain(2));
    }

    [Fact]
    public void Explain_BelowTheTarget_NamesIt()
    {
        ScoredRound scored = Round(1_000_000, new ParticipantScore(0, 200_000, Verdict.Paid) { Signal = 4, Share = 0.3 });

        Assert.Contains(
            ("amount", "0.6 ETH = 3 ETH · 200,000 / 1,000,000, the target; all have 200,000, rounded down"),
            scored.Explain(0));
    }

    [Fact]
    public void ToFigure_Round_HasEverybodyAndBothLimits()
    {
        string svg = Round(
            new ParticipantScore(0, 200_000, Verdict.Paid) { Signal = 4 },
            new ParticipantScore(1, 0, Verdict.Harmful) { Signal = -2 }).ToFigure(index => $"owner {index}").ToSvg();

        foreach (string text in (string[])["owner 0", "owner 1", "not paid", "earns from here: 1.5", "a full share: 9.9"])
        {
            Assert.Contains(text, svg, StringComparison.Ordinal);
        }
    }

    private static ScoredRound Round(params ParticipantScore[] scores) => Round(0, scores);

    private static ScoredRound Round(ulong target, params ParticipantScore[] scores)
    {
        RoundResults results = new(
            [.. scores.Select(one => new Reward(one.Index, new Address(new byte[20]), (ulong)one.Points))], default, default);
        return new ScoredRound(
            0,
            new RoundScore(scores, null!, default, null!) { Unpaid = 1.5, Cap = 9.91, ExpectedZ = 9.4, Records = 60 },
            results,
            Wei.FromEther("3"),
            Payout.Divisor(results.Total, target),
            []);
    }
}
