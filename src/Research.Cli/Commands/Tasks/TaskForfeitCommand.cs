using System.CommandLine;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Cli.Tasks;
using Research.Interactive.Chains;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task forfeit</c>: burns the stake of a participant who did not do what it locked it
/// for.</summary>
internal static class TaskForfeitCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Argument<Address?> participant = TaskArguments.AccountArgument("PARTICIPANT", "Whose stake.");
        Command command = new(
            "forfeit",
            "Burn the stake of a participant who did not reveal, or did not answer a demand, in time; anyone may.")
        {
            id, participant,
        };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse),
            parse.GetValue(id),
            parse.GetValue(participant)!.Value,
            parse.InvocationConfiguration.Output,
            cancellationToken));
        return command;
    }

    /// <summary>Burns it; exit 1 where it is not lost.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, ulong id, Address participant, TextWriter output, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: true, cancellationToken)
            .ConfigureAwait(false);
        Terms terms = (await session.FindAsync(id, cancellationToken).ConfigureAwait(false)).Terms;
        TaskMoment now = await session.MomentAsync(id, terms, cancellationToken).ConfigureAwait(false);
        Position position = await session.Market.PositionOfAsync(id, participant, cancellationToken)
            .ConfigureAwait(false);
        VerbReport report = session.Report();
        report.Field("task", id).Field("participant", participant.ToString());
        if (position.Standing == Standing.None)
        {
            IReadOnlyList<StakeBurned> burned =
                await session.Market.Events.StakeBurnedAsync(id, null, cancellationToken).ConfigureAwait(false);
            StakeBurned before = burned.LastOrDefault(one => one.Participant == participant)
                ?? throw new CommandException($"{participant} has no stake in task {id}: there is nothing to burn.");
            await report
                .Repeated("burned", $"the stake of {participant} of round {before.Round + 1} already")
                .WriteAsync(options.Json, output).ConfigureAwait(false);
            return CommandRunner.Success;
        }

        ulong? from = StakeText.ForfeitFrom(position, terms);
        if (from is null || now.Now < from)
        {
            throw new CommandException(from is ulong time
                ? $"The stake of {participant} in task {id} is not lost yet: it can be burned from {now.At(time)} on, "
                    + $"unless {(position.Standing == Standing.Committed ? "it reveals" : "it answers")} before."
                : $"The stake of {participant} in task {id} is not lost: it did what it locked it for. Nothing was "
                    + "sent.");
        }

        await session.RequireFundsAsync(Wei.Zero, cancellationToken).ConfigureAwait(false);
        TransactionReceipt receipt = await session.Market.ForfeitStakeAsync(id, participant, cancellationToken)
            .ConfigureAwait(false);
        await report
            .Line(
                "burned",
                $"{session.Native.Of(terms.Stake)} of {participant}, who did not "
                + $"{(position.Standing == Standing.Committed ? "reveal" : "answer")} in round {position.Round + 1}")
            .Field("round", position.Round + 1).Field("stakeWei", VerbReport.Json(terms.Stake)).Field("repeated", false)
            .Transaction(receipt)
            .WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }
}
