using System.CommandLine;
using System.Globalization;
using Research.Chain.Contracts;
using Research.Chain.Rpc;
using Research.Cli.Tasks;
using Research.Interactive.Chains;
using Research.Market;

namespace Research.Cli.Commands.Tasks;

/// <summary>
/// <c>research task score</c>: re-executes a round's scoring and compares it with what was claimed, or claims it.
/// </summary>
internal static class TaskScoreCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Option<int?> round = TaskArguments.Round("the last that can be scored");
        Option<bool> seal = new("--seal")
        {
            Description = "Seal a claim of the scores with the bond, in the first half of the score window.",
        };
        Option<bool> post = new("--post")
        {
            Description = "Open the sealed claim, in the second half of the score window.",
        };
        Command command = new(
            "score", "Re-execute a round's scoring; exit 1 where the claim that leads says something else.")
        {
            id, round, seal, post,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(seal) && result.GetValue(post))
            {
                result.AddError("--seal, --post: expected one of them: a claim is sealed first, and opened later.");
            }
        });
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) =>
        {
            Func<MarketOptions, ulong, int?, TextWriter, TextWriter, CancellationToken, Task<int>> run =
                parse.GetValue(seal) ? SealAsync : parse.GetValue(post) ? PostAsync : CompareAsync;
            return run(
                market.Read(parse),
                parse.GetValue(id),
                parse.ReadRound(round),
                parse.InvocationConfiguration.Output,
                parse.InvocationConfiguration.Error,
                cancellationToken);
        });
        return command;
    }

    /// <summary>Scores from the chain and the store alone, and compares with every claim.</summary>
    internal static async Task<int> CompareAsync(
        MarketOptions options,
        ulong id,
        int? asked,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: false, cancellationToken)
            .ConfigureAwait(false);
        OpenTask task = await session.LoadAsync(id, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
        int round = RoundChoice.Scorable(now, asked);
        ScoredRound scored = await RoundChoice.ScoreAsync(task, round, error, cancellationToken).ConfigureAwait(false);
        VerbReport report = session.Report();
        bool? agrees = await AddAsync(report, session, task, scored, cancellationToken).ConfigureAwait(false);
        await report.WriteAsync(options.Json, output).ConfigureAwait(false);
        if (agrees is not false)
        {
            return CommandRunner.Success;
        }

        Schedule schedule = task.Terms.ScheduleOf(round);
        string meanwhile = now.Now < schedule.Post
            ? $" A claim of your own can be sealed until {now.At(schedule.Post)}: research task score {id} --seal."
            : "";
        await error.WriteLineAsync(
            $"The claim that leads in round {round + 1} is not what scoring gives: research task watch {id} refutes it, and "
            + $"is paid from its bond.{meanwhile}").ConfigureAwait(false);
        return CommandRunner.Failure;
    }

    /// <summary>Scores, and seals a claim of it with a bond.</summary>
    internal static async Task<int> SealAsync(
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
        int round = asked ?? now.LastStarted;
        MarketClaim own = await session.Market.ClaimOfAsync(id, round, session.Self, cancellationToken)
            .ConfigureAwait(false);
        VerbReport report = session.Report();
        report.Field("task", id).Field("round", round + 1).Field("claimant", session.Self.ToString());
        if (own.State != ClaimState.None)
        {
            report.Repeated("sealed", $"a claim of {session.Self} in round {round + 1} of task {id} already");
            AddPostNext(report, now, round, own.State);
            await report.WriteAsync(options.Json, output).ConfigureAwait(false);
            return CommandRunner.Success;
        }

        RequireHalf(now, round, isSeal: true);
        await new LockReport(session.Native)
            .Line(
                "locks",
                $"a bond of {session.Native.Of(task.Terms.Bond)}, lost where the claim is not opened in time, "
                    + "is refuted, or its nodes are not "
                + $"shown when they are demanded, from {session.Self}")
            .Line("earns", $"a third of the audit fee of {session.Native.Of(task.Terms.AuditFee)}, among the "
                + "first three who claim what "
                + "is final")
            .Line("scored on", LockReport.ScoredOn(task.Spec))
            .Windows(task.Terms, round)
            .WriteAsync(error).ConfigureAwait(false);
        await session.RequireFundsAsync(task.Terms.Bond, cancellationToken).ConfigureAwait(false);
        ScoredRound scored = await RoundChoice.ScoreAsync(task, round, error, cancellationToken).ConfigureAwait(false);
        UserFolder.MakePrivate(options.PrivateFolder);
        TransactionReceipt? receipt = await new Claimant(task, session.Market, options.PrivateFolder)
            .SealAsync(scored, cancellationToken: cancellationToken).ConfigureAwait(false);
        await AddAsync(report, session, task, scored, cancellationToken).ConfigureAwait(false);
        report.Line("sealed", $"a claim of {session.Self} in round {round + 1} of task {id}, bond "
            + $"{session.Native.Of(task.Terms.Bond)}")
            .Field("bondWei", VerbReport.Json(task.Terms.Bond)).Field("repeated", false);
        if (receipt is not null)
        {
            report.Transaction(receipt);
        }

        report.Line("kept", $"what opens it in {options.PrivateFolder}: without it the bond is lost");
        AddPostNext(report, now, round, ClaimState.Sealed);
        await report.WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    /// <summary>Opens the sealed claim: at once, without scoring again.</summary>
    internal static async Task<int> PostAsync(
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
        int round = asked ?? now.LastStarted;
        MarketClaim own = await session.Market.ClaimOfAsync(id, round, session.Self, cancellationToken)
            .ConfigureAwait(false);
        TransactionReceipt? receipt = null;
        if (own.State is ClaimState.None or ClaimState.Sealed)
        {
            RequireHalf(now, round, isSeal: false);
            await session.RequireFundsAsync(Chain.Primitives.Wei.Zero, cancellationToken).ConfigureAwait(false);
            receipt = await new Claimant(task, session.Market, options.PrivateFolder)
                .PostAsync(round, cancellationToken).ConfigureAwait(false);
        }

        VerbReport report = session.Report();
        report.Field("task", id).Field("round", round + 1).Field("claimant", session.Self.ToString());
        if (receipt is null)
        {
            report.Repeated("posted", $"the claim of {session.Self} in round {round + 1} of task {id} already");
        }
        else
        {
            report.Line("posted", $"the claim of {session.Self} in round {round + 1} of task {id}")
                .Field("repeated", false).Transaction(receipt);
        }

        await AddPostedAsync(report, session, task, round, cancellationToken).ConfigureAwait(false);
        report.Line(
            "next",
            $"research task watch {id}, until the round is final: it answers what is demanded of the claim, else the bond is "
            + $"lost; it finalises from {now.At(task.Terms.ScheduleOf(round).End)} on, and collects");
        await report.WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    private static async Task<bool?> AddAsync(
        VerbReport report,
        MarketSession session,
        OpenTask task,
        ScoredRound scored,
        CancellationToken cancellationToken)
    {
        Currency currency = await session.CurrencyAsync(task.Terms.Token, cancellationToken).ConfigureAwait(false);
        ScoreReport.AddScores(report, task, scored, currency);
        Round state = await session.Market.GetRoundAsync(task.Id, scored.Round, cancellationToken)
            .ConfigureAwait(false);
        return ScoreReport.AddComparison(
            report,
            state.Lead,
            await new Scorer(task).CompareAsync(scored, cancellationToken).ConfigureAwait(false));
    }

    // Beside the claims of others, by what they say: nothing is scored for it.
    private static async Task AddPostedAsync(
        VerbReport report, MarketSession session, OpenTask task, int round, CancellationToken cancellationToken)
    {
        IReadOnlyList<ClaimPosted> claims =
            await session.Market.Events.ClaimPostedAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        ClaimPosted own = claims.Single(claim => claim.Claimant == session.Self);
        int same = claims.Count(claim => claim.Result == own.Result);
        report
            .Line(
                "claims",
                $"{claims.Count}, of which {same} {(same == 1 ? "says" : "say")} the same; this one is number "
                + $"{own.Place + 1}")
            .Field("place", own.Place + 1)
            .Field("claims", claims.Count)
            .Field("same", same)
            .Line("results", own.Result.ResultsRoot.ToString())
            .Field("resultsRoot", own.Result.ResultsRoot.ToString())
            .Field("total", own.Result.Total.ToString(CultureInfo.InvariantCulture));
    }

    private static void AddPostNext(VerbReport report, TaskMoment now, int round, ClaimState state)
    {
        Schedule schedule = now.Terms.ScheduleOf(round);
        if (state == ClaimState.Sealed && now.Now < schedule.Refute)
        {
            report.Line(
                "next",
                $"research task score {now.TaskId} --post, from {now.At(schedule.Post)} to "
                + $"{LocalTime.At(schedule.Refute)}");
        }

        report.Field("postFrom", schedule.Post).Field("postUntil", schedule.Refute);
    }

    private static void RequireHalf(TaskMoment now, int round, bool isSeal)
    {
        Schedule schedule = now.Terms.ScheduleOf(round);
        (ulong from, ulong to) = isSeal ? (schedule.Score, schedule.Post) : (schedule.Post, schedule.Refute);
        if (now.Now < from || now.Now >= to)
        {
            throw now.Refusal(
                $"claims in round {round + 1} are {(isSeal ? "sealed" : "opened")} from {now.At(from)} to "
                + $"{now.At(to)}.");
        }
    }
}
