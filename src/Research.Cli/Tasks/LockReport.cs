using System.Globalization;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Training;

namespace Research.Cli.Tasks;

/// <summary>What a verb is about to lock or to spend, said on standard error before anything is sent.</summary>
/// <param name="native">What stakes, bonds and fees are counted in.</param>
internal sealed class LockReport(Currency native)
{
    private const int LabelWidth = 12;

    private readonly List<string> _lines = [];

    /// <summary>Says what is locked.</summary>
    public LockReport Line(string label, string text)
    {
        _lines.Add($"{label,-LabelWidth}{text}");
        return this;
    }

    /// <summary>Says when a round's windows end.</summary>
    public LockReport Windows(Terms terms, int round)
    {
        Schedule schedule = terms.ScheduleOf(round);
        Line("windows", $"round {round + 1} of {terms.Rounds}: commit until {LocalTime.At(schedule.Reveal)}");
        Line("", $"reveal until {LocalTime.At(schedule.Answer)}");
        if (terms.Delivery == Delivery.Demand)
        {
            Line(
                "",
                $"answer until {LocalTime.At(schedule.Open)}, what was demanded by {LocalTime.At(schedule.Demanded)}");
        }

        Line("", $"open until {LocalTime.At(schedule.Score)}");
        Line("", $"score: claims sealed until {LocalTime.At(schedule.Post)}");
        Line("", $"and opened until {LocalTime.At(schedule.Refute)}");
        return Line("", $"refute until {LocalTime.At(schedule.End)}; then it can be finalised, later where claims are doubted");
    }

    /// <summary>Says what a round pays, and what becomes of the rest.</summary>
    public LockReport Pool(Terms terms, Currency currency) => Line(
        "pool",
        $"{currency.Of(terms.Pool)} over {Rounds(terms)}{(terms.Token.IsZero ? "" : $", token {terms.Token}")}; "
        + "what a round does not earn goes on to the next, and is burned after the last");

    /// <summary>Writes it.</summary>
    public async Task WriteAsync(TextWriter error)
    {
        foreach (string line in _lines)
        {
            await error.WriteLineAsync(TerminalText.Clean(line)).ConfigureAwait(false);
        }
    }

    /// <summary>Says how many records decide a round: <c>90 of 180 records</c>.</summary>
    public static string ScoredOn(ModelSpec spec) => string.Create(
        CultureInfo.InvariantCulture,
        $"{spec.Task!.Evaluation.Examples} of {2 * spec.Task.Evaluation.Examples} records");

    /// <summary>Counts rounds.</summary>
    public static string Rounds(Terms terms) => terms.Rounds == 1 ? "1 round" : $"{terms.Rounds} rounds";

    /// <summary>Says what publishing locks.</summary>
    /// <param name="terms">The terms, with their start resolved.</param>
    /// <param name="spec">The specification.</param>
    /// <param name="currency">The pool's.</param>
    /// <param name="sponsor">Who pays.</param>
    public LockReport Publication(Terms terms, ModelSpec spec, Currency currency, Address sponsor)
    {
        string pool = $"{currency.Of(terms.Pool)} as the pool of {Rounds(terms)}";
        Line(
            "locks",
            $"{pool}{(terms.Token.IsZero ? "" : $" (token {terms.Token})")}, and {native.Of(terms.AuditFees)} "
                + "of audit fees "
            + $"({native.Of(terms.AuditFee)} a round for those who look), from {sponsor}");
        Line("stake", $"{native.Of(terms.Stake)} from each participant, burned where it does not reveal or answer");
        Line(
            "bond",
            $"{native.Of(terms.Bond)} from each claimant; a claim that is refuted loses it, about half of it to "
                + "who refutes it");
        Line("target", terms.Target == 0
            ? "none: a round pays its whole pool from the first point on"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"a round pays its whole pool from {terms.Target:N0} points on; what it does not earn goes on to the ")
                + "next, "
            + "and is burned after the last: nothing comes back, but the parts of rounds in which nobody revealed");
        if (terms.TargetRight > 0)
        {
            Line("ends", string.Create(
                CultureInfo.InvariantCulture,
                $"with the round whose model predicts {terms.TargetRight} of {spec.Task!.Evaluation.Examples} records ")
                + "right, "
                + "which is paid for those not played too");
        }

        if (terms.AllowRoot != Bytes32.Zero)
        {
            Line("allowed", $"only the accounts of the list with the root {terms.AllowRoot}");
        }

        Line("updates", string.Create(
            CultureInfo.InvariantCulture, $"{terms.UpdateBytes:N0} bytes each, ")
            + (terms.Delivery == Delivery.Calldata ? "in their reveals (calldata)" : "from the store, or on demand"));
        Line("scored on", ScoredOn(spec));
        Windows(terms, 0);
        return terms.Rounds == 1
            ? this
            : Line("", $"the last round ends {LocalTime.At(terms.ScheduleOf(terms.Rounds - 1).End)}");
    }
}
