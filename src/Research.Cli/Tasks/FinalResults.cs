using Research.Chain.Contracts;
using Research.Market;
using Research.Storage;

namespace Research.Cli.Tasks;

/// <summary>What a round's final claim says of each participant: from the store, or scored again.</summary>
internal static class FinalResults
{
    /// <summary>Gets the claim that decides a round; null where none does.</summary>
    public static async Task<ClaimPosted?> LeadAsync(
        TrainingMarket market, ulong taskId, int round, Round state, CancellationToken cancellationToken)
    {
        if (state.Claims == state.Lead)
        {
            return null;
        }

        IReadOnlyList<ClaimPosted> claims =
            await market.Events.ClaimPostedAsync(taskId, round, cancellationToken).ConfigureAwait(false);
        return claims.Single(claim => claim.Place == state.Lead);
    }

    /// <summary>Reads the results of a final round from the store; null where they are not there.</summary>
    public static async Task<RoundResults?> InStoreAsync(
        TrainingMarket market,
        IBlobStore store,
        ulong taskId,
        int round,
        Round state,
        CancellationToken cancellationToken)
    {
        ClaimPosted? final = await LeadAsync(market, taskId, round, state, cancellationToken).ConfigureAwait(false);
        return final is null
            ? null
            : await RoundResults.FindAsync(market, store, final, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the results of a final round, or scores it again where nobody has them.</summary>
    /// <exception cref="CommandException">What is final is not what scoring gives, and the results are
    /// nowhere.</exception>
    public static async Task<RoundResults> ReadAsync(
        MarketSession session,
        ulong taskId,
        int round,
        Round state,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        if (await InStoreAsync(session.Market, session.Store, taskId, round, state, cancellationToken)
            .ConfigureAwait(false) is { } found)
        {
            return found;
        }

        OpenTask task = await session.LoadAsync(taskId, cancellationToken).ConfigureAwait(false);
        if (task.Store != session.Store // The specification names more.
            && await InStoreAsync(session.Market, task.Store, taskId, round, state, cancellationToken)
                .ConfigureAwait(false) is { } named)
        {
            return named;
        }

        await error.WriteLineAsync(
            $"The results of round {round + 1} are not in the store {task.Store.Name}: it is scored again.")
            .ConfigureAwait(false);
        ScoredRound scored = await RoundChoice.ScoreAsync(task, round, error, cancellationToken).ConfigureAwait(false);
        return scored.Results.Root == state.ResultsRoot.ToTreeHash()
            ? scored.Results
            : throw new CommandException(
                $"The results of round {round + 1} as scored here have the root {scored.Results.Root}; final is "
                + $"{state.ResultsRoot}, and its file is not in the store {task.Store.Name}: no proof leads "
                + "there. Ask its claimant for the file. Nothing was sent.");
    }
}
