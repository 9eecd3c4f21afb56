using System.CommandLine;
using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Cli.Tasks;
using Research.Interactive.Chains;
using Research.Market;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task finalise</c>: fixes the outcome of rounds that are over.</summary>
internal static class TaskFinaliseCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Command command = new("finalise", "Fix the outcome of all rounds that are over, in order; anyone may.") { id };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse), parse.GetValue(id), parse.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    /// <summary>Finalises each round that is over and is not final, by the claim that leads.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, ulong id, TextWriter output, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: true, cancellationToken)
            .ConfigureAwait(false);
        MarketTask task = await session.FindAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        VerbReport report = session.Report();
        JsonArray rounds = [];
        report.Field("task", id).Field("rounds", rounds);
        if (!IsDue(task, now))
        {
            AddNothing(report, task, now);
            await report.WriteAsync(options.Json, output).ConfigureAwait(false);
            return CommandRunner.Success;
        }

        await session.RequireFundsAsync(Wei.Zero, cancellationToken).ConfigureAwait(false);
        Currency currency = await session.CurrencyAsync(task.Terms.Token, cancellationToken).ConfigureAwait(false);
        while (IsDue(task, now))
        {
            int round = task.Finalised;
            ClaimPosted? lead = await LeadAsync(report, session, id, round, now, cancellationToken).ConfigureAwait(false);
            TransactionReceipt receipt = await session.Market.FinaliseAsync(
                id, round, lead?.Claimant ?? default, lead?.Result ?? ClaimResult.None, cancellationToken)
                .ConfigureAwait(false);
            IReadOnlyList<RoundFinalised> ends =
                await session.Market.Events.RoundFinalisedAsync(id, round, cancellationToken).ConfigureAwait(false);
            RoundFinalised end = ends[0];
            report.Line($"round {round + 1}", $"{Words(end, currency)}, transaction {receipt.TransactionHash}").Link(receipt);
            rounds.Add(new JsonObject
            {
                ["round"] = round + 1,
                ["outcome"] = end.Outcome.ToString(),
                ["claimant"] = VerbReport.Json(end.Claimant),
                ["pool"] = VerbReport.Json(end.Pool),
                ["carried"] = VerbReport.Json(end.Carried),
                ["burned"] = VerbReport.Json(end.Burned),
                ["transaction"] = report.Json(receipt),
            });
            task = await session.FindAsync(id, cancellationToken).ConfigureAwait(false); // It may have ended with that.
        }

        report.Field("repeated", false).Field("currency", currency.ToJson());
        report.Line("next", $"research task claim {id}");
        await report.WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    // The claim that decides, once it can; what fell before it is struck.
    private static async Task<ClaimPosted?> LeadAsync(
        VerbReport report, MarketSession session, ulong id, int round, TaskMoment now, CancellationToken cancellationToken)
    {
        RoundLead lead = await RoundLead
            .FindAsync(session.Market, id, round, now.Terms.ScheduleOf(round).End, cancellationToken).ConfigureAwait(false);
        if (!(now.Now >= lead.DueAt))
        {
            throw now.Refusal(
                $"round {round + 1} can be finalised from {now.At(lead.DueAt ?? 0)} on: until then what was demanded of its "
                + "leading claim can make that fall.");
        }

        foreach (ClaimPosted fallen in lead.Fallen)
        {
            TransactionReceipt struck = await session.Market
                .StrikeAsync(id, round, fallen.Claimant, cancellationToken).ConfigureAwait(false);
            report.Line(
                $"round {round + 1}",
                $"the claim of {fallen.Claimant} was refuted: its bond is taken, transaction {struck.TransactionHash}")
                .Link(struck);
        }

        return lead.Claim;
    }

    /// <summary>Says how a round ended.</summary>
    internal static string Words(RoundFinalised end, Currency currency)
    {
        string rest = (end.Carried > Wei.Zero ? $", {currency.Of(end.Carried)} goes on to the next round" : "")
            + (end.Burned > Wei.Zero ? $", {currency.Of(end.Burned)} is burned" : "");
        return end.Outcome switch
        {
            Outcome.Scored => $"scored: the claim of {end.Claimant} pays from {currency.Of(end.Pool)}{rest}",
            Outcome.Empty => $"empty: nobody revealed, {currency.Of(end.Pool)} and the audit fee go back to the "
                + $"sponsor{rest}",
            Outcome.Unopened => $"unopened: its keys were not opened in time{rest}",
            _ => $"unscored: no claim stands{rest}",
        };
    }

    private static bool IsDue(MarketTask task, TaskMoment now) =>
        task.Finalised < task.Terms.Rounds && now.Now >= task.Terms.ScheduleOf(task.Finalised).End;

    private static void AddNothing(VerbReport report, MarketTask task, TaskMoment now)
    {
        if (task.Finalised == task.Terms.Rounds)
        {
            report.Repeated("finalised", $"all rounds of task {now.TaskId} already");
            return;
        }

        ulong end = task.Terms.ScheduleOf(task.Finalised).End;
        string next = $"round {task.Finalised + 1} can be finalised from {now.At(end)} on";
        if (task.Finalised == 0)
        {
            throw now.Refusal($"{next}.");
        }

        report.Repeated(
            "finalised",
            $"{(task.Finalised == 1 ? "round 1" : $"rounds 1 to {task.Finalised}")} of task {now.TaskId} already; "
            + $"{next}");
    }
}
