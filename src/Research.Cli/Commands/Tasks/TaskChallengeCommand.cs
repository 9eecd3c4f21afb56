using System.CommandLine;
using Research.Chain.Contracts;
using Research.Chain.Rpc;
using Research.Cli.Tasks;
using Research.Interactive.Chains;
using Research.Market;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task challenge</c>: disputes posted scores that the re-execution does not bear out.</summary>
internal static class TaskChallengeCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Command command = new(
            "challenge",
            "Challenge posted scores with a bond; refused where the re-execution agrees with them.") { id };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse),
            parse.GetValue(id),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    /// <summary>Re-executes, and challenges only what differs.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, ulong id, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: true, cancellationToken)
            .ConfigureAwait(false);
        OpenTask task = await session.LoadAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        now.Require(Phase.Challenge, "no challenge is taken");
        await session.RequireFundsAsync(task.Terms.Bond, cancellationToken).ConfigureAwait(false);
        int round = now.Position.Round;
        Scorer scorer = new(task);
        ScoredRound scored = await RoundChoice.ScoreAsync(task, round, error, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<string> differences = await scorer.DifferencesAsync(scored, cancellationToken)
            .ConfigureAwait(false);
        TransactionReceipt receipt = await scorer.ChallengeAsync(session.Market, scored, cancellationToken)
            .ConfigureAwait(false);
        Round state = await session.Market.GetRoundAsync(id, round, cancellationToken).ConfigureAwait(false);
        VerbReport report = new();
        report.Line(
            "challenged",
            $"round {round + 1} of task {id}, bond {task.Terms.Bond}: "
            + "its pool will be split equally among those who revealed");
        report.Field("task", id).Field("round", round + 1).Field("challenger", session.Self.ToString())
            .Field("bondWei", VerbReport.Json(task.Terms.Bond));
        ScoreReport.AddComparison(report, state.Poster, differences);
        await report.Transaction(receipt).WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }
}
