using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Cli.Tasks;
using Research.Federation.Scoring;
using Research.Interactive.Chains;
using Research.Interactive.Scores;
using Research.Market;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task explain</c>: why a participant earned what it earned, from the chain and the store
/// alone.</summary>
internal static class TaskExplainCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Option<int?> round = TaskArguments.Round("the last that can be scored");
        Option<string?> participant = new("--participant")
        {
            Description = "Whose pay: an address, or a place in reveal order from 0; everybody's when left out.",
            HelpName = "ADDRESS|INDEX",
        };
        Option<FileInfo?> figure = new("--figure")
        {
            Description = "Write the round's signals as SVG.",
            HelpName = "FILE.svg",
        };
        Command command = new("explain", "Explain why participants of a round earned what they earned.")
        {
            id, round, participant, figure,
        };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse),
            parse.GetValue(id),
            parse.ReadRound(round),
            parse.GetValue(participant),
            parse.GetValue(figure)?.FullName,
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    /// <summary>Scores the round and explains it.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options,
        ulong id,
        int? asked,
        string? participant,
        string? figure,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: false, cancellationToken)
            .ConfigureAwait(false);
        OpenTask task = await session.LoadAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        int round = RoundChoice.Scorable(now, asked);
        IReadOnlyList<Revealed> reveals = await task.Market.Events.RevealedAsync(id, round, cancellationToken)
            .ConfigureAwait(false);
        int? index = IndexOf(participant, reveals, round); // Before the scoring, which takes a while.
        ScoredRound scored = await RoundChoice.ScoreAsync(task, round, error, cancellationToken).ConfigureAwait(false);
        VerbReport report = session.Report();
        Currency currency = await session.CurrencyAsync(task.Terms.Token, cancellationToken).ConfigureAwait(false);
        report.Line("round", $"{round + 1} of task {id}, {scored.Reveals.Count} updates");
        report.Line("scored on", LockReport.ScoredOn(task.Spec)).Field("currency", currency.ToJson());
        JsonArray all = [];
        foreach (Revealed reveal in scored.Reveals.Where(one => index is null || one.Index == index))
        {
            all.Add((JsonNode)Add(report, scored, reveal, currency));
        }

        report.Field("task", id).Field("round", round + 1).Field("participants", all);
        report.Field("trace", scored.Score.TraceRoot.ToString());
        Round state = await task.Market.GetRoundAsync(id, round, cancellationToken).ConfigureAwait(false);
        report.Field("outcome", state.Outcome.ToString());
        if (state.Outcome is Outcome.Unopened or Outcome.Unscored)
        {
            report.Line(
                "outcome",
                $"{state.Outcome.ToString().ToLowerInvariant()}: the round's pool is burned, nothing was paid");
        }

        ScoreReport.AddComparison(
            report, state.Lead, await new Scorer(task).CompareAsync(scored, cancellationToken).ConfigureAwait(false));
        if (figure is not null)
        {
            await File.WriteAllTextAsync(figure, scored.ToFigure().ToSvg(), cancellationToken).ConfigureAwait(false);
            report.Line("figure", figure).Field("figure", figure);
        }

        await report.WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    private static JsonObject Add(VerbReport report, ScoredRound scored, Revealed reveal, Currency currency)
    {
        ParticipantScore one = scored.Score.Participants[reveal.Index];
        report.Line(
            string.Create(CultureInfo.InvariantCulture, $"#{reveal.Index}"),
            $"{reveal.Participant} {currency.Of(scored.AmountOf(reveal.Index))}");
        JsonObject words = [];
        foreach ((string subject, string text) in scored.Explain(reveal.Index, currency.Of))
        {
            report.Line("  " + subject, text);
            words[subject] = text;
        }

        return new JsonObject
        {
            ["index"] = reveal.Index,
            ["participant"] = reveal.Participant.ToString(),
            ["verdict"] = one.Verdict.ToString(),
            ["points"] = one.Points.ToString(CultureInfo.InvariantCulture),
            ["reward"] = VerbReport.Json(scored.AmountOf(reveal.Index)),
            ["signal"] = one.Signal,
            ["threshold"] = one.Threshold,
            ["noise"] = one.Noise,
            ["counted"] = one.Counted,
            ["explained"] = one.Explained,
            ["copyOf"] = one.CopyOf,
            ["words"] = words,
        };
    }

    private static int? IndexOf(string? participant, IReadOnlyList<Revealed> reveals, int round)
    {
        if (participant is null)
        {
            return null;
        }

        Revealed? found = int.TryParse(participant, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? reveals.FirstOrDefault(one => one.Index == index)
            : reveals.FirstOrDefault(
                one => string.Equals(one.Participant.ToString(), participant, StringComparison.OrdinalIgnoreCase));
        return found?.Index ?? throw new CommandException(
            $"--participant: {participant} revealed nothing in round {round + 1}; "
            + $"{reveals.Count} did, #0 to #{reveals.Count - 1}.");
    }
}
