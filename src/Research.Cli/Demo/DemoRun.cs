using System.Diagnostics;
using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Federation.Evaluation;
using Research.Market;
using Research.Privacy;
using Research.Training;

namespace Research.Cli.Demo;

/// <summary>Plays every role of a task on a local chain: a sponsor, the data owners and a scorer.</summary>
/// <remarks>
/// The protocol is the library's: this class only decides who acts when, moves the local chain's clock past each
/// window, and notes what happened.
/// </remarks>
internal sealed class DemoRun
{
    private const uint WindowSeconds = 3600;

    private static readonly DateTimeOffset ReproducibleStart = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Wei Pool = Wei.FromEther("10");

    private readonly DemoStage _stage;
    private readonly List<DemoActor> _actors = [];
    private readonly List<(string Name, Claimant Claimant)> _claimants = [];
    private readonly List<DemoRound> _rounds = [];

    private DemoRun(DemoStage stage) => _stage = stage;

    /// <summary>Runs the whole task.</summary>
    /// <exception cref="InvalidOperationException">The money does not add up, or a re-execution differs.</exception>
    public static async Task<DemoResult> RunAsync(
        DemoOptions options,
        IProgress<DemoProgress> progress,
        IProgress<string> messages,
        CancellationToken cancellationToken)
    {
        Stopwatch total = Stopwatch.StartNew();
        DemoFolder folder = DemoFolder.At(options.Out);
        DemoScenario scenario = DemoScenario.Create(options);

        Stopwatch starting = Stopwatch.StartNew();
        bool isReproducible = options.InsecureNoiseSeed is not null; // Which records score follows from a block's hash.
        DevChainOptions chainOptions = new()
        {
            Accounts = options.Participants + 2,
            GenesisTime = isReproducible ? ReproducibleStart : null,
            IsReproducible = isReproducible,
        };
        DevChain chain = await DevChain.StartAsync(chainOptions, messages, cancellationToken).ConfigureAwait(false);
        starting.Stop();
        await using (chain.ConfigureAwait(false))
        {
            folder.Clear();
            progress.Report(new DemoProgress("local chain", 1));
            DemoRun run = new(new DemoStage(options, folder, scenario, chain, progress));
            DemoResult result = await run.PlayAsync(cancellationToken).ConfigureAwait(false);
            return result with
            {
                Seconds = result.Seconds with
                {
                    Total = total.Elapsed.TotalSeconds,
                    Chain = result.Seconds.Chain + starting.Elapsed.TotalSeconds,
                },
            };
        }
    }

    private async Task<DemoResult> PlayAsync(CancellationToken cancellationToken)
    {
        (DemoQuality untrained, DemoQuality central) = TrainCentrally(cancellationToken);

        ModelSpec spec = _stage.Scenario.Spec;
        EthereumClient client = _stage.Chain.Client;
        TrainingMarket market = await _stage.Log.TimeAsync(() =>
            TrainingMarket.DeployAsync(client, _stage.Chain.Accounts[0], cancellationToken)).ConfigureAwait(false);
        Terms terms = Sponsor.TermsFor(spec, Pool) with
        {
            CommitSeconds = WindowSeconds,
            RevealSeconds = WindowSeconds,
            OpenSeconds = WindowSeconds,
            ScoreSeconds = WindowSeconds,
            RefuteSeconds = WindowSeconds,
        };
        if (terms.Delivery == Delivery.Demand)
        {
            terms = terms with { AnswerSeconds = WindowSeconds };
        }

        Sponsor sponsor = new(market, _stage.Store);
        Publication publication = await _stage.Log.TimeAsync(() =>
            sponsor.PublishAsync(
                spec, terms, _stage.Scenario.Evaluations, cancellationToken)).ConfigureAwait(false);
        _stage.Log.Add("sponsor", "publish", null, publication.Receipt);
        await File.WriteAllBytesAsync(_stage.Folder.Specification, spec.ToCanonicalJson(), cancellationToken)
            .ConfigureAwait(false);

        OpenTask task = await OpenTask.LoadAsync(
            market, _stage.Store, publication.TaskId, cancellationToken).ConfigureAwait(false);
        await OpenSamplesAsync(sponsor, task, cancellationToken).ConfigureAwait(false);
        foreach ((int i, DemoOwner owner) in _stage.Scenario.Owners.Index())
        {
            TrainingMarket own = market.As(_stage.Chain.Accounts[i + 2]);
            _actors.Add(await DemoActor.EnterAsync(
                owner, task, own, client, _stage.Folder, cancellationToken).ConfigureAwait(false));
        }

        TrainingMarket scorer = market.As(_stage.Chain.Accounts[1]);
        _claimants.Add(("scorer", new Claimant(task, scorer, _stage.Folder.Scorer)));
        _claimants.Add((_actors[0].Name, new Claimant(task, _actors[0].Market, _stage.Folder.Own(_actors[0].Owner))));
        for (int round = 0; round < _stage.Options.Rounds; round++)
        {
            DemoPlay play = new(_stage, task, sponsor, _actors, _claimants, round);
            _rounds.Add(await play.PlayAsync(cancellationToken).ConfigureAwait(false));
        }

        DemoSettlement settlement = await SettleAsync(task, cancellationToken).ConfigureAwait(false);
        foreach (DemoActor actor in _actors)
        {
            await actor.StateAsync(cancellationToken).ConfigureAwait(false);
        }

        DemoParticipant[] participants = await Task.WhenAll(
            _actors.Select(actor => actor.ResultAsync(_stage.Log, cancellationToken))).ConfigureAwait(false);
        return new DemoResult
        {
            Dataset = _stage.Options.Dataset.Split(':')[0], // Where one keeps one's data is nobody's business.
            Seed = _stage.Options.Seed,
            Private = _stage.Options.InsecureNoiseSeed is null,
            Neighbours = EpsilonText.Neighbours,
            Delta = spec.Privacy!.Delta,
            EpsilonCap = spec.Privacy.EpsilonCap,
            SpecHash = spec.Hash.ToString(),
            Chain = new DemoChain(DevChain.ChainId, market.Address.ToString(), task.Id, "anvil"),
            Untrained = untrained,
            Central = central,
            Rounds = _rounds,
            Participants = participants,
            Settlement = settlement,
            Transactions = _stage.Log.Transactions,
            Seconds = new DemoSeconds(
                0,
                _stage.Log.Waiting.TotalSeconds,
                _stage.Training.Elapsed.TotalSeconds,
                _stage.Scoring.Elapsed.TotalSeconds),
            Report = _stage.Folder.Report,
        };
    }

    // Which half is opened follows from the block after the publication: on a quiet chain of one's own it must be made.
    private async Task OpenSamplesAsync(Sponsor sponsor, OpenTask task, CancellationToken cancellationToken)
    {
        await _stage.Log.TimeAsync(() => _stage.Chain.MineAsync(1, cancellationToken)).ConfigureAwait(false);
        foreach ((int round, EvaluationRecords evaluation) in _stage.Scenario.Evaluations.Index())
        {
            await sponsor.OpenSampleAsync(task, round, evaluation, cancellationToken).ConfigureAwait(false);
        }
    }

    private (DemoQuality Untrained, DemoQuality Central) TrainCentrally(CancellationToken cancellationToken)
    {
        const string Part = "central baseline, not private";
        _stage.Training.Start();
        TrainingRun run = Trainer.Train(
            _stage.Scenario.CentralSpec(),
            _stage.Scenario.Split.Train,
            new TrainerOptions
            {
                Seed = _stage.Options.Seed,
                Threads = Environment.ProcessorCount,
                Progress = new SynchronousProgress<TrainingProgress>(step =>
                    _stage.Report(Part, (double)step.Point.Step / step.Steps)),
            },
            cancellationToken);
        _stage.Training.Stop();
        _stage.Report(Part, 1);
        return (
            Quality(Network.Create(_stage.Scenario.Spec).Evaluate(_stage.Scenario.Split.Test)),
            Quality(run.Evaluate(_stage.Scenario.Split.Test)));
    }

    private async Task<DemoSettlement> SettleAsync(OpenTask task, CancellationToken cancellationToken)
    {
        TrainingMarket market = task.Market;
        foreach (DemoActor actor in _actors)
        {
            await _stage.Log.SendAsync(
                actor.Name,
                "withdraw stake",
                null,
                async () => await actor.Market.WithdrawStakeAsync(task.Id, actor.Participant.Address, cancellationToken)
                    .ConfigureAwait(false)).ConfigureAwait(false);
        }

        // All sums come from the chain's own events, and the market's balance from its state.
        IReadOnlyList<RewardPaid> rewards =
            await market.Events.RewardPaidAsync(task.Id, null, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<BondPaid> bonds =
            await market.Events.BondPaidAsync(task.Id, null, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<RoundFinalised> rounds =
            await market.Events.RoundFinalisedAsync(task.Id, null, cancellationToken).ConfigureAwait(false);
        Terms terms = task.Terms;
        Wei paid = rewards.Aggregate(Wei.Zero, (sum, one) => sum + one.Amount);
        Wei audit = bonds.Aggregate(Wei.Zero, (sum, one) => sum + one.Amount - terms.Bond);
        Wei burned = rounds.Aggregate(Wei.Zero, (sum, one) => sum + one.Burned);
        Wei left = await _stage.Chain.Client.GetBalanceAsync(market.Address, cancellationToken).ConfigureAwait(false);
        Wei rest = terms.Pool + terms.AuditFees - paid - audit;
        Wei rounding = terms.Pool - paid - burned; // Less than a wei a participant and round.
        bool exact = left == rest && rounding.Amount < _actors.Count * _rounds.Count;
        _stage.Report("settle", 1);
        return exact
            ? new DemoSettlement(
                DemoStage.Text(terms.Pool),
                DemoStage.Text(paid),
                DemoStage.Text(audit),
                DemoStage.Text(burned),
                DemoStage.Text(left),
                exact)
            : throw new InvalidOperationException(
                $"The money does not add up: pool {terms.Pool}, audit fees {terms.AuditFees}, rewards {paid}, to auditors "
                + $"{audit}, burned {burned}, left in the market {left}.");
    }

    private static DemoQuality Quality(Evaluation evaluation) => new(evaluation.Loss, evaluation.Accuracy);
}
