using System.CommandLine;
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
        Command command = new("show", "Show a task: terms, phase, time left, rounds, scores, outcome.") { id };
        market.AddTo(command, signs: false);
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
        VerbReport report = new();
        report.Line("task", $"{id} on the market {session.Market.Address}").Field("task", id)
            .Field("market", session.Market.Address.ToString());
        AddTerms(report, task, await NameAsync(session, task.Terms, cancellationToken).ConfigureAwait(false));
        report.Line("now", now.Phase).Line("next", now.Next);
        report.Field("time", now.Now).Field("round", Math.Min(now.Position.Round + 1, task.Terms.Rounds));
        report.Field("phase", now.Position.Phase.ToString()).Field("until", now.Until)
            .Field("claimDeadline", task.Terms.ClaimDeadline());

        JsonArray rounds = [];
        int started = now.Position.Phase == Phase.Pending ? 0 : Math.Min(now.Position.Round + 1, task.Terms.Rounds);
        for (int round = 0; round < started; round++)
        {
            rounds.Add(await AddRoundAsync(report, session.Market, id, round, cancellationToken).ConfigureAwait(false));
        }

        report.Field("rounds", rounds);
        await report.WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    private static void AddTerms(VerbReport report, MarketTask task, string? name)
    {
        Terms terms = task.Terms;
        string spec = terms.SpecHash.ToContentHash().ToString();
        string unit = terms.Token.IsZero ? "" : $" (units of the token {terms.Token}, not ETH)";
        report.Both("sponsor", task.Sponsor.ToString());
        report.Line("spec", $"{spec} ({name ?? "not in the store"})").Field("spec", spec).Field("name", name);
        report.Line("programs", terms.ProgramRoot.ToString()).Field("programRoot", terms.ProgramRoot.ToString());
        report.Line(
            "pool",
            $"{terms.Pool}{unit} over {terms.Rounds} {(terms.Rounds == 1 ? "round" : "rounds")}, "
            + $"{task.Paid} paid{(task.Refunded ? ", the rest refunded" : "")}");
        report.Line("locks", $"stake {terms.Stake}, bond {terms.Bond}");
        report.Line(
            "windows",
            $"commit {terms.CommitSeconds} s, reveal {terms.RevealSeconds} s, score {terms.ScoreSeconds} s, "
            + $"challenge {terms.ChallengeSeconds} s, claim {terms.ClaimSeconds} s");
        report.Field("terms", new JsonObject
        {
            ["token"] = VerbReport.Json(terms.Token),
            ["poolWei"] = VerbReport.Json(terms.Pool),
            ["stakeWei"] = VerbReport.Json(terms.Stake),
            ["bondWei"] = VerbReport.Json(terms.Bond),
            ["start"] = terms.Start,
            ["commitSeconds"] = terms.CommitSeconds,
            ["revealSeconds"] = terms.RevealSeconds,
            ["scoreSeconds"] = terms.ScoreSeconds,
            ["challengeSeconds"] = terms.ChallengeSeconds,
            ["claimSeconds"] = terms.ClaimSeconds,
            ["rounds"] = terms.Rounds,
        });
        report.Field("paidWei", VerbReport.Json(task.Paid)).Field("refunded", task.Refunded);
    }

    private static async Task<JsonObject> AddRoundAsync(
        VerbReport report, TrainingMarket market, ulong id, int round, CancellationToken cancellationToken)
    {
        Round state = await market.GetRoundAsync(id, round, cancellationToken).ConfigureAwait(false);
        Wei pool = await market.RoundPoolAsync(id, round, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Committed> commitments = await market.Events.CommittedAsync(id, round, cancellationToken)
            .ConfigureAwait(false);
        IReadOnlyList<Revealed> reveals = await market.Events.RevealedAsync(id, round, cancellationToken)
            .ConfigureAwait(false);
        string posted = state.Poster.IsZero ? "no score posted" : $"scored by {state.Poster} ({state.Total} of {pool})";
        string challenged = state.Challenger.IsZero ? "" : $", challenged by {state.Challenger}";
        string outcome =
            state.Outcome == Outcome.None ? "not finalised" : $"outcome {state.Outcome}, {state.Claimed} claimed";
        report.Line(
            $"round {round + 1}",
            $"{commitments.Count} committed, {state.Reveals} revealed, {posted}{challenged}, {outcome}");
        return new JsonObject
        {
            ["round"] = round + 1,
            ["poolWei"] = VerbReport.Json(pool),
            ["commitments"] =
                new JsonArray([.. commitments.Select(one => JsonValue.Create(one.Participant.ToString()))]),
            ["reveals"] = new JsonArray([.. reveals.OrderBy(one => one.Index).Select(one => new JsonObject
            {
                ["index"] = one.Index,
                ["participant"] = one.Participant.ToString(),
                ["updateRoot"] = one.UpdateRoot.ToString(),
                ["update"] = one.UpdateHash.ToContentHash().ToString(),
            })]),
            ["poster"] = VerbReport.Json(state.Poster),
            ["challenger"] = VerbReport.Json(state.Challenger),
            ["root"] = state.Poster.IsZero ? null : state.Root.ToString(),
            ["model"] = state.Poster.IsZero ? null : state.ModelHash.ToContentHash().ToString(),
            ["totalWei"] = VerbReport.Json(state.Total),
            ["claimedWei"] = VerbReport.Json(state.Claimed),
            ["outcome"] = state.Outcome.ToString(),
        };
    }

    // A stranger's store: a specification that is missing or damaged does not hide what the chain says.
    private static async Task<string?> NameAsync(
        MarketSession session, Terms terms, CancellationToken cancellationToken)
    {
        ContentHash hash = terms.SpecHash.ToContentHash();
        try
        {
            return session.Store.Contains(hash)
                ? ModelSpec.Parse(await session.Store.GetAsync(hash, cancellationToken).ConfigureAwait(false)).Name
                : null;
        }
        catch (Exception e) when (e is InvalidDataException or SpecException)
        {
            return null;
        }
    }
}
