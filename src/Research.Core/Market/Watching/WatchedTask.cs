using System.Globalization;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Federation.Aggregation;

namespace Research.Market.Watching;

/// <summary>A task that is watched, and what is kept of it between passes: nothing that the chain does not say.</summary>
internal sealed class WatchedTask(OpenTask open, TrainingMarket market, string folder, WatchOptions options) : IDisposable
{
    private readonly Dictionary<int, ScoredMemory> _scored = [];

    public OpenTask Open => open;

    public ulong Id => open.Id;

    public TrainingMarket Market => market;

    public Refuter Refuter => market.Refuter;

    public WatchOptions Options => options;

    public Address Self { get; } = market.Account!.Address;

    public Claimant Claimant { get; } = new(open, market, folder);

    /// <summary>Gets the rounds that are over for good: final for a day, with nothing left to collect.</summary>
    public HashSet<int> Done { get; } = [];

    /// <summary>Gets a round as it is scored here; it is scored once, unless the chain changes what it is scored by.</summary>
    /// <exception cref="MarketException">It cannot be scored.</exception>
    public async Task<ScoredMemory> ScoreAsync(
        int round, Round state, WatchLog log, CancellationToken cancellationToken)
    {
        string key = await KeyAsync(round, state, cancellationToken).ConfigureAwait(false);
        if (_scored.TryGetValue(round, out ScoredMemory? kept) && kept.Key == key)
        {
            return kept;
        }

        Forget(round);
        ScoredRound scored = await Task.Run(
            () => new Scorer(open).ScoreAsync(round, options.Scoring, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        ScoredMemory memory = new(key, scored);
        _scored[round] = memory;
        log.Add(new WatchEvent(WatchAction.Scored, Id, round) { Count = scored.Results.Rewards.Count });
        return memory;
    }

    /// <summary>Lets go of a round.</summary>
    public void Forget(int round)
    {
        if (_scored.Remove(round, out ScoredMemory? old))
        {
            old.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (int round in _scored.Keys.ToArray())
        {
            Forget(round);
        }
    }

    // All that scoring reads and that a reorganisation could change.
    private async Task<string> KeyAsync(int round, Round state, CancellationToken cancellationToken)
    {
        IReadOnlyList<GlobalModel> models =
            await open.StartingModelsAsync(round, cancellationToken).ConfigureAwait(false);
        Bytes32? pin = await market.PinOfAsync(Id, cancellationToken).ConfigureAwait(false);
        int shown = 0;
        int demanded = 0;
        if (open.Terms.Delivery == Delivery.Demand)
        {
            shown = (await market.Events.UpdateShownAsync(Id, round, cancellationToken).ConfigureAwait(false)).Count;
            demanded = (await market.Events.DemandedAsync(Id, round, cancellationToken).ConfigureAwait(false)).Count;
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{state.Roster} {pin} {demanded} {shown} {ExpectedModel.HashesOf(models)}");
    }
}
