using System.CommandLine;
using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Cli.Tasks;
using Research.Interactive.Chains;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task finalise</c>: fixes the outcome of rounds that are over.</summary>
internal static class TaskFinaliseCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Option<int?> round = TaskArguments.Round("all that are over");
        Command command = new("finalise", "Fix the outcome of rounds that are over; anyone may.") { id, round };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse),
            parse.GetValue(id),
            parse.ReadRound(round),
            parse.InvocationConfiguration.Output,
            cancellationToken));
        return command;
    }

    /// <summary>Finalises the round asked for, or each that is over and is not final.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, ulong id, int? asked, TextWriter output, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: true, cancellationToken)
            .ConfigureAwait(false);
        Terms terms = (await session.FindAsync(id, cancellationToken).ConfigureAwait(false)).Terms;
        TaskMoment now = await session.MomentAsync(id, terms, cancellationToken).ConfigureAwait(false);
        now.RequireRound(asked ?? 0);
        ulong end = terms.ScheduleOf(asked ?? 0).End;
        if (now.Now < end)
        {
            throw new CommandException(
                $"Task {id}: {now.Phase}; round {(asked ?? 0) + 1} can be finalised from {now.When(end)} on. "
                + $"What can be done now: {now.Next}.");
        }

        await session.RequireFundsAsync(Wei.Zero, cancellationToken).ConfigureAwait(false);
        VerbReport report = new();
        JsonArray rounds = [];
        report.Field("task", id).Field("rounds", rounds);
        int over = now.Position.Round; // Closed counts as one past the last.
        foreach (int round in asked is int one ? [one] : Enumerable.Range(0, over))
        {
            Round state = await session.Market.GetRoundAsync(id, round, cancellationToken).ConfigureAwait(false);
            if (state.Outcome != Outcome.None)
            {
                report.Line($"round {round + 1}", $"outcome {state.Outcome}, final already");
                continue;
            }

            TransactionReceipt receipt = await session.Market.FinaliseAsync(id, round, cancellationToken)
                .ConfigureAwait(false);
            state = await session.Market.GetRoundAsync(id, round, cancellationToken).ConfigureAwait(false);
            report.Line($"round {round + 1}", $"outcome {state.Outcome}, transaction {receipt.TransactionHash}");
            rounds.Add(new JsonObject
            {
                ["round"] = round + 1,
                ["outcome"] = state.Outcome.ToString(),
                ["transaction"] = VerbReport.Json(receipt),
            });
        }

        await report.WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }
}
