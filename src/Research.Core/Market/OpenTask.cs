using Research.Chain.Contracts;
using Research.Federation.Aggregation;
using Research.Federation.Rewards;
using Research.Storage;
using Research.Training;

namespace Research.Market;

/// <summary>
/// A published task as anyone can read it: terms from the chain, specification and models from the store.
/// </summary>
public sealed class OpenTask
{
    private OpenTask(TrainingMarket market, FolderStore store, ulong id, MarketTask published, ModelSpec spec)
    {
        Market = market;
        Store = store;
        Id = id;
        Terms = published.Terms;
        Spec = spec;
    }

    /// <summary>Gets the market.</summary>
    public TrainingMarket Market { get; }

    /// <summary>Gets the store that holds the task's blobs.</summary>
    public FolderStore Store { get; }

    /// <summary>Gets the task's number.</summary>
    public ulong Id { get; }

    /// <summary>Gets the terms that the sponsor is held to.</summary>
    public Terms Terms { get; }

    /// <summary>Gets the specification, whose hash is in the terms.</summary>
    public ModelSpec Spec { get; }

    /// <summary>Reads a task and checks that its specification is the one that its terms name.</summary>
    /// <param name="market">The market.</param>
    /// <param name="store">The store that holds the specification.</param>
    /// <param name="taskId">The task's number, from 1.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="FileNotFoundException">The store does not have the specification.</exception>
    /// <exception cref="SpecException">The specification cannot be paid, or is malformed.</exception>
    /// <exception cref="InvalidDataException">The specification has another
    /// number of rounds.</exception>
    public static async Task<OpenTask> LoadAsync(
        TrainingMarket market, FolderStore store, ulong taskId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(store);
        MarketTask published = await market.GetTaskAsync(taskId, cancellationToken).ConfigureAwait(false);
        byte[] document = await store.GetAsync(published.Terms.SpecHash.ToContentHash(), cancellationToken)
            .ConfigureAwait(false);
        ModelSpec spec = ModelSpec.Parse(document);
        PayableSpec.Require(spec);
        int rounds = spec.Task!.Rounds;
        return rounds == published.Terms.Rounds
            ? new OpenTask(market, store, taskId, published, spec)
            : throw new InvalidDataException(
                $"Task {taskId}: the terms have {published.Terms.Rounds} rounds; its specification has {rounds}.");
    }

    /// <summary>Gets the models that the rounds up to one start from; see <see cref="StartingModelAsync"/>.</summary>
    /// <param name="round">The last of the rounds, from 0.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="FileNotFoundException">The store does not have one of the models.</exception>
    public async Task<IReadOnlyList<GlobalModel>> StartingModelsAsync(
        int round, CancellationToken cancellationToken = default)
    {
        List<GlobalModel> models = [GlobalModel.Initial(Spec)];
        for (int before = 0; before < round; before++)
        {
            models.Add(await ResultAsync(before, cancellationToken).ConfigureAwait(false) ?? models[^1]);
        }

        return models;
    }

    /// <summary>Gets the model that a round starts from: that of the last round before it whose scores stand.</summary>
    /// <remarks>A round that nobody scored, or whose score was challenged, leaves the model as it was.</remarks>
    /// <param name="round">The round, from 0.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="FileNotFoundException">The store does not have the model.</exception>
    public async Task<GlobalModel> StartingModelAsync(int round, CancellationToken cancellationToken = default)
    {
        for (int before = round - 1; before >= 0; before--)
        {
            if (await ResultAsync(before, cancellationToken).ConfigureAwait(false) is { } model)
            {
                return model;
            }
        }

        return GlobalModel.Initial(Spec);
    }

    private async Task<GlobalModel?> ResultAsync(int round, CancellationToken cancellationToken)
    {
        Round state = await Market.GetRoundAsync(Id, round, cancellationToken).ConfigureAwait(false);
        if (state.Poster.IsZero || !state.Challenger.IsZero)
        {
            return null;
        }

        ContentHash hash = state.ModelHash.ToContentHash();
        byte[] bytes = await Store.GetAsync(hash, cancellationToken).ConfigureAwait(false);
        return GlobalModel.Parse(Spec, bytes, $"model {hash}");
    }
}
