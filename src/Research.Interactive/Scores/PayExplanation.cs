using System.Globalization;
using System.Numerics;
using Research.Chain.Primitives;
using Research.Federation.Scoring;
using Research.Market;
using Research.Plotting;

namespace Research.Interactive.Scores;

/// <summary>Why a participant earned what it earned: in words, line by line, and as a figure.</summary>
public static class PayExplanation
{
    private static readonly BigInteger FullPoints = 1_000_000;

    /// <summary>Explains one participant's pay in a round.</summary>
    /// <param name="scored">The round, as scored here.</param>
    /// <param name="index">The participant's place in reveal order, from 0.</param>
    /// <param name="amountOf">How an amount of the pool is shown; left out, in ETH.</param>
    /// <returns>What each line is about, and what it says.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Nobody has that place.</exception>
    public static IReadOnlyList<(string Subject, string Text)> Explain(
        this ScoredRound scored, int index, Func<Wei, string>? amountOf = null)
    {
        ArgumentNullException.ThrowIfNull(scored);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, scored.Score.Participants.Count);
        ParticipantScore one = scored.Score.Participants[index];
        List<(string, string)> lines =
        [
            ("verdict", one.Reason),
            ("points", Text($"{one.Points:N0} of {FullPoints:N0}, a full share")),
            ("amount", Amount(scored, one, amountOf ?? (amount => amount.ToString()))),
            ("records", Text($"{scored.Score.Records} of the round's {2 * scored.Score.Records} scored it; the others were open beforehand")),
        ];
        if (one.Verdict is not (Verdict.Missing or Verdict.Empty))
        {
            lines.AddRange(Numbers(scored.Score, one));
        }

        lines.Add(("to change it", Advice(scored.Score, one)));
        return lines;
    }

    /// <summary>Draws the signals of a round's participants, between what earns nothing and what earns a full share.</summary>
    /// <param name="scored">The round, as scored here.</param>
    /// <param name="nameOf">What to call a participant by its place in reveal order; its number when left out.</param>
    public static Figure ToFigure(this ScoredRound scored, Func<int, string>? nameOf = null)
    {
        ArgumentNullException.ThrowIfNull(scored);
        RoundScore score = scored.Score;
        string[] names = [.. score.Participants.Select(one => nameOf?.Invoke(one.Index) ?? Text($"#{one.Index}"))];
        Figure figure = Figure.Titled(Text($"What each update is worth in round {scored.Round + 1}"))
            .WithSubtitle("signal: how far it moves the model where the fresh records would, over an honest update's noise")
            .Stacked()
            .Bars("paid", names, score.Participants.Select(one => one.Verdict == Verdict.Paid ? one.Signal : 0))
            .Bars("not paid", names, score.Participants.Select(one => one.Verdict == Verdict.Paid ? 0 : one.Signal))
            .WithAxes("", "standard deviations")
            .IncludingY(0);
        return score.Cap > 0
            ? figure.Reference(score.Unpaid, Text($"earns from here: {score.Unpaid:0.0}"))
                .Reference(score.Cap, Text($"a full share: {score.Cap:0.0}"))
            : figure;
    }

    private static string Amount(ScoredRound scored, ParticipantScore one, Func<Wei, string> amountOf)
    {
        ulong total = scored.Results.Total;
        string divisor = total == scored.Divisor ? "the points of all" : Text($"the target; all have {total:N0}");
        return total == 0
            ? "nothing: nobody earned points in this round"
            : Text($"{amountOf(scored.AmountOf(one.Index))} = {amountOf(scored.Pool)} · {one.Points:N0} / ")
                + Text($"{scored.Divisor:N0}, {divisor}, rounded down");
    }

    private static IEnumerable<(string, string)> Numbers(RoundScore score, ParticipantScore one)
    {
        yield return ("signal", score.Cap > 0
            ? Text($"{one.Signal:0.00} standard deviations of an honest update's noise; nothing is earned up to {score.Unpaid:0.00}, ")
                + Text($"a full share from {score.Cap:0.00}; reference owners reach {score.ExpectedZ:0.00}")
            : Text($"{one.Signal:0.00} standard deviations of an honest update's noise"));
        yield return ("threshold", Text($"{one.Threshold:0.00}: more than that tells it from its own noise"));
        yield return ("noise", Text($"{one.Noise:0.00} of the least that an honest update carries"));
        yield return ("length", one.Counted < 1
            ? Text($"counts with {one.Counted:0.00} of it: no longer than the longest reference run")
            : "counts whole");
        if (one.Verdict == Verdict.LacksNoise)
        {
            yield break; // Without noise of its own there is nothing that could be somebody else's.
        }

        yield return ("near-copies", one.Explained > 0
            ? Text($"earlier commitments explain {one.Explained * 100:0.0} % of it")
                + (one.CopyOf is { } copied ? Text($"; most of all #{copied}") : "")
            : "none among the earlier commitments");
    }

    private static string Advice(RoundScore score, ParticipantScore one) => one.Verdict switch
    {
        Verdict.Paid when one.Share >= 1 => "nothing: more signal than a full share's is not paid; a second account needs records of its own",
        Verdict.Paid => Text($"more records, up to the quota, or cleaner ones: each standard deviation of signal is worth ")
            + Text($"{1e6 / Math.Max(1e-9, score.Cap - score.Unpaid):N0} points"),
        Verdict.Missing => "keep the file that was committed to in the store, as it was, from the reveal on",
        Verdict.Empty => "train: an update without a change says nothing",
        Verdict.RoundCannotTell => "a specification with less noise or more records a step: this round's drowned everybody",
        Verdict.Harmful => "look at the labels: the records pull the model away from where the round's records are",
        Verdict.LacksNoise => "train by the specification: its noise and clipping are what every owner carries",
        Verdict.WithinNoise => Text($"more records, or cleaner ones: {Math.Max(0, Math.Max(one.Threshold, score.Unpaid) - one.Signal):0.0} ")
            + "standard deviations are missing",
        _ => "train on records of your own, and share the update with nobody before it is committed",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
