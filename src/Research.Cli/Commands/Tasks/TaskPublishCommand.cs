using System.CommandLine;
using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Cli.Tasks;
using Research.Federation.Evaluation;
using Research.Federation.Rewards;
using Research.Interactive.Chains;
using Research.Market;
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
                "The data set whose held-out part is dealt out to the rounds, two records for each that scores, under fresh "
                + "secret keys that are kept private until 'task open'; their commitments go into the specification. Left "
                + "out, the records that 'task new' kept.",
            HelpName = "DATASET",
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

    /// <summary>Checks everything, keeps the evaluation records and keys, then publishes.</summary>
    internal static async Task<int> RunAsync(
        PublishOptions options, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        (ModelSpec spec, IReadOnlyList<EvaluationRecords> evaluations) =
            await ReadAsync(options, cancellationToken).ConfigureAwait(false);
        TaskProspect prospect = await ProspectReport
            .ForAsync(spec, evaluations[0], options.EvenIfUnfair, error, cancellationToken).ConfigureAwait(false);
        Terms terms = options.ApplyTo(Sponsor.TermsFor(spec, options.Pool));
        await error.WriteLineAsync(ProspectReport.Sybils(terms.Stake)).ConfigureAwait(false);
        using MarketSession session = options.Deploy
            ? await MarketSession.ConnectAsync(options.Market, signs: true, cancellationToken).ConfigureAwait(false)
            : await MarketSession.OpenAsync(options.Market, signs: true, cancellationToken).ConfigureAwait(false);
        await session.RequireFundsAsync(terms.Pool, cancellationToken).ConfigureAwait(false);
        foreach (EvaluationRecords evaluation in evaluations)
        {
            await new KeptEvaluations(options.Market.PrivateFolder).KeepAsync(evaluation, cancellationToken)
                .ConfigureAwait(false);
        }

        if (options.Deploy)
        {
            await session.DeployAsync(cancellationToken).ConfigureAwait(false);
            await error.WriteLineAsync($"Deployed the market {session.Market.Address}.").ConfigureAwait(false);
        }

        Publication published = await new Sponsor(session.Market, session.Store)
            .PublishAsync(spec, terms, evaluations, cancellationToken).ConfigureAwait(false);
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
            .Line("evaluation", $"{spec.Task!.Evaluation.Examples} records score a round, as many are opened before")
            .Field("examples", spec.Task.Evaluation.Examples)
            .Field("evaluation", new JsonArray(
                [.. spec.Task.Evaluation.Rounds.Select(round => JsonValue.Create($"{round.Sha256}"))]))
            .Field("expectedZ", JsonValue.Create(prospect.ExpectedZ))
            .Field("paidShare", JsonValue.Create(prospect.PaidShare))
            .Field("poolWei", VerbReport.Json(terms.Pool))
            .Both("store", session.Store.Folder)
            .Transaction(published.Receipt)
            .Line("now", now.Phase)
            .Line("next", $"research task open {published.TaskId}, as soon as there is a block after that: owners wait for it")
            .Field("start", terms.Start)
            .Field("claimDeadline", terms.ClaimDeadline())
            .WriteAsync(options.Market.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    private static async Task<(ModelSpec Spec, IReadOnlyList<EvaluationRecords> Evaluations)> ReadAsync(
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
            if (options.Evaluation is not string given)
            {
                return (spec, await new KeptEvaluations(options.Market.PrivateFolder).FindAllAsync(spec, cancellationToken)
                    .ConfigureAwait(false));
            }

            IReadOnlyList<EvaluationRecords> made = KeptEvaluations.Make(given, spec);
            return (spec with { Task = task with { Evaluation = EvaluationRecords.SectionOf(made) } }, made);
        }
        catch (SpecException e)
        {
            throw new CommandException($"{options.Spec}, {e.Message}", innerException: e);
        }
    }

    private static Option<uint?> Window(string name, string description) =>
        BoundedOption.Optional(name, description, 1U, uint.MaxValue);
}
