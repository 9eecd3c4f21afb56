using Research.Chain.Contracts;
using Research.Market;
using Research.Storage;
using Research.Training;

namespace Research.Cli.Tasks;

/// <summary>Finds what an account published before, so that no second pool is locked.</summary>
internal static class PublishedBefore
{
    /// <summary>Finds the newest task of a specification that this account published; null for none.</summary>
    /// <param name="session">The market, with the account.</param>
    /// <param name="spec">The specification.</param>
    /// <param name="drawsRecords">
    /// Whether evaluation records are drawn afresh: then a specification that differs in them alone is the same.
    /// </param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<ulong?> FindAsync(
        MarketSession session, ModelSpec spec, bool drawsRecords, CancellationToken cancellationToken)
    {
        if (!drawsRecords)
        {
            return await new Sponsor(session.Market, session.Store).FindPublishedAsync(spec, cancellationToken)
                .ConfigureAwait(false);
        }

        IReadOnlyList<TaskPublished> all =
            await session.Market.Events.TaskPublishedAsync(null, cancellationToken).ConfigureAwait(false);
        foreach (TaskPublished one in all.Where(one => one.Sponsor == session.Self).Reverse())
        {
            ContentHash hash = one.SpecHash.ToContentHash();
            ModelSpec found = await SpecAsync(session.Store, hash, cancellationToken).ConfigureAwait(false)
                ?? throw new CommandException(
                    $"The specification {hash} of your task {one.TaskId} is not in the store {session.Store.Name}, so nobody can say "
                    + "whether this is the same: name its store with --store, or publish in any case with --again. Nothing was "
                    + "sent.");
            if (found.Task is { } task
                && (found with { Task = task with { Evaluation = WithRoundsOf(task, spec) } }).Hash == spec.Hash)
            {
                return one.TaskId;
            }
        }

        return null;
    }

    /// <summary>Reads a specification from a store; null where it is not there, or is damaged.</summary>
    /// <exception cref="StoreException">A store cannot be asked: who publishes must not take that for no.</exception>
    public static async Task<ModelSpec?> SpecAsync(
        IBlobStore store, ContentHash hash, CancellationToken cancellationToken)
    {
        try
        {
            return await store.FindAsync(hash, ModelSpec.LargestDocument, cancellationToken).ConfigureAwait(false)
                is { } document ? ModelSpec.Parse(document) : null;
        }
        catch (Exception e) when (e is InvalidDataException or SpecException)
        {
            return null;
        }
    }

    private static EvaluationSection WithRoundsOf(TaskSection task, ModelSpec spec) =>
        task.Evaluation with { Rounds = spec.Task!.Evaluation.Rounds };
}
