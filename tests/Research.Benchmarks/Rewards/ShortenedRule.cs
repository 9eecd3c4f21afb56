using Research.Federation.Adversaries;
using Research.Federation.Rewards;

namespace Research.Benchmarks.Rewards;

/// <summary>REF where an update's signal, too, counts with the length of the longest reference run at most.</summary>
/// <remarks>
/// In the next model no update counts with more than twice that length; in what is paid any length counts. An honest
/// update is mostly noise, so who multiplies one is shortened to where it was, and gains nothing.
/// </remarks>
internal static class ShortenedRule
{
    public static RuledRound Pay(AttackScene scene, IReadOnlyList<int[]> deltas)
    {
        RewardMeasure reference = RewardMeasure.Of(scene.Models, scene.Fresh, 1, null, CancellationToken.None);
        double longest = Math.Sqrt((double)reference.References.Max(run => WideVectors.Dot(run, run)));
        return RuledRound.ByRoundScorer(scene, [.. deltas.Select(delta => Shortened(delta, longest))]);
    }

    private static int[] Shortened(int[] delta, double longest)
    {
        double factor = longest / Math.Sqrt((double)WideVectors.Dot(delta, delta));
        return factor < 1 ? [.. delta.Select(one => (int)Math.Round(one * factor))] : delta;
    }
}
