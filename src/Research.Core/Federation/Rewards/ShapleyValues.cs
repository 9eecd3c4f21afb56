using System.Numerics;
using Research.Federation.Aggregation;
using Research.Training;
using Research.Training.Data;

namespace Research.Federation.Rewards;

/// <summary>The Shapley value of each update of a round, exactly: what the reward rule is compared with.</summary>
/// <remarks>
/// Shapley 1953, "A Value for n-Person Games", Contributions to the Theory of Games II, 307-317: the mean, over all
/// orders in which updates could join, of what an update adds to those that are in already. All 2ⁿ coalitions are
/// evaluated, so this is for research on a few updates; nobody is paid by it, since copies and headcount are worth
/// something to it. Models are averaged in integers; losses are doubles and summed in one order.
/// </remarks>
public static class ShapleyValues
{
    /// <summary>The most players: 256 coalitions, each a model that is evaluated.</summary>
    public const int MostPlayers = 8;

    /// <summary>Computes the value of each update of a round.</summary>
    /// <param name="start">The model that the round started from: what the empty coalition has.</param>
    /// <param name="updates">At most <see cref="MostPlayers"/>; a coalition has the start moved by its mean.</param>
    /// <param name="heldOut">Records that no owner trained on, at least one.</param>
    /// <param name="utility">What a model of that quality is worth; minus its mean loss, in nats, when left out.</param>
    /// <param name="threads">Threads; they never change a bit.</param>
    /// <param name="progress">Hears of the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between two coalitions.</param>
    /// <returns>A value for each update, in units of the utility; their sum is what all of them together add.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are too many updates, or fewer than one thread.</exception>
    /// <exception cref="ArgumentException">An update was made from another model, or there are no records.</exception>
    public static double[] Of(
        GlobalModel start,
        IReadOnlyList<ModelUpdate> updates,
        Dataset heldOut,
        Func<Training.Evaluation, double>? utility = null,
        int threads = 1,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(updates);
        ArgumentNullException.ThrowIfNull(heldOut);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfZero(heldOut.Count, nameof(heldOut));
        RequireFew(updates.Count, nameof(updates));
        utility ??= one => -one.Loss;

        double[] worth = new double[1 << updates.Count];
        worth[^1] = utility(Quality(start.Average(updates), heldOut)); // All of them first: checks where they start.
        int done = 0;
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, worth.Length - 1, options, coalition =>
        {
            ModelUpdate[] joined = [.. updates.Where((_, player) => (coalition >> player & 1) == 1)];
            worth[coalition] = utility(Quality(start.Average(joined), heldOut));
            lock (worth)
            {
                progress?.Report(++done / (double)(worth.Length - 1));
            }
        });
        return Of(worth);
    }

    /// <summary>Computes the value of each player of any game.</summary>
    /// <param name="worth">What each coalition has, [2ⁿ]; bit i of the place says whether player i is in.</param>
    /// <returns>A value for each player, [n].</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are too many players.</exception>
    /// <exception cref="ArgumentException">The length is no power of two.</exception>
    public static double[] Of(ReadOnlySpan<double> worth)
    {
        if (!BitOperations.IsPow2(worth.Length))
        {
            throw new ArgumentException($"Expected 2ⁿ coalitions; got {worth.Length}.", nameof(worth));
        }

        int players = BitOperations.Log2((uint)worth.Length);
        RequireFew(players, nameof(worth));
        double[] values = new double[players];
        for (int player = 0; player < players; player++)
        {
            values[player] = ValueOf(player, players, worth);
        }

        return values;
    }

    // Σ |S|!(n − |S| − 1)! · (v(S ∪ i) − v(S)) / n!: so many orders let i join right after S.
    private static double ValueOf(int player, int players, ReadOnlySpan<double> worth)
    {
        double sum = 0;
        for (int coalition = 0; coalition < worth.Length; coalition++)
        {
            if ((coalition >> player & 1) == 0)
            {
                int size = BitOperations.PopCount((uint)coalition);
                int orders = Factorial(size) * Factorial(players - size - 1);
                sum += orders * (worth[coalition | (1 << player)] - worth[coalition]);
            }
        }

        return sum / Factorial(players);
    }

    private static int Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);

    private static void RequireFew(int players, string name)
    {
        if (players > MostPlayers)
        {
            throw new ArgumentOutOfRangeException(
                name,
                players,
                $"Expected at most {MostPlayers} players, as each of 2ⁿ coalitions is evaluated; got {players}.");
        }
    }

    private static Training.Evaluation Quality(GlobalModel model, Dataset records)
    {
        Network network = Network.Create(model.Spec);
        network.Load(model.ToCheckpoint());
        return network.Evaluate(records);
    }
}
