using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Federation.Aggregation;

namespace Research.Market;

/// <summary>What a round was scored to here: what it will have made, where its claims that say otherwise fall.</summary>
/// <param name="Roster">The market's word of who took part.</param>
/// <param name="Before">The models that the rounds up to it start from, by their hashes.</param>
/// <param name="Claim">What a right claim says.</param>
/// <param name="Model">The model that the next round starts from.</param>
internal sealed record ExpectedModel(Bytes24 Roster, string Before, ClaimResult Claim, GlobalModel Model)
{
    public static string HashesOf(IEnumerable<GlobalModel> models) =>
        string.Join(' ', models.Select(model => model.Hash.ToString()));
}
