using System.CommandLine;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Cli.Tasks;
using Research.Interactive.Chains;
using Research.Market;

namespace Research.Cli.Commands.Tasks;

/// <summary>
/// <c>research task reveal</c>: shares the committed update and proves that it is the one committed to.
/// </summary>
internal static class TaskRevealCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Option<int?> round = TaskArguments.Round("the current one");
        Command command =
            new("reveal", "Reveal the update that was committed to; whoever does not loses the stake.") { id, round };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse),
            parse.GetValue(id),
            parse.ReadRound(round),
            parse.InvocationConfiguration.Output,
            cancellationToken));
        return command;
    }

    /// <summary>Puts the update into the shared store, then reveals it.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, ulong id, int? asked, TextWriter output, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: true, cancellationToken)
            .ConfigureAwait(false);
        OpenTask task = await session.LoadAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        now.RequireRound(asked ?? 0);
        now.Require(Phase.Reveal, "no update is revealed");
        int round = now.Position.Round;
        if (asked is int given && given != round)
        {
            throw new CommandException(
                $"--round: only round {round + 1} of task {id} can be revealed now, got {given + 1}: {now.Phase}.");
        }

        await session.RequireFundsAsync(Wei.Zero, cancellationToken).ConfigureAwait(false);
        TransactionReceipt receipt = await new Participant(task, session.Market, options.PrivateFolder)
            .RevealAsync(round, cancellationToken).ConfigureAwait(false);
        int? index = await session.Market.RevealIndexOfAsync(id, round, session.Self, cancellationToken)
            .ConfigureAwait(false);
        await new VerbReport()
            .Line("revealed", $"{session.Self} in round {round + 1} of {task.Terms.Rounds} of task {id}, as #{index}")
            .Field("task", id).Field("round", round + 1).Field("participant", session.Self.ToString())
            .Field("index", index)
            .Both("store", session.Store.Folder)
            .Transaction(receipt)
            .WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }
}
