using System.Numerics;
using Research.Federation.Rewards;

namespace Research.Federation.Aggregation;

/// <summary>The update closest to its neighbours, or the mean of the few that are: Krum and multi-Krum.</summary>
/// <remarks>
/// Blanchard et al. 2017, arXiv:1703.02757: an update's score is the sum of its squared distances to the n − f − 2
/// others closest to it, to one at least; the lowest scores win, of equal ones the lower index. Distances are exact.
/// What the authors prove needs n of 2f + 3 or more. For comparison, so no specification can name it: it holds all n
/// updates in memory, compares n² pairs, and leaves out honest owners whose records are unlike the others'.
/// </remarks>
/// <param name="weights">P.</param>
/// <param name="attackers">f: how many updates may be anything.</param>
/// <param name="chosen">How many updates the step is the mean of; 1 is Krum.</param>
public sealed class Krum(int weights, int attackers, int chosen = 1) : Aggregate(weights)
{
    private readonly int _attackers = attackers >= 0
        ? attackers
        : throw new ArgumentOutOfRangeException(nameof(attackers), attackers, "Expected 0 attackers or more.");

    private readonly int _chosen = chosen >= 1
        ? chosen
        : throw new ArgumentOutOfRangeException(nameof(chosen), chosen, "Expected 1 chosen update or more.");

    private readonly List<Point> _points = [];

    /// <inheritdoc/>
    public override int[] Finish()
    {
        Int128[] scores = Scores();
        BucketedMean mean = new(Weights);
        foreach (int i in Enumerable.Range(0, scores.Length)
            .OrderBy(i => scores[i]).ThenBy(i => _points[i].Index).Take(_chosen))
        {
            mean.Add(_points[i].Index, _points[i].Delta, _points[i].Squared);
        }

        return mean.Finish();
    }

    private protected override void Take(int index, ReadOnlySpan<int> delta, BigInteger squared) =>
        _points.Add(new Point(index, delta.ToArray(), (Int128)squared));

    private Int128[] Scores()
    {
        int count = _points.Count;
        int neighbours = Math.Max(1, count - _attackers - 2);
        Int128[][] distances = [.. _points.Select(_ => new Int128[count])];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                distances[i][j] = distances[j][i] = Distance(_points[i], _points[j]);
            }
        }

        Int128[] scores = new Int128[count];
        for (int i = 0; i < count; i++)
        {
            Array.Sort(distances[i]); // Its distance to itself, zero, comes first.
            foreach (Int128 distance in distances[i].Skip(1).Take(neighbours))
            {
                scores[i] += distance;
            }
        }

        return scores;
    }

    private static Int128 Distance(Point a, Point b) => a.Squared + b.Squared - (2 * WideVectors.Dot(a.Delta, b.Delta));

    private sealed record Point(int Index, int[] Delta, Int128 Squared);
}
