using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Signing;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Federation.Evaluation;
using Research.Market;
using Research.Privacy.Ledger;
using Research.Privacy.Mechanisms;
using Research.Storage;
using Research.Tests.Federation;
using Research.Tests.Tools;
using Research.Training;

namespace Research.Tests.Market;

/// <summary>
/// A published task of the federated digits on a chain of its own. Account 0 sponsors; folders vanish afterwards.
/// </summary>
internal sealed class MarketScene : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("research-market-");

    private MarketScene(DevChain chain, TrainingMarket market)
    {
        Chain = chain;
        Market = market;
        Store = new FolderStore(Path.Combine(_folder.FullName, "store"));
    }

    public DevChain Chain { get; }

    public TrainingMarket Market { get; }

    public FolderStore Store { get; }

    public OpenTask Task { get; private set; } = null!;

    public static ModelSpec Spec { get; } = FederatedDigits.Spec with
    {
        Training = FederatedDigits.Spec.Training with { Steps = 5 },
    };

    /// <summary>Publishes the task and opens its samples.</summary>
    /// <param name="delivery">How updates become available: in their reveals, unless another way is asked for.</param>
    /// <param name="change">Changes the terms.</param>
    public static async Task<MarketScene> StartAsync(
        Delivery delivery = Delivery.Calldata, Func<Terms, Terms>? change = null)
    {
        NodeTools.EnsureInstalled();
        DevChain chain = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });
        MarketScene scene = new(chain, await TrainingMarket.DeployAsync(chain.Client, chain.Accounts[0]));
        Terms terms = Sponsor.TermsFor(Spec, Wei.FromEther("3")) with
        {
            Delivery = delivery,
            AnswerSeconds = delivery == Delivery.Demand ? 86_400u : 0,
        };
        terms = change?.Invoke(terms) ?? terms;
        Sponsor sponsor = new(scene.Market, scene.Store);
        Publication published = await sponsor.PublishAsync(Spec, terms, FederatedDigits.Rounds);
        scene.Task = await OpenTask.LoadAsync(scene.Market, scene.Store, published.TaskId);
        await chain.MineAsync();
        foreach ((int round, EvaluationRecords evaluation) in FederatedDigits.Rounds.Index())
        {
            await sponsor.OpenSampleAsync(scene.Task, round, evaluation);
        }

        return scene;
    }

    public Sponsor Sponsor => new(Market, Store);

    public PrivateKeyAccount Account(int account) => Chain.Accounts[account];

    public string Own(int account) => Path.Combine(_folder.FullName, $"own-{account}");

    public Claimant Claimant(int account) => new(Task, Market.As(Account(account)), Own(account));

    public Participant Participant(int account) => new(Task, Market.As(Account(account)), Own(account));

    public ModelUpdate Train(GlobalModel start, int round, int account)
    {
        PrivacyLedger ledger = PrivacyLedger.Open(
            Path.Combine(_folder.FullName, $"{account}-{round}-{Guid.NewGuid():N}"), 50, 1e-5);
        TrainingRun run = Trainer.Train(Spec, FederatedDigits.Split.Train, new TrainerOptions
        {
            Initial = start.ToCheckpoint(),
            Random = new InsecureSeededRandom((ulong)account, "market scene"),
        });
        return ModelUpdate.Release(run, start, round, ledger, "a test", insecure: true);
    }

    public async Task<ModelUpdate> CommitAsync(int account, int round)
    {
        ModelUpdate update = Train(await Task.StartingModelAsync(round), round, account);
        await Participant(account).CommitAsync(update);
        return update;
    }

    public async Task<ModelUpdate[]> CommitAndRevealAsync(int round, params int[] accounts)
    {
        List<ModelUpdate> updates = [];
        foreach (int account in accounts)
        {
            updates.Add(await CommitAsync(account, round));
        }

        await AdvanceAsync(Task.Terms.ScheduleOf(round).Reveal);
        foreach (int account in accounts)
        {
            await Participant(account).RevealAsync(round);
        }

        await AdvanceAsync(Task.Terms.ScheduleOf(round).Answer);
        return [.. updates];
    }

    /// <summary>Opens the round's keys and moves to its score window.</summary>
    public async Task OpenAsync(int round)
    {
        await AdvanceAsync(Task.Terms.ScheduleOf(round).Open);
        await Sponsor.OpenKeysAsync(Task, round, FederatedDigits.Rounds[round]);
        await AdvanceAsync(Task.Terms.ScheduleOf(round).Score);
    }

    /// <summary>Scores and claims a round by one account, and finalises it.</summary>
    public async Task<ScoredRound> ClaimAsync(int round, int account)
    {
        ScoredRound scored = await new Scorer(Task).ScoreAsync(round);
        Claimant claimant = Claimant(account);
        await claimant.SealAsync(scored);
        await AdvanceAsync(Task.Terms.ScheduleOf(round).Post);
        await claimant.PostAsync(round);
        await AdvanceAsync(Task.Terms.ScheduleOf(round).End);
        await Market.FinaliseAsync(Task.Id, round, claimant.Address, scored.Claim);
        return scored;
    }

    public Task AdvanceAsync(ulong time) => Chain.AdvanceToAsync(time);

    public async ValueTask DisposeAsync()
    {
        await Chain.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
