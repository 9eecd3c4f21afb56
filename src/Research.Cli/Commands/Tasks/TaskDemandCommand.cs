using System.CommandLine;
using System.Numerics;
using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Cli.Tasks;
using Research.Federation.Aggregation;
using Research.Interactive.Chains;
using Research.Market;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task demand</c>: demands on chain the updates that can be had nowhere.</summary>
internal static class TaskDemandCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Command command = new(
            "demand",
            "Demand on chain the updates that are not in the store; whoever does not answer is out, and loses the "
            + "stake.")
        {
            id,
        };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse),
            parse.GetValue(id),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    /// <summary>Demands all pieces of each update that is missing, as far as nobody has.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, ulong id, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: true, cancellationToken)
            .ConfigureAwait(false);
        OpenTask task = await session.LoadAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        now.Require(Phase.Answer, "no update is demanded");
        int round = now.Position.Round;
        GlobalModel start = await task.StartingModelAsync(round, cancellationToken).ConfigureAwait(false);
        using RoundUpdates updates = await RoundUpdates.FindAsync(task, round, cancellationToken).ConfigureAwait(false);
        (int missing, int pieces) =
            await MissingAsync(session, updates, start, id, round, cancellationToken).ConfigureAwait(false);
        VerbReport report = session.Report();
        report.Field("task", id).Field("round", round + 1);
        if (pieces == 0)
        {
            await report
                .Repeated("demanded", missing == 0
                    ? $"nothing: all {updates.Reveals.Count} updates of round {round + 1} of task {id} can be had"
                    : $"all pieces of {missing} missing updates of round {round + 1} of task {id} already")
                .Field("demanded", new JsonArray())
                .WriteAsync(options.Json, output).ConfigureAwait(false);
            return CommandRunner.Success;
        }

        if (now.Now >= now.Schedule.Demanded)
        {
            throw now.Refusal(
                $"{missing} updates are missing, but no demand is taken any more since "
                + $"{now.At(now.Schedule.Demanded)}.");
        }

        Wei fee = await session.Market.DemandFeeAsync(cancellationToken).ConfigureAwait(false);
        Wei most = (fee + fee) * new BigInteger(pieces);
        await new LockReport(session.Native)
            .Line(
                "locks",
                $"about {session.Native.Of(most)} of fees for {pieces} pieces of {missing} updates, from "
                    + $"{session.Self}: they go to "
                + "the participants once shown, or come back (research task claim)")
            .Windows(task.Terms, round)
            .WriteAsync(error).ConfigureAwait(false);
        await session.RequireFundsAsync(most, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<UpdatePiece> sent = await updates.DemandAsync(session.Market, start, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        foreach (IGrouping<Address, UpdatePiece> one in sent.GroupBy(piece => piece.Participant))
        {
            report.Line("demanded", $"{one.Count()} pieces of the update of {one.Key} (#{one.First().Index})");
        }

        await report
            .Field("repeated", false)
            .Field("demanded", new JsonArray([.. sent.Select(piece => new JsonObject
            {
                ["participant"] = piece.Participant.ToString(),
                ["index"] = piece.Index,
                ["chunk"] = piece.Chunk,
            })]))
            .Line("next", $"what is not shown by {now.At(now.Schedule.Open)} is out, for everybody")
            .WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    // How many updates can be had nowhere, and how many of their pieces nobody has demanded.
    private static async Task<(int Missing, int Pieces)> MissingAsync(
        MarketSession session,
        RoundUpdates updates,
        GlobalModel start,
        ulong id,
        int round,
        CancellationToken cancellationToken)
    {
        int missing = 0;
        int pieces = 0;
        foreach (Revealed reveal in updates.Reveals)
        {
            if (await updates.HasAsync(reveal, start, cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            Demands before = await session.Market.DemandsOfAsync(id, round, reveal.Participant, cancellationToken)
                .ConfigureAwait(false);
            missing++;
            pieces += updates.Pieces - BitOperations.PopCount(before.Asked);
        }

        return (missing, pieces);
    }
}
