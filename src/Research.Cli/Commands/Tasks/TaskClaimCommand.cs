using System.CommandLine;
using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Cli.Tasks;
using Research.Interactive.Chains;
using Research.Market;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task claim</c>: pulls what the account has earned in rounds that are final.</summary>
internal static class TaskClaimCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Option<int?> round = TaskArguments.Round("all that are final");
        Command command = new("claim", "Claim the rewards of rounds that are final.") { id, round };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse),
            parse.GetValue(id),
            parse.ReadRound(round),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    /// <summary>Claims the round asked for, or each in which the account revealed and has not claimed.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options,
        ulong id,
        int? asked,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: true, cancellationToken)
            .ConfigureAwait(false);
        OpenTask task = await session.LoadAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        now.RequireRound(asked ?? 0);
        if (now.Now >= task.Terms.ClaimDeadline())
        {
            throw new CommandException(
                $"Task {id}: {now.Phase}; nothing can be claimed now. What can be done now: {now.Next}.");
        }

        await session.RequireFundsAsync(Wei.Zero, cancellationToken).ConfigureAwait(false);
        VerbReport report = new();
        JsonArray rounds = [];
        Wei total = Wei.Zero;
        foreach (int round in await ChooseAsync(session, now, asked, cancellationToken).ConfigureAwait(false))
        {
            (TransactionReceipt? receipt, Wei amount, string why) =
                await ClaimAsync(session, task, round, error, cancellationToken).ConfigureAwait(false);
            total += amount;
            report.Line(
                $"round {round + 1}",
                receipt is null ? why : $"{amount} to {session.Self} ({why}), transaction {receipt.TransactionHash}");
            rounds.Add(new JsonObject
            {
                ["round"] = round + 1,
                ["amountWei"] = VerbReport.Json(amount),
                ["why"] = why,
                ["transaction"] = receipt is null ? null : VerbReport.Json(receipt),
            });
        }

        await report
            .Line("claimed", rounds.Count == 0 ? "nothing: every reward of final rounds is paid" : total.ToString())
            .Field("task", id).Field("participant", session.Self.ToString()).Field("claimedWei", VerbReport.Json(total))
            .Field("rounds", rounds)
            .WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    private static async Task<List<int>> ChooseAsync(
        MarketSession session, TaskMoment now, int? asked, CancellationToken cancellationToken)
    {
        TrainingMarket market = session.Market;
        List<int> chosen = [];
        List<string> refusals = [];
        bool paidBefore = false;
        foreach (int round in asked is int one ? [one] : Enumerable.Range(0, now.Position.Round))
        {
            Round state = await market.GetRoundAsync(now.TaskId, round, cancellationToken).ConfigureAwait(false);
            int? index = await market.RevealIndexOfAsync(now.TaskId, round, session.Self, cancellationToken)
                .ConfigureAwait(false);
            ulong end = now.Terms.ScheduleOf(round).End;
            if (state.Outcome == Outcome.None)
            {
                refusals.Add(now.Now >= end
                    ? $"round {round + 1} is not finalised: run research task finalise {now.TaskId} first"
                    : $"{now.Phase}; round {round + 1} can be finalised from {now.When(end)} on, and then claimed");
            }
            else if (index is null)
            {
                refusals.Add($"{session.Self} revealed nothing in round {round + 1}");
            }
            else if (await market.IsClaimedAsync(now.TaskId, round, index.Value, cancellationToken)
                .ConfigureAwait(false))
            {
                paidBefore = true;
                refusals.Add($"the reward of {session.Self} in round {round + 1} is paid already");
            }
            else
            {
                chosen.Add(round);
            }
        }

        return chosen.Count > 0 || (paidBefore && asked is null)
            ? chosen
            : throw new CommandException(
                $"Task {now.TaskId}: {(refusals.Count > 0 ? string.Join("; ", refusals) : now.Phase)}. "
                + $"What can be done now: {now.Next}.");
    }

    private static async Task<(TransactionReceipt? Receipt, Wei Amount, string Why)> ClaimAsync(
        MarketSession session, OpenTask task, int round, TextWriter error, CancellationToken cancellationToken)
    {
        Participant participant = new(task, session.Market, session.Options.PrivateFolder);
        Round state = await session.Market.GetRoundAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        if (state.Outcome == Outcome.DefaultSplit)
        {
            TransactionReceipt paid = await participant.ClaimDefaultAsync(round, cancellationToken)
                .ConfigureAwait(false);
            IReadOnlyList<Claimed> claims = await session.Market.Events.ClaimedAsync(task.Id, round, cancellationToken)
                .ConfigureAwait(false);
            return (paid, claims.First(claim => claim.Participant == session.Self).Amount, "an equal part");
        }

        ScoredRound scored = await RoundChoice.ScoreAsync(task, round, error, cancellationToken).ConfigureAwait(false);
        if (scored.Claims.Root != state.Root)
        {
            throw new CommandException(
                $"The re-executed rewards of round {round + 1} have root {scored.Claims.Root}; "
                + $"posted and final is {state.Root}: no proof leads there. Nothing was sent.");
        }

        int index = scored.Reveals.First(reveal => reveal.Participant == session.Self).Index;
        TransactionReceipt? receipt = await participant.ClaimAsync(scored, cancellationToken).ConfigureAwait(false);
        string why = scored.Score.Participants[index].Reason;
        return receipt is null
            ? (null, Wei.Zero, $"earned nothing: {why}")
            : (receipt, scored.Claims.Claims[index].Amount, why);
    }
}
