using System.CommandLine;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Cli.Tasks;
using Research.Interactive.Chains;
using Research.Market;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task answer</c>: shows on chain what was demanded of the account's update.</summary>
internal static class TaskAnswerCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Command command = new(
            "answer", "Show on chain what was demanded of your update; what is not shown in time burns the stake.")
        {
            id,
        };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse), parse.GetValue(id), parse.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    /// <summary>Answers every demand that is open.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, ulong id, TextWriter output, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: true, cancellationToken)
            .ConfigureAwait(false);
        OpenTask task = await session.LoadAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        int round = now.LastStarted;
        Demands demands = await session.Market.DemandsOfAsync(id, round, session.Self, cancellationToken)
            .ConfigureAwait(false);
        VerbReport report = session.Report();
        report.Field("task", id).Field("round", round + 1).Field("participant", session.Self.ToString());
        if (demands.Asked != 0 && demands.Open == 0)
        {
            await report
                .Repeated("answered", $"all that was demanded of {session.Self} in round {round + 1} of task {id} "
                    + "already")
                .Field("shown", 0)
                .WriteAsync(options.Json, output).ConfigureAwait(false);
            return CommandRunner.Success;
        }

        now.Require(Phase.Answer, "no demand is answered");
        if (demands.Open == 0)
        {
            await report
                .Repeated("answered", $"nothing: nothing is demanded of {session.Self} in round {round + 1} of task "
                    + $"{id}")
                .Line("until", now.Now < now.Schedule.Demanded
                    ? $"{now.At(now.Schedule.Demanded)} something can be demanded; look again then"
                    : "nothing can be demanded any more in this round")
                .Field("shown", 0)
                .WriteAsync(options.Json, output).ConfigureAwait(false);
            return CommandRunner.Success;
        }

        await session.RequireFundsAsync(Wei.Zero, cancellationToken).ConfigureAwait(false);
        int shown = await new Participant(task, session.Market, options.PrivateFolder)
            .AnswerAsync(round, cancellationToken).ConfigureAwait(false);
        await report
            .Line(
                "answered",
                $"{shown} {(shown == 1 ? "piece" : "pieces")} of the update of {session.Self} in round {round + 1} of "
                + $"task {id}; whoever demanded them paid half of the gas")
            .Field("shown", shown)
            .Field("repeated", false)
            .WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }
}
