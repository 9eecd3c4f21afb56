using System.CommandLine;
using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Cli.Tasks;
using Research.Federation.Rewards;
using Research.Federation.Scoring;
using Research.Interactive.Chains;
using Research.Market;
using Research.Storage;
using Research.Training;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task publish</c>: stores a specification, puts it on chain and locks its pool.</summary>
internal static class TaskPublishCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Option<string> spec = PathOption.Required("--spec", "The specification, with a task section.");
        Option<Wei?> pool = TaskArguments.Ether("--pool", "The rewards of all rounds together", isRequired: true);
        Option<Wei?> stake = TaskArguments.Ether("--stake", "What a participant locks, 0.1 if left out");
        Option<Wei?> bond = TaskArguments.Ether("--bond", "What a poster or a challenger locks, 0.1 if left out");
        Option<uint?> commit = Window("--commit-seconds", "Length of each commit window, a day if left out");
        Option<uint?> reveal = Window("--reveal-seconds", "Length of each reveal window, a day if left out");
        Option<uint?> score = Window("--score-seconds", "Length of each score window, a day if left out");
        Option<uint?> challenge = Window("--challenge-seconds", "Length of each challenge window, a day if left out");
        Option<uint?> claim = Window("--claim-seconds", "How long claims stay open, thirty days if left out");
        Option<string?> evaluation = new("--evaluation")
        {
            Description =
                "The held-out records to score on, fresh ones for each round, kept private until 'task open': a data "
                + "set (its held-out part is dealt out to the rounds, salted, and the hashes put into the "
                + "specification), or the file of a set whose hash the specification has; left out, those that 'task new' kept.",
            HelpName = "DATASET|FILE",
        };
        Option<bool> force = new("--even-if-unfair")
        {
            Description = "Publish also where most honest owners would go unpaid.",
        };
        Option<bool> deploy = new("--deploy") { Description = "Deploy a market of your own first." };

        Command command = new("publish", "Publish a specification on chain and lock its pool of rewards.")
        {
            spec, pool, stake, bond, commit, reveal, score, challenge, claim, evaluation, force, deploy,
        };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            new PublishOptions
            {
                Market = market.Read(parse),
                Spec = parse.GetValue(spec)!,
                Pool = parse.GetValue(pool)!.Value,
                Stake = parse.GetValue(stake),
                Bond = parse.GetValue(bond),
                CommitSeconds = parse.GetValue(commit),
                RevealSeconds = parse.GetValue(reveal),
                ScoreSeconds = parse.GetValue(score),
                ChallengeSeconds = parse.GetValue(challenge),
                ClaimSeconds = parse.GetValue(claim),
                Evaluation = parse.GetValue(evaluation),
                EvenIfUnfair = parse.GetValue(force),
                Deploy = parse.GetValue(deploy),
            },
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    /// <summary>Checks everything, keeps the evaluation set, then publishes.</summary>
    internal static async Task<int> RunAsync(
        PublishOptions options, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        (ModelSpec spec, IReadOnlyList<EvaluationSet> evaluations) =
            await ReadAsync(options, cancellationToken).ConfigureAwait(false);
        RequireRecords(spec, evaluations);
        TaskProspect? prospect = await ProspectReport.ForAsync(spec, evaluations, options.EvenIfUnfair, error, cancellationToken)
            .ConfigureAwait(false);
        Terms terms = options.ApplyTo(Sponsor.TermsFor(spec, options.Pool));
        await error.WriteLineAsync(ProspectReport.Sybils(terms.Stake)).ConfigureAwait(false);
        using MarketSession session = options.Deploy
            ? await MarketSession.ConnectAsync(options.Market, signs: true, cancellationToken).ConfigureAwait(false)
            : await MarketSession.OpenAsync(options.Market, signs: true, cancellationToken).ConfigureAwait(false);
        await session.RequireFundsAsync(terms.Pool, cancellationToken).ConfigureAwait(false);
        foreach (EvaluationSet evaluation in evaluations)
        {
            await new KeptEvaluations(options.Market.PrivateFolder).KeepAsync(evaluation, cancellationToken)
                .ConfigureAwait(false);
        }

        ContentHash[] missing = [.. spec.Task!.Evaluation.Sha256.Except(evaluations.Select(one => one.Hash))];
        if (missing.Length > 0)
        {
            await error.WriteLineAsync(
                $"Keep {missing.Length} evaluation {(missing.Length == 1 ? "set" : "sets")} yourself "
                + $"({string.Join(", ", missing)}): without them nobody can score.")
                .ConfigureAwait(false);
        }

        if (options.Deploy)
        {
            await session.DeployAsync(cancellationToken).ConfigureAwait(false);
            await error.WriteLineAsync($"Deployed the market {session.Market.Address}.").ConfigureAwait(false);
        }

        Publication published = await new Sponsor(session.Market, session.Store)
            .PublishAsync(spec, terms, cancellationToken).ConfigureAwait(false);
        terms = (await session.FindAsync(published.TaskId, cancellationToken).ConfigureAwait(false)).Terms;
        TaskMoment now = await session.MomentAsync(published.TaskId, terms, cancellationToken).ConfigureAwait(false);
        await new VerbReport()
            .Line(
                "published",
                $"task {published.TaskId}, {spec.Name}: "
                + $"{terms.Pool} over {terms.Rounds} {(terms.Rounds == 1 ? "round" : "rounds")}")
            .Field("task", published.TaskId)
            .Both("market", session.Market.Address.ToString())
            .Both("spec", spec.Hash.ToString())
            .Line("evaluation", string.Join(", ", spec.Task!.Evaluation.Sha256))
            .Field("evaluation", new JsonArray([.. spec.Task.Evaluation.Sha256.Select(set => JsonValue.Create($"{set}"))]))
            .Field("expectedZ", prospect is null ? null : JsonValue.Create(prospect.ExpectedZ))
            .Field("paidShare", prospect is null ? null : JsonValue.Create(prospect.PaidShare))
            .Field("poolWei", VerbReport.Json(terms.Pool))
            .Both("store", session.Store.Folder)
            .Transaction(published.Receipt)
            .Line("now", now.Phase)
            .Field("start", terms.Start)
            .Field("claimDeadline", terms.ClaimDeadline())
            .WriteAsync(options.Market.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    // Else nobody could score, and the pool would be locked.
    private static void RequireRecords(ModelSpec spec, IReadOnlyList<EvaluationSet> evaluations)
    {
        int asked = spec.Task!.Evaluation.Examples;
        if (evaluations.FirstOrDefault(set => set.Records.Count < asked) is { } few)
        {
            throw new CommandException(
                $"--spec, $.task.evaluation.examples: expected at most {few.Records.Count}, the records of set {few.Hash}; "
                + $"got {asked}.");
        }
    }

    private static async Task<(ModelSpec Spec, IReadOnlyList<EvaluationSet> Evaluations)> ReadAsync(
        PublishOptions options, CancellationToken cancellationToken)
    {
        if (options.Pool == Wei.Zero)
        {
            throw new CommandException("--pool: expected more than 0 ETH, got 0.", CommandRunner.WrongUsage);
        }

        InputFile.Check("--spec", options.Spec);
        try
        {
            ModelSpec spec = ModelSpec.Load(options.Spec);
            PayableSpec.Require(spec);
            TaskSection task = spec.Task!;
            KeptEvaluations keeper = new(options.Market.PrivateFolder);
            if (options.Evaluation is not string given)
            {
                return (spec, await keeper.FindAllAsync(task.Evaluation, cancellationToken).ConfigureAwait(false));
            }

            if (!KeptEvaluations.IsDataSet(given))
            {
                EvaluationSet kept = await KeptEvaluations.ReadAsync(given, task.Evaluation, cancellationToken)
                    .ConfigureAwait(false);
                return (spec, [kept]);
            }

            IReadOnlyList<EvaluationSet> made = KeptEvaluations.Make(given, spec);
            int dealt = made.Min(set => set.Records.Count);
            EvaluationSection section = new(
                [.. made.Select(set => set.Hash)], Math.Max(task.Evaluation.Examples, dealt));
            return (spec with { Task = task with { Evaluation = section } }, made);
        }
        catch (SpecException e)
        {
            throw new CommandException($"{options.Spec}, {e.Message}", innerException: e);
        }
    }

    private static Option<uint?> Window(string name, string description) =>
        BoundedOption.Optional(name, description, 1U, uint.MaxValue);
}
