using Research.Chain.Contracts;
using Research.Chain.Primitives;

namespace Research.Market;

/// <summary>Which claim decides a round that is not final yet, as things stand.</summary>
/// <param name="Claim">The earliest claim that stands; null where none does.</param>
/// <param name="Fallen">The claims before it that fell and have not been struck: they must be, before the round is
/// finalised.</param>
/// <param name="DueAt">First second in which the round can be finalised; null while the round before is not final.</param>
public sealed record RoundLead(ClaimPosted? Claim, IReadOnlyList<ClaimPosted> Fallen, ulong? DueAt)
{
    /// <summary>Finds it.</summary>
    /// <param name="market">The market.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from 0.</param>
    /// <param name="end">When the round's windows end: see <see cref="Schedule.End"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<RoundLead> FindAsync(
        TrainingMarket market, ulong taskId, int round, ulong end, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(market);
        Round state = await market.GetRoundAsync(taskId, round, cancellationToken).ConfigureAwait(false);
        if (state.Reveals == 0 || !state.IsOpen || state.Claims == 0)
        {
            return new RoundLead(null, [], end);
        }

        IReadOnlyList<ClaimPosted> claims =
            await market.Events.ClaimPostedAsync(taskId, round, cancellationToken).ConfigureAwait(false);
        List<ClaimPosted> fallen = [];
        ulong? due = null;
        foreach (ClaimPosted claim in claims.OrderBy(one => one.Place))
        {
            CaseFacts facts = await market.CaseOfAsync(taskId, round, claim.Claimant, cancellationToken)
                .ConfigureAwait(false);
            due = facts.Base == 0 ? null : facts.Base + facts.Window;
            if (facts.State == ClaimState.Fallen)
            {
                continue;
            }

            Bytes32 id = RefuterCase.IdOf(market.Address, taskId, round, claim.Result.Digest);
            CaseStanding standing = await market.Refuter.StandingAsync(id, cancellationToken).ConfigureAwait(false);
            if (!standing.HasFallen)
            {
                return new RoundLead(claim, fallen, due is ulong time ? Math.Max(time, standing.Settled) : null);
            }

            fallen.Add(claim);
        }

        return new RoundLead(null, fallen, due);
    }
}
