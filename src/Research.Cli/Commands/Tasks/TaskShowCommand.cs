using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Cli.Tasks;
using Research.Interactive.Chains;
using Research.Market;
using Research.Storage;
using Research.Training;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task show</c>: a task's terms, where it stands, and what became of its rounds.</summary>
internal static class TaskShowCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Command command = new(
            "show", "Show a task: terms, phase, time left, rounds, claims, outcome, and what can be done next.") { id };
        market.AddTo(command, signs: false, looks: true);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse), parse.GetValue(id), parse.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    /// <summary>Shows a task; its specification is not needed.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, ulong id, TextWriter output, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: false, cancellationToken)
            .ConfigureAwait(false);
        MarketTask task = await session.FindAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        Currency currency = await session.CurrencyAsync(task.Terms.Token, cancellationToken).ConfigureAwait(false);
        ModelSpec? spec = await SpecAsync(session.Store, task.Terms, cancellationToken).ConfigureAwait(false);
        VerbReport report = session.Report();
        report.Line("task", $"{id} on the market {session.Market.Address}").Field("task", id)
            .Field("market", session.Market.Address.ToString());
        AddTerms(report, task, spec, currency, session.Native);
        await AddNextAsync(report, session, task, now, cancellationToken).ConfigureAwait(false);
        JsonArray rounds = [];
        int started = now.Position.Phase == Phase.Pending ? 0 : Math.Min(now.Position.Round + 1, task.Terms.Rounds);
        for (int round = 0; round < started; round++)
        {
            rounds.Add(await AddRoundAsync(report, session.Market, id, task, round, currency, cancellationToken)
                .ConfigureAwait(false));
        }

        report.Field("rounds", rounds);
        await report.WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    // It names what is trained; the rest is on chain, whatever becomes of the store.
    private static async Task<ModelSpec?> SpecAsync(IBlobStore store, Terms terms, CancellationToken cancellationToken)
    {
        try
        {
            return await PublishedBefore.SpecAsync(store, terms.SpecHash.ToContentHash(), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (StoreException)
        {
            return null; // The list of stores has said so.
        }
    }

    private static void AddTerms(
        VerbReport report, MarketTask task, ModelSpec? spec, Currency currency, Currency native)
    {
        Terms terms = task.Terms;
        string hash = terms.SpecHash.ToContentHash().ToString();
        report.Both("sponsor", task.Sponsor.ToString());
        report.Line("spec", $"{hash} ({spec?.Name ?? "not in the store"})")
            .Field("spec", hash).Field("name", spec?.Name);
        report.Line("programs", terms.ProgramRoot.ToString()).Field("programRoot", terms.ProgramRoot.ToString());
        report.Line(
            "pool",
            $"{currency.Of(terms.Pool)} over {LockReport.Rounds(terms)}"
            + $"{(terms.Token.IsZero ? "" : $" (token {terms.Token})")}, audit fee {native.Of(terms.AuditFee)} "
            + "a round");
        report.Line("target", string.Create(
            CultureInfo.InvariantCulture, $"all of a round's pool from {Math.Max(1, terms.Target):N0} points on")
            + (terms.TargetRight == 0
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"; ends with the round that gets {terms.TargetRight} records right")));
        report.Line("locks", $"stake {native.Of(terms.Stake)}, bond {native.Of(terms.Bond)}");
        if (spec?.Task?.Stores is { Count: > 0 } stores)
        {
            report.Line("stores", string.Join(", ", stores))
                .Field("stores", new JsonArray([.. stores.Select(store => JsonValue.Create(store.Text))]));
        }

        report.Line(
            "allowed", terms.AllowRoot == Bytes32.Zero ? "everybody" : $"a list with the root {terms.AllowRoot}");
        report.Line("scored on", spec?.Task is null
            ? string.Create(CultureInfo.InvariantCulture, $"{terms.Keys / 2} of {terms.Keys} records")
            : LockReport.ScoredOn(spec));
        report.Line(
            "windows",
            $"commit {LocalTime.Span(terms.CommitSeconds)}, reveal {LocalTime.Span(terms.RevealSeconds)}, "
            + (terms.Delivery == Delivery.Demand ? $"answer {LocalTime.Span(terms.AnswerSeconds)}, " : "")
            + $"open {LocalTime.Span(terms.OpenSeconds)}, score {LocalTime.Span(terms.ScoreSeconds)}, "
            + $"refute {LocalTime.Span(terms.RefuteSeconds)}");
        report.Field("currency", currency.ToJson());
        report.Field("terms", new JsonObject
        {
            ["token"] = VerbReport.Json(terms.Token),
            ["pool"] = VerbReport.Json(terms.Pool),
            ["stakeWei"] = VerbReport.Json(terms.Stake),
            ["bondWei"] = VerbReport.Json(terms.Bond),
            ["auditFeeWei"] = VerbReport.Json(terms.AuditFee),
            ["target"] = terms.Target.ToString(CultureInfo.InvariantCulture),
            ["targetRight"] = terms.TargetRight,
            ["allowRoot"] = terms.AllowRoot == Bytes32.Zero ? null : terms.AllowRoot.ToString(),
            ["delivery"] = terms.Delivery.ToString(),
            ["updateBytes"] = terms.UpdateBytes,
            ["keys"] = terms.Keys,
            ["start"] = terms.Start,
            ["commitSeconds"] = terms.CommitSeconds,
            ["revealSeconds"] = terms.RevealSeconds,
            ["answerSeconds"] = terms.AnswerSeconds,
            ["openSeconds"] = terms.OpenSeconds,
            ["scoreSeconds"] = terms.ScoreSeconds,
            ["refuteSeconds"] = terms.RefuteSeconds,
            ["rounds"] = terms.Rounds,
        });
        report.Field("finalised", task.Finalised).Field("carried", VerbReport.Json(task.Carried));
    }

    private static async Task AddNextAsync(
        VerbReport report, MarketSession session, MarketTask task, TaskMoment now, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> steps = await new NextSteps(
            session.Market, session.Store, task, now, session.Options.Account, session.Native)
            .FindAsync(cancellationToken).ConfigureAwait(false);
        report.Line("now", now.Words);
        string label = "next";
        foreach (string step in steps)
        {
            report.Line(label, step);
            label = "";
        }

        report.Field("time", now.Now).Field("round", now.LastStarted + 1);
        report.Field("phase", now.Position.Phase.ToString()).Field("until", now.Until)
            .Field("end", task.Terms.ScheduleOf(task.Terms.Rounds - 1).End);
        report.Field("account", session.Options.Account?.ToString())
            .Field("next", new JsonArray([.. steps.Select(step => JsonValue.Create(step))]));
    }

    private static async Task<JsonObject> AddRoundAsync(
        VerbReport report,
        TrainingMarket market,
        ulong id,
        MarketTask task,
        int round,
        Currency currency,
        CancellationToken cancellationToken)
    {
        Round state = await market.GetRoundAsync(id, round, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Committed> commitments = await market.Events.CommittedAsync(id, round, cancellationToken)
            .ConfigureAwait(false);
        IReadOnlyList<Revealed> reveals = await market.Events.RevealedAsync(id, round, cancellationToken)
            .ConfigureAwait(false);
        IReadOnlyList<ClaimPosted> claims = await market.Events.ClaimPostedAsync(id, round, cancellationToken)
            .ConfigureAwait(false);
        RoundFinalised? end = round < task.Finalised
            ? (await market.Events.RoundFinalisedAsync(id, round, cancellationToken).ConfigureAwait(false))[0]
            : null;
        Wei carried = end is null && round == task.Finalised ? task.Carried : Wei.Zero;
        Wei pool = end?.Pool ?? Payout.PoolOf(task.Terms.Pool, task.Terms.Rounds, round, round) + carried;
        string carry = carried > Wei.Zero ? $" ({currency.Of(carried)} of earlier rounds)" : "";
        report.Line(
            $"round {round + 1}",
            $"{currency.Of(pool)}{carry}, {commitments.Count} committed, {state.Reveals} revealed, {state.KeyChunks} "
            + $"of {NextSteps.KeyChunks(task.Terms)} key chunks open, {claims.Count} claimed");
        if (end is not null)
        {
            string left = end.Outcome is Outcome.Scored or Outcome.Empty
                ? $"; {currency.Of(state.Remaining)} not paid yet"
                : "";
            report.Line("", $"{TaskFinaliseCommand.Words(end, currency)}{left}");
        }

        Dictionary<ClaimResult, ClaimDoubts> doubts = [];
        foreach (ClaimPosted claim in claims.OrderBy(one => one.Place))
        {
            if (!doubts.TryGetValue(claim.Result, out ClaimDoubts? doubt))
            {
                doubt = doubts[claim.Result] = await ClaimDoubts
                    .FindAsync(market, id, round, claim.Result.Digest, cancellationToken).ConfigureAwait(false);
            }

            report.Line("", string.Create(
                CultureInfo.InvariantCulture,
                $"claim {claim.Place + 1} by {claim.Claimant}: {claim.Result.Total:N0} points, ")
                + $"{claim.Result.Right} right"
                + (claim.Place == state.Lead && doubt.RefutedBy is null ? "; it leads" : "")
                + (doubt.RefutedBy is Address winner ? $"; refuted by {winner}, its bond is lost" : "")
                + (doubt.Due is ulong due
                    ? $"; falls unless what is demanded of it is shown by {LocalTime.At(due)} ({doubt.Open.Count} nodes)"
                    : ""));
        }

        return new JsonObject
        {
            ["round"] = round + 1,
            ["pool"] = VerbReport.Json(pool),
            ["carriedIn"] = VerbReport.Json(carried),
            ["remaining"] = VerbReport.Json(state.Remaining),
            ["burned"] = VerbReport.Json(end?.Burned ?? Wei.Zero),
            ["keyChunks"] = state.KeyChunks,
            ["commitments"] =
                new JsonArray([.. commitments.Select(one => JsonValue.Create(one.Participant.ToString()))]),
            ["reveals"] = new JsonArray([.. reveals.OrderBy(one => one.Index).Select(one => new JsonObject
            {
                ["index"] = one.Index,
                ["participant"] = one.Participant.ToString(),
                ["updateRoot"] = one.UpdateRoot.ToString(),
                ["update"] = one.UpdateHash == Bytes32.Zero ? null : one.UpdateHash.ToContentHash().ToString(),
            })]),
            ["claims"] = new JsonArray([.. claims.OrderBy(one => one.Place).Select(one => new JsonObject
            {
                ["place"] = one.Place + 1,
                ["claimant"] = one.Claimant.ToString(),
                ["leads"] = one.Place == state.Lead && doubts[one.Result].RefutedBy is null,
                ["refutedBy"] = doubts[one.Result].RefutedBy?.ToString(),
                ["demandedUntil"] = doubts[one.Result].Due,
                ["total"] = one.Result.Total.ToString(CultureInfo.InvariantCulture),
                ["right"] = one.Result.Right,
                ["resultsRoot"] = one.Result.ResultsRoot.ToString(),
            })]),
            ["claimant"] = end is null ? null : VerbReport.Json(end.Claimant),
            ["modelRoot"] = state.ModelRoot == Bytes32.Zero ? null : state.ModelRoot.ToString(),
            ["outcome"] = state.Outcome.ToString(),
        };
    }
}
