using System.CommandLine;
using Research.Chain.Contracts;
using Research.Chain.Rpc;
using Research.Cli.Tasks;
using Research.Interactive.Chains;
using Research.Market;

namespace Research.Cli.Commands.Tasks;

/// <summary>
/// <c>research task score</c>: re-executes a round's scoring and compares it with what was posted, or posts it.
/// </summary>
internal static class TaskScoreCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Option<int?> round = TaskArguments.Round("the last that can be scored");
        Option<bool> post = new("--post") { Description = "Post the scores with the bond, unless they are posted." };
        Command command = new(
            "score", "Re-execute a round's scoring; exit 1 where it differs from what was posted.") { id, round, post };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse),
            parse.GetValue(id),
            parse.ReadRound(round),
            parse.GetValue(post),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    /// <summary>Scores from the chain and the store alone.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options,
        ulong id,
        int? asked,
        bool post,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: post, cancellationToken)
            .ConfigureAwait(false);
        OpenTask task = await session.LoadAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        int round = RoundChoice.Scorable(now, asked);
        Round before = await session.Market.GetRoundAsync(id, round, cancellationToken).ConfigureAwait(false);
        bool isPosted = !before.Poster.IsZero;
        bool posts = post && !isPosted;
        if (posts)
        {
            now.Require(Phase.Score, "no score is taken");
            if (round != now.Position.Round)
            {
                throw new CommandException(
                    $"--round: only round {now.Position.Round + 1} of task {id} can be posted now, "
                    + $"got {round + 1}: {now.Phase}.");
            }

            await session.RequireFundsAsync(task.Terms.Bond, cancellationToken).ConfigureAwait(false);
        }

        ScoredRound scored = await RoundChoice.ScoreAsync(task, round, error, cancellationToken).ConfigureAwait(false);
        VerbReport report = new();
        ScoreReport.AddScores(report, id, scored);
        if (posts)
        {
            TransactionReceipt receipt = await new Scorer(task).PostAsync(session.Market, scored, cancellationToken)
                .ConfigureAwait(false);
            report.Line("bond", task.Terms.Bond.ToString()).Field("bondWei", VerbReport.Json(task.Terms.Bond))
                .Transaction(receipt);
        }

        IReadOnlyList<string> differences = await new Scorer(task).DifferencesAsync(scored, cancellationToken)
            .ConfigureAwait(false);
        Round state = await session.Market.GetRoundAsync(id, round, cancellationToken).ConfigureAwait(false);
        ScoreReport.AddComparison(report, state.Poster, differences);
        await report.WriteAsync(options.Json, output).ConfigureAwait(false);
        if (state.Poster.IsZero || differences.Count == 0)
        {
            return CommandRunner.Success;
        }

        await error.WriteLineAsync(
            $"The posted scores of round {round + 1} differ from the re-executed ones: "
            + $"research task challenge {id}, until {TaskMoment.Time(task.Terms.ScheduleOf(round).End)}.")
            .ConfigureAwait(false);
        return CommandRunner.Failure;
    }
}
