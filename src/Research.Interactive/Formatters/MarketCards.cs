using System.Globalization;
using Research.Chain.Contracts;
using Research.Market;
using Research.Plotting;

namespace Research.Interactive.Formatters;

/// <summary>What the market's chain and store carry in bytes: what it is and how much, never the bytes.</summary>
internal static class MarketCards
{
    private const int MostRewards = 40;

    public static Card Of(RoundResults results) => new Card("RoundResults")
        .Line("root", results.Root.ToString())
        .Line("model", results.Model.ToString())
        .Line("participants", results.Rewards.Count.ToString("N0", CultureInfo.InvariantCulture))
        .Line("points", results.Total.ToString("N0", CultureInfo.InvariantCulture))
        .Table(ResultTable.Of(results.Rewards.Take(MostRewards).Select(reward => new
        {
            reward.Index,
            Participant = reward.Participant.ToString(),
            reward.Points,
        })));

    public static Card Of(UpdateShown shown) => new Card("UpdateShown")
        .Line("task", Text(shown.TaskId))
        .Line("round", Text((ulong)shown.Round + 1))
        .Line("participant", shown.Participant.ToString())
        .Line("piece", Text((ulong)shown.Chunk))
        .Line("bytes", Text((ulong)shown.Data.Length));

    public static Card Of(KeysOpened opened) => new Card("KeysOpened")
        .Line("task", Text(opened.TaskId))
        .Line("round", Text((ulong)opened.Round + 1))
        .Line("chunk", Text((ulong)opened.Chunk))
        .Line("bytes", Text((ulong)opened.Keys.Length));

    private static string Text(ulong number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
