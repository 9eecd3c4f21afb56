using System.Diagnostics;
using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Federation.Scoring;
using Research.Market;
using Research.Privacy.Ledger;
using Research.Privacy.Mechanisms;
using Research.Storage;
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

    private static readonly Wei Pool = Wei.FromEther("10");

    private readonly DemoOptions _options;
    private readonly DemoFolder _folder;
    private readonly DemoScenario _scenario;
    private readonly DevChain _chain;
    private readonly IProgress<DemoProgress> _progress;
    private readonly DemoChainLog _log = new();
    private readonly Stopwatch _training = new();
    private readonly Stopwatch _scoring = new();
    private readonly FolderStore _store;
    private readonly List<DemoActor> _actors = [];
    private readonly List<DemoRound> _rounds = [];

    private DemoRun(
        DemoOptions options, DemoFolder folder, DemoScenario scenario, DevChain chain, IProgress<DemoProgress> progress)
    {
        _options = options;
        _folder = folder;
        _scenario = scenario;
        _chain = chain;
        _progress = progress;
        _store = new FolderStore(folder.Store);
    }

    /// <summary>Runs the whole task.</summary>
    /// <exception cref="InvalidOperationException">The money does not add up, or a re-execution differs.</exception>
    public static async Task<DemoResult> RunAsync(
        DemoOptions options, IProgress<DemoProgress> progress, IProgress<string> messages, CancellationToken cancellationToken)
    {
        Stopwatch total = Stopwatch.StartNew();
        DemoFolder folder = DemoFolder.At(options.Out);
        DemoScenario scenario = DemoScenario.Create(options);

        Stopwatch starting = Stopwatch.StartNew();
        DevChainOptions chainOptions = new() { Accounts = options.Participants + 2 };
        DevChain chain = await DevChain.StartAsync(chainOptions, messages, cancellationToken).ConfigureAwait(false);
        starting.Stop();
        await using (chain.ConfigureAwait(false))
        {
            folder.Clear();
            progress.Report(new DemoProgress("local chain", 1));
            DemoRun run = new(options, folder, scenario, chain, progress);
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

        EthereumClient client = _chain.Client;
        TrainingMarket market = await _log.TimeAsync(() =>
            TrainingMarket.DeployAsync(client, _chain.Accounts[0], cancellationToken)).ConfigureAwait(false);
        Terms terms = Sponsor.TermsFor(_scenario.Spec, Pool) with
        {
            CommitSeconds = WindowSeconds,
            RevealSeconds = WindowSeconds,
            ScoreSeconds = WindowSeconds,
            ChallengeSeconds = WindowSeconds,
            ClaimSeconds = 24 * WindowSeconds,
        };
        Sponsor sponsor = new(market, _store);
        Publication publication = await _log.TimeAsync(() =>
            sponsor.PublishAsync(_scenario.Spec, terms, cancellationToken)).ConfigureAwait(false);
        _log.Add("sponsor", "publish", null, publication.Receipt);
        await File.WriteAllBytesAsync(_folder.Specification, _scenario.Spec.ToCanonicalJson(), cancellationToken)
            .ConfigureAwait(false);

        OpenTask task = await OpenTask.LoadAsync(market, _store, publication.TaskId, cancellationToken).ConfigureAwait(false);
        foreach ((int i, DemoOwner owner) in _scenario.Owners.Index())
        {
            _actors.Add(await DemoActor.EnterAsync(
                owner, task, market.As(_chain.Accounts[i + 2]), client, _folder, cancellationToken).ConfigureAwait(false));
        }

        for (int round = 0; round < _options.Rounds; round++)
        {
            await PlayRoundAsync(task, sponsor, round, cancellationToken).ConfigureAwait(false);
        }

        DemoSettlement settlement = await SettleAsync(task, cancellationToken).ConfigureAwait(false);
        return new DemoResult
        {
            Dataset = _options.Dataset,
            Seed = _options.Seed,
            Private = _options.InsecureNoiseSeed is null,
            Neighbours = EpsilonText.Neighbours,
            Delta = _scenario.Spec.Privacy!.Delta,
            EpsilonCap = _scenario.Spec.Privacy.EpsilonCap,
            SpecHash = _scenario.Spec.Hash.ToString(),
            Chain = new DemoChain(DevChain.ChainId, market.Address.ToString(), task.Id, "anvil"),
            Untrained = untrained,
            Central = central,
            Rounds = _rounds,
            Participants = await Task.WhenAll(_actors.Select(actor => actor.ResultAsync(_log, cancellationToken))).ConfigureAwait(false),
            Settlement = settlement,
            Transactions = _log.Transactions,
            Seconds = new DemoSeconds(
                0, _log.Waiting.TotalSeconds, _training.Elapsed.TotalSeconds, _scoring.Elapsed.TotalSeconds),
            Report = _folder.Report,
        };
    }

    private (DemoQuality Untrained, DemoQuality Central) TrainCentrally(CancellationToken cancellationToken)
    {
        const string Part = "central baseline, not private";
        _training.Start();
        TrainingRun run = Trainer.Train(
            _scenario.CentralSpec(),
            _scenario.Split.Train,
            new TrainerOptions
            {
                Seed = _options.Seed,
                Threads = Environment.ProcessorCount,
                Progress = new SynchronousProgress<TrainingProgress>(step =>
                    _progress.Report(new DemoProgress(Part, (double)step.Point.Step / step.Steps))),
            },
            cancellationToken);
        _training.Stop();
        _progress.Report(new DemoProgress(Part, 1));
        return (
            Quality(Network.Create(_scenario.Spec).Evaluate(_scenario.Split.Test)),
            Quality(run.Network.Evaluate(_scenario.Split.Test)));
    }

    private async Task PlayRoundAsync(OpenTask task, Sponsor sponsor, int round, CancellationToken cancellationToken)
    {
        Schedule schedule = await task.Market.ScheduleOfAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        await AdvanceAsync(schedule.Commit, cancellationToken).ConfigureAwait(false);
        await TrainAndCommitAsync(task, round, cancellationToken).ConfigureAwait(false);

        await AdvanceAsync(schedule.Reveal, cancellationToken).ConfigureAwait(false);
        foreach (DemoActor actor in _actors)
        {
            await _log.SendAsync(actor.Name, "reveal", round, () => actor.Participant.RevealAsync(round, cancellationToken))
                .ConfigureAwait(false);
        }

        await AdvanceAsync(schedule.Score, cancellationToken).ConfigureAwait(false);
        await sponsor.OpenEvaluationAsync(_scenario.Evaluation, cancellationToken).ConfigureAwait(false);
        ScoredRound scored = await ScoreAsync(task, round, cancellationToken).ConfigureAwait(false);

        await AdvanceAsync(schedule.End, cancellationToken).ConfigureAwait(false);
        await _log.SendAsync("scorer", "finalise", round, () => task.Market.FinaliseAsync(task.Id, round, cancellationToken))
            .ConfigureAwait(false);
        foreach (DemoActor actor in _actors)
        {
            TransactionReceipt? claim =
                await _log.TimeAsync(() => actor.Participant.ClaimAsync(scored, cancellationToken)).ConfigureAwait(false);
            if (claim is not null)
            {
                _log.Add(actor.Name, "claim", round, claim);
            }
        }

        await NoteAsync(task, scored, cancellationToken).ConfigureAwait(false);
    }

    private async Task TrainAndCommitAsync(OpenTask task, int round, CancellationToken cancellationToken)
    {
        string part = $"round {round + 1} of {_options.Rounds}: train";
        GlobalModel start = await task.StartingModelAsync(round, cancellationToken).ConfigureAwait(false);
        foreach ((int i, DemoActor actor) in _actors.Index())
        {
            // The copier has been handed the update in secret: on chain, commitments hide it until the reveal.
            ModelUpdate update = actor.Owner.Role == DemoRole.Copies
                ? _actors[0].LastUpdate
                : Train(actor, start, round, fraction =>
                    _progress.Report(new DemoProgress(part, (i + fraction) / _actors.Count)), cancellationToken);
            string copy = _folder.Update(actor.Owner, round);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            await File.WriteAllBytesAsync(copy, update.Bytes, cancellationToken).ConfigureAwait(false);
            await _log.SendAsync(
                actor.Name,
                "commit",
                round,
                () => actor.Participant.CommitAsync(update, Salt(actor, round), cancellationToken)).ConfigureAwait(false);
            actor.Committed(update);
            _progress.Report(new DemoProgress(part, (i + 1.0) / _actors.Count));
        }
    }

    private ModelUpdate Train(
        DemoActor actor, GlobalModel start, int round, Action<double> report, CancellationToken cancellationToken)
    {
        _training.Start();
        TrainingRun run = Trainer.Train(
            _scenario.Spec,
            actor.Owner.Records,
            new TrainerOptions
            {
                Initial = start.ToCheckpoint(),
                Random = Random("noise", actor, round),
                Threads = Environment.ProcessorCount,
                Progress = new SynchronousProgress<TrainingProgress>(step => report((double)step.Point.Step / step.Steps)),
            },
            cancellationToken);
        _training.Stop();
        PrivacyLedger ledger = actor.OpenLedger(_scenario.Spec.Privacy!);
        ModelUpdate update = ModelUpdate.Release(run, start, round, ledger, $"task {actor.Task.Id} round {round + 1}");
        actor.Trained(run, ledger.Epsilon);
        return update;
    }

    private async Task<ScoredRound> ScoreAsync(OpenTask task, int round, CancellationToken cancellationToken)
    {
        string part = $"round {round + 1} of {_options.Rounds}: score";
        _scoring.Start();
        ScoredRound scored = await new Scorer(task).ScoreAsync(
            round,
            new SynchronousProgress<double>(fraction => _progress.Report(new DemoProgress(part, fraction / 2))),
            cancellationToken).ConfigureAwait(false);
        _scoring.Stop();
        await _log.SendAsync(
            "scorer",
            "post score",
            round,
            () => new Scorer(task).PostAsync(task.Market.As(_chain.Accounts[1]), scored, cancellationToken)).ConfigureAwait(false);

        // Another party repeats the scoring from the chain and the store alone, as anyone may before the window closes.
        _scoring.Start();
        Scorer second = new(await OpenTask.LoadAsync(task.Market, _store, task.Id, cancellationToken).ConfigureAwait(false));
        ScoredRound again = await second.ScoreAsync(
            round,
            new SynchronousProgress<double>(fraction => _progress.Report(new DemoProgress(part, 0.5 + (fraction / 2)))),
            cancellationToken).ConfigureAwait(false);
        _scoring.Stop();
        _progress.Report(new DemoProgress(part, 1));
        IReadOnlyList<string> differences = await second.DifferencesAsync(again, cancellationToken).ConfigureAwait(false);
        return differences.Count == 0
            ? again
            : throw new InvalidOperationException(
                $"Round {round + 1}: the re-executed scoring differs from the posted one: {string.Join("; ", differences)}.");
    }

    private async Task NoteAsync(OpenTask task, ScoredRound scored, CancellationToken cancellationToken)
    {
        Round state = await task.Market.GetRoundAsync(task.Id, scored.Round, cancellationToken).ConfigureAwait(false);
        Wei pool = await task.Market.RoundPoolAsync(task.Id, scored.Round, cancellationToken).ConfigureAwait(false);
        _rounds.Add(new DemoRound(
            scored.Round + 1,
            scored.Score.LossAfter,
            scored.Score.AccuracyAfter,
            Text(pool),
            Text(state.Claimed),
            state.Beacon.ToString(),
            state.Root.ToString(),
            scored.Score.NextModel.Hash.ToString(),
            scored.Score.TraceHash.ToString(),
            _actors[0].Name,
            state.Outcome.ToString()));
        foreach (DemoActor actor in _actors)
        {
            int index = scored.Reveals.First(reveal => reveal.Participant == actor.Participant.Address).Index;
            ParticipantScore score = scored.Score.Participants[index];
            RewardClaim claim = scored.Claims.Claims[index];
            string? original = score.CopyOf is int copied
                ? _actors.First(one => one.Participant.Address == scored.Reveals[copied].Participant).Name
                : null;
            actor.Scored(scored.Round, score, claim.Amount, original);
        }
    }

    private async Task<DemoSettlement> SettleAsync(OpenTask task, CancellationToken cancellationToken)
    {
        foreach (DemoActor actor in _actors)
        {
            await _log.SendAsync(
                actor.Name, "withdraw stake", null, () => actor.Market.WithdrawStakeAsync(task.Id, cancellationToken)).ConfigureAwait(false);
        }

        await _log.SendAsync(
            "scorer", "withdraw bonds", null, () => task.Market.As(_chain.Accounts[1]).WithdrawAsync(cancellationToken)).ConfigureAwait(false);
        await AdvanceAsync(
            await task.Market.ClaimDeadlineAsync(task.Id, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        await _log.SendAsync("sponsor", "refund", null, () => task.Market.RefundAsync(task.Id, cancellationToken)).ConfigureAwait(false);

        // Both sums come from the chain's own events, and the market's balance from its state.
        IReadOnlyList<Claimed> claims = await task.Market.Events.ClaimedAsync(task.Id, null, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Refunded> refunds = await task.Market.Events.RefundedAsync(task.Id, cancellationToken).ConfigureAwait(false);
        Wei rewards = claims.Aggregate(Wei.Zero, (sum, claim) => sum + claim.Amount);
        Wei refund = refunds.Aggregate(Wei.Zero, (sum, one) => sum + one.Amount);
        Wei left = await _chain.Client.GetBalanceAsync(task.Market.Address, cancellationToken).ConfigureAwait(false);
        bool exact = rewards + refund == task.Terms.Pool && left == Wei.Zero;
        _progress.Report(new DemoProgress("settle", 1));
        return exact
            ? new DemoSettlement(Text(task.Terms.Pool), Text(rewards), Text(refund), Text(left), exact)
            : throw new InvalidOperationException(
                $"The money does not add up: pool {task.Terms.Pool}, rewards {rewards}, refund {refund}, left in the market {left}.");
    }

    private Task AdvanceAsync(ulong timestamp, CancellationToken cancellationToken) =>
        _log.TimeAsync(() => _chain.AdvanceToAsync(timestamp, cancellationToken));

    private RandomSource Random(string purpose, DemoActor actor, int round) => _options.InsecureNoiseSeed is ulong seed
        ? new InsecureSeededRandom(seed, $"{purpose} {actor.Name} round {round}")
        : new CryptographicRandom();

    private Bytes32 Salt(DemoActor actor, int round)
    {
        byte[] salt = new byte[Bytes32.Length];
        Random("salt", actor, round).Fill(salt);
        return new Bytes32(salt);
    }

    private static DemoQuality Quality(Evaluation evaluation) => new(evaluation.Loss, evaluation.Accuracy);

    private static string Text(Wei amount) => amount.Amount.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
