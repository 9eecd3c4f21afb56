using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
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
        Option<string?> pool = TaskArguments.Amount(
            "--pool", "The rewards of all rounds together, in the chain's own currency or in whole tokens of --token");
        Option<Address?> token = TaskArguments.Account(
            "--token", "The ERC-20 token of the pool; left out, the chain's own currency");
        Option<Wei?> stake = TaskArguments.Ether(
            "--stake", "What a participant locks; left out, 0.1 or a quarter of a round's part of the pool");
        Option<Wei?> bond = TaskArguments.Ether(
            "--bond",
            "What a claimant locks, lost where its claim is refuted; left out, 0.1, a twentieth of a round's part of the pool, "
            + "or what a refutation costs on this chain, whichever is most");
        Option<Wei?> fee = TaskArguments.Ether(
            "--audit-fee",
            "What up to three claimants of a round share for looking, beside the pool, 0.01 if left out");
        Option<ulong?> target = BoundedOption.Optional(
            "--target",
            "Points from which a round's whole pool is earned, 1000000 (a full share) if left out; 0 for the first "
            + "point on",
            0UL,
            ulong.MaxValue);
        Option<decimal?> accuracy = Accuracy();
        Option<ulong?> start = Start();
        Option<uint?> commit = Window("--commit-seconds", "Length of each commit window, a day if left out; ten refute windows with --target-accuracy");
        Option<uint?> reveal = Window("--reveal-seconds", "Length of each reveal window, a day if left out");
        Option<uint?> answer = Window(
            "--answer-seconds", "Length of each window for demands and answers, a day if left out and there is one", 2);
        Option<uint?> open = Window(
            "--open-seconds", "Length of each window to open evaluation keys, a day if left out");
        Option<uint?> score = Window("--score-seconds", "Length of each score window, a day if left out", 2);
        Option<uint?> refute = Window("--refute-seconds", "Length of each refute window, two days if left out");
        Option<Delivery?> delivery = DeliveryOption();
        Option<string?> allow = PathOption.Optional(
            "--allow", "Only accounts of this file may take part, one address a line.");
        Option<string?> evaluation = new("--evaluation")
        {
            Description =
                "The data set whose held-out part is dealt out to the rounds, two records for each that scores, under "
                + "fresh secret keys that are kept private until 'task open'; their commitments go into the "
                + "specification. Left out, the records that 'task new' kept.",
            HelpName = "DATASET",
        };
        Option<bool> force = new("--even-if-unfair")
        {
            Description = "Publish also where most honest owners would go unpaid.",
        };
        Option<bool> deploy = new("--deploy") { Description = "Deploy a market of your own first." };
        Option<bool> again = new("--again")
        {
            Description = "Publish also what this account published before, with another pool.",
        };

        Command command = new("publish", "Publish a specification on chain and lock its pool of rewards.")
        {
            spec, pool, token, stake, bond, fee, target, accuracy, start, commit, reveal, answer, open, score, refute,
            delivery, allow, evaluation, force, deploy, again,
        };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            new PublishOptions
            {
                Market = market.Read(parse),
                Spec = parse.GetValue(spec)!,
                Pool = parse.GetValue(pool)!,
                Token = parse.GetValue(token),
                Stake = parse.GetValue(stake),
                Bond = parse.GetValue(bond),
                AuditFee = parse.GetValue(fee),
                Target = parse.GetValue(target),
                TargetAccuracy = parse.GetValue(accuracy),
                Start = parse.GetValue(start),
                CommitSeconds = parse.GetValue(commit),
                RevealSeconds = parse.GetValue(reveal),
                AnswerSeconds = parse.GetValue(answer),
                OpenSeconds = parse.GetValue(open),
                ScoreSeconds = parse.GetValue(score),
                RefuteSeconds = parse.GetValue(refute),
                Delivery = parse.GetValue(delivery),
                Allow = parse.GetValue(allow),
                Evaluation = parse.GetValue(evaluation),
                EvenIfUnfair = parse.GetValue(force),
                Deploy = parse.GetValue(deploy),
                Again = parse.GetValue(again),
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
        RequirePool(options);
        ModelSpec given = ReadSpec(options.Spec);
        Bytes32 allowRoot = options.Allow is string list
            ? (await AllowFile.ReadAsync(list, cancellationToken).ConfigureAwait(false)).Root
            : Bytes32.Zero;
        using MarketSession session = options.Deploy
            ? await MarketSession.ConnectAsync(options.Market, signs: true, cancellationToken).ConfigureAwait(false)
            : await MarketSession.OpenAsync(options.Market, signs: true, cancellationToken).ConfigureAwait(false);
        if (!options.Deploy && !options.Again
            && await PublishedBefore.FindAsync(session, given, options.Evaluation is not null, cancellationToken)
                .ConfigureAwait(false) is ulong before)
        {
            return await RepeatAsync(session, before, output, cancellationToken).ConfigureAwait(false);
        }

        (ModelSpec spec, IReadOnlyList<EvaluationRecords> evaluations) =
            await RecordsAsync(options, given, cancellationToken).ConfigureAwait(false);
        Currency currency = await session.CurrencyAsync(options.Token ?? default, cancellationToken)
            .ConfigureAwait(false);
        Wei pool = currency.Read(options.Pool) ?? throw new CommandException(
            $"--pool: expected an amount of {currency.Name} with at most {currency.Decimals} decimals, got "
            + $"{options.Pool}.",
            CommandRunner.WrongUsage);
        TaskProspect prospect = await ProspectReport
            .ForAsync(spec, evaluations[0], options.EvenIfUnfair, error, cancellationToken).ConfigureAwait(false);
        Wei baseFee = (await session.Client.GetBlockAsync(null, cancellationToken).ConfigureAwait(false)).BaseFeePerGas;
        Terms terms = options.TermsFor(spec, pool, allowRoot, baseFee);
        await error.WriteLineAsync(ProspectReport.Sybils(session.Native.Of(terms.Stake))).ConfigureAwait(false);
        await ShowAsync(session, terms, spec, currency, error, cancellationToken).ConfigureAwait(false);
        await RequireFundsAsync(session, terms, currency, cancellationToken).ConfigureAwait(false);
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

        TransactionReceipt? approval = await ApproveAsync(session, terms, currency, error, cancellationToken)
            .ConfigureAwait(false);
        Publication published = await new Sponsor(session.Market, session.Store)
            .PublishAsync(spec, terms, evaluations, cancellationToken).ConfigureAwait(false);
        VerbReport report = session.Report();
        report.Field("approval", approval is null ? null : report.Json(approval));
        report.Field("expectedZ", JsonValue.Create(prospect.ExpectedZ));
        report.Field("paidShare", JsonValue.Create(prospect.PaidShare));
        report.Field("repeated", false);
        await AddAsync(report, session, published, spec, currency, cancellationToken).ConfigureAwait(false);
        await report.WriteAsync(options.Market.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    private static async Task AddAsync(
        VerbReport report,
        MarketSession session,
        Publication published,
        ModelSpec spec,
        Currency currency,
        CancellationToken cancellationToken)
    {
        Terms terms = (await session.FindAsync(published.TaskId, cancellationToken).ConfigureAwait(false)).Terms;
        TaskMoment now = await session.MomentAsync(published.TaskId, terms, cancellationToken).ConfigureAwait(false);
        report
            .Line(
                "published",
                $"task {published.TaskId}, {spec.Name}: {currency.Of(terms.Pool)} over {LockReport.Rounds(terms)}")
            .Field("task", published.TaskId)
            .Account("market", session.Market.Address)
            .Both("spec", spec.Hash.ToString())
            .Line("scored on", $"{LockReport.ScoredOn(spec)} of a round; the others are opened before anybody commits")
            .Field("examples", spec.Task!.Evaluation.Examples)
            .Field("evaluation", new JsonArray(
                [.. spec.Task.Evaluation.Rounds.Select(round => JsonValue.Create($"{round.Sha256}"))]))
            .Field("pool", VerbReport.Json(terms.Pool)).Field("currency", currency.ToJson())
            .Field("stakeWei", VerbReport.Json(terms.Stake)).Field("bondWei", VerbReport.Json(terms.Bond))
            .Field("auditFeesWei", VerbReport.Json(terms.AuditFees))
            .Field("targetRight", terms.TargetRight)
            .Field("delivery", terms.Delivery.ToString())
            .Both("store", session.Store.Name)
            .Transaction(published.Receipt)
            .Line("now", now.Words)
            .Line("next", $"research task open {published.TaskId}, as soon as there is a block after that: owners "
                + "wait for it")
            .Field("start", terms.Start)
            .Field("end", terms.ScheduleOf(terms.Rounds - 1).End);
    }

    private static async Task<int> RepeatAsync(
        MarketSession session, ulong taskId, TextWriter output, CancellationToken cancellationToken)
    {
        MarketTask task = await session.FindAsync(taskId, cancellationToken).ConfigureAwait(false);
        TaskMoment now = await session.MomentAsync(taskId, task.Terms, cancellationToken).ConfigureAwait(false);
        await session.Report()
            .Repeated("published", $"task {taskId} already, by {session.Self}")
            .Field("task", taskId)
            .Account("market", session.Market.Address)
            .Both("spec", task.Terms.SpecHash.ToContentHash().ToString())
            .Line("now", now.Words)
            .Line("another", "research task publish --again, with a pool of its own")
            .WriteAsync(session.Options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    private static async Task ShowAsync(
        MarketSession session,
        Terms terms,
        ModelSpec spec,
        Currency currency,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        ulong now = await session.Client.GetNextTimestampAsync(cancellationToken).ConfigureAwait(false);
        PublishOptions.RequireLimits(terms, now, session.Native);
        if (!await session.IsDevelopmentAsync(cancellationToken).ConfigureAwait(false))
        {
            Block newest = await session.Client.GetBlockAsync(null, cancellationToken).ConfigureAwait(false);
            PublishOptions.RequirePublicLimits(terms, newest.BaseFeePerGas, session.Native);
        }

        Terms resolved = terms with { Start = terms.Start == 0 ? now : terms.Start };
        await new LockReport(session.Native)
            .Publication(resolved, spec, currency, session.Self)
            .WriteAsync(error).ConfigureAwait(false);
    }

    private static async Task RequireFundsAsync(
        MarketSession session, Terms terms, Currency currency, CancellationToken cancellationToken)
    {
        await session.RequireFundsAsync(
            terms.Token.IsZero ? terms.Pool + terms.AuditFees : terms.AuditFees, cancellationToken)
                .ConfigureAwait(false);
        if (terms.Token.IsZero)
        {
            return;
        }

        Wei balance = await new Erc20(session.Client, terms.Token).BalanceAsync(session.Self, cancellationToken)
            .ConfigureAwait(false);
        if (balance < terms.Pool)
        {
            throw new CommandException(
                $"The account {session.Self} has {currency.Of(balance)} of the token {terms.Token} and needs "
                + $"{currency.Of(terms.Pool)}. Nothing was sent.");
        }
    }

    // Exactly the pool: what is left of an allowance can be taken.
    private static async Task<TransactionReceipt?> ApproveAsync(
        MarketSession session, Terms terms, Currency currency, TextWriter error, CancellationToken cancellationToken)
    {
        if (terms.Token.IsZero)
        {
            return null;
        }

        Erc20 token = new(session.Client, terms.Token);
        Address market = session.Market.Address;
        Wei allowed = await token.AllowanceAsync(session.Self, market, cancellationToken).ConfigureAwait(false);
        if (allowed >= terms.Pool)
        {
            return null;
        }

        TransactionReceipt receipt = await token
            .ApproveAsync(session.Account!, market, terms.Pool, cancellationToken).ConfigureAwait(false);
        await error.WriteLineAsync(TerminalText.Clean(
            $"Let the market {market} take {currency.Of(terms.Pool)}: transaction {receipt.TransactionHash}."))
            .ConfigureAwait(false);
        return receipt;
    }

    private static void RequirePool(PublishOptions options)
    {
        if (options.Pool.All(c => c is '0' or '.'))
        {
            throw new CommandException($"--pool: expected more than 0, got {options.Pool}.", CommandRunner.WrongUsage);
        }
    }

    private static ModelSpec ReadSpec(string path)
    {
        InputFile.Check("--spec", path);
        try
        {
            ModelSpec spec = ModelSpec.Load(path);
            PayableSpec.Require(spec);
            return spec;
        }
        catch (SpecException e)
        {
            throw new CommandException($"{path}, {e.Message}", innerException: e);
        }
    }

    private static async Task<(ModelSpec Spec, IReadOnlyList<EvaluationRecords> Evaluations)> RecordsAsync(
        PublishOptions options, ModelSpec spec, CancellationToken cancellationToken)
    {
        if (options.Evaluation is not string given)
        {
            return (spec, await new KeptEvaluations(options.Market.PrivateFolder).FindAllAsync(spec, cancellationToken)
                .ConfigureAwait(false));
        }

        try
        {
            IReadOnlyList<EvaluationRecords> made = KeptEvaluations.Make(given, spec);
            return (spec with { Task = spec.Task! with { Evaluation = EvaluationRecords.SectionOf(made) } }, made);
        }
        catch (SpecException e)
        {
            throw new CommandException($"{options.Spec}, {e.Message}", innerException: e);
        }
    }

    private static Option<uint?> Window(string name, string description, uint least = 1) =>
        BoundedOption.Optional(name, description, least, PublishOptions.MostSeconds);

    private static Option<Delivery?> DeliveryOption() => new("--delivery")
    {
        Description = "How updates become available: calldata (in their reveals) or demand (through the store, pieces "
            + "on demand on chain); left out, calldata where they fit.",
        HelpName = "calldata|demand",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (text is "calldata" or "demand")
            {
                return text == "calldata" ? Delivery.Calldata : Delivery.Demand;
            }

            result.AddError($"--delivery: expected calldata or demand, got {(text.Length == 0 ? "nothing" : text)}.");
            return null;
        },
    };

    private static Option<decimal?> Accuracy() => new("--target-accuracy")
    {
        Description = "End the task with the round whose model predicts so much of its scoring records right, as a "
            + "share such as 0.9 or a percentage such as 90%; left out, every round is played.",
        HelpName = "SHARE",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            bool isPercentage = text.EndsWith('%');
            if (decimal.TryParse(
                    text.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
                && number > 0
                && number <= (isPercentage ? 100 : 1))
            {
                return isPercentage ? number / 100 : number;
            }

            result.AddError(
                "--target-accuracy: expected a share such as 0.9 or a percentage such as 90%, got "
                + $"{(text.Length == 0 ? "nothing" : text)}.");
            return null;
        },
    };

    private static Option<ulong?> Start() => new("--start")
    {
        Description = "When the first round begins, as 2026-12-01T12:00 (your local time unless it says an offset) or "
            + "Unix seconds; left out, at once.",
        HelpName = "TIME",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (LocalTime.Read(text) is ulong time and > 0)
            {
                return time;
            }

            result.AddError(
                "--start: expected a time such as 2026-12-01T12:00 or 2026-12-01T12:00Z, or Unix seconds, got "
                + $"{(text.Length == 0 ? "nothing" : text)}.");
            return null;
        },
    };
}
