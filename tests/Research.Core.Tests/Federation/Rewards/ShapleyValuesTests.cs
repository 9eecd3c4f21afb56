using Research.Federation;
using Research.Federation.Aggregation;
using Research.Federation.Rewards;
using Research.Training;

namespace Research.Tests.Federation.Rewards;

public sealed class ShapleyValuesTests
{
    private static readonly GlobalModel Start = GlobalModel.Initial(FederatedDigits.Spec);
    private static readonly Lazy<ModelUpdate[]> Updates = new(() => [.. Enumerable.Range(0, 3).Select(part =>
        ModelUpdate.Forge(Start, 0, FederatedDigits.Delta(Start, FederatedDigits.Train(Start, part, 12))))]);

    // The definition: the mean over all orders of what a player adds to those before it.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Of_RandomGames_IsTheMeanOverAllOrders(int players)
    {
        Random random = new(players);
        for (int game = 0; game < 20; game++)
        {
            double[] worth = [.. Enumerable.Range(0, 1 << players).Select(_ => random.NextDouble() - 0.5)];

            double[] values = ShapleyValues.Of(worth);

            Assert.Equal(ByOrders(players, worth), values, (x, y) => Math.Abs(x - y) < 1e-12);
        }
    }

    [Fact]
    public void Of_EightPlayers_IsEfficient()
    {
        Random random = new(8);
        double[] worth = [.. Enumerable.Range(0, 1 << 8).Select(_ => random.NextDouble())];

        Assert.Equal(worth[^1] - worth[0], ShapleyValues.Of(worth).Sum(), 1e-12);
    }

    // Shapley 1953's own kind of example: a majority game of weights 2, 1, 1 and quota 3 has values 2/3, 1/6, 1/6.
    [Fact]
    public void Of_WeightedMajority_IsThePivotsShare()
    {
        int[] weights = [2, 1, 1];
        double[] worth = [.. Enumerable.Range(0, 8).Select(coalition =>
            weights.Where((_, player) => (coalition >> player & 1) == 1).Sum() >= 3 ? 1.0 : 0)];

        Assert.Equal([2 / 3.0, 1 / 6.0, 1 / 6.0], ShapleyValues.Of(worth), (x, y) => Math.Abs(x - y) < 1e-15);
    }

    [Fact]
    public void Of_SymmetricAndNullPlayers_AreEqualAndNothing()
    {
        // Players 0 and 1 are worth the square of how many of them are in; player 2 changes nothing.
        double[] worth = [0, 1, 1, 4, 0, 1, 1, 4];

        Assert.Equal([2, 2, 0], ShapleyValues.Of(worth));
    }

    [Fact]
    public void Of_NobodyPlays_IsNothing() => Assert.Empty(ShapleyValues.Of([7.0]));

    [Fact]
    public void Of_Round_AddsUpToWhatTheMeanOfAllImproves()
    {
        double[] values = ShapleyValues.Of(Start, Updates.Value, FederatedDigits.Split.Test);

        double gain = Loss(Start) - Loss(Start.Average(Updates.Value));
        Assert.Equal(gain, values.Sum(), 1e-12);
        Assert.All(values, value => Assert.True(value > 0));
    }

    [Fact]
    public void Of_Accuracy_AddsUpToAccuracy()
    {
        double[] values = ShapleyValues.Of(Start, Updates.Value, FederatedDigits.Split.Test, one => one.Accuracy);

        double gain = Quality(Start.Average(Updates.Value)).Accuracy - Quality(Start).Accuracy;
        Assert.Equal(gain, values.Sum(), 1e-12);
    }

    [Fact]
    public void Of_AnyNumberOfThreads_IsTheSameToTheBit() => Assert.Equal(
        ShapleyValues.Of(Start, Updates.Value, FederatedDigits.Split.Test, threads: 1),
        ShapleyValues.Of(Start, Updates.Value, FederatedDigits.Split.Test, threads: 5));

    [Fact]
    public void Of_NinePlayers_AreRefusedBeforeAnyWork()
    {
        ModelUpdate[] nine = [.. Enumerable.Repeat(Updates.Value[0], 9)];
        int evaluated = 0;

        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(
            () => ShapleyValues.Of(Start, nine, FederatedDigits.Split.Test, _ => ++evaluated));

        Assert.Contains("at most 8 players", refused.Message, StringComparison.Ordinal);
        Assert.Contains("got 9", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, evaluated);
        Assert.Throws<ArgumentOutOfRangeException>(() => ShapleyValues.Of(new double[1 << 9]));
        Assert.Throws<ArgumentException>(() => ShapleyValues.Of(new double[3]));
        Assert.Throws<ArgumentException>(() => ShapleyValues.Of([]));
    }

    [Fact]
    public void Of_UpdateOfAnotherModel_IsRefused()
    {
        GlobalModel other = Start.Average(Updates.Value);

        Assert.Throws<ArgumentException>(() => ShapleyValues.Of(other, Updates.Value, FederatedDigits.Split.Test));
    }

    [Fact]
    public void Of_Cancelled_Stops()
    {
        using CancellationTokenSource source = new();
        CountingProgress progress = new(source.Cancel);

        Assert.ThrowsAny<OperationCanceledException>(() => ShapleyValues.Of(
            Start,
            Updates.Value,
            FederatedDigits.Split.Test,
            progress: progress,
            cancellationToken: source.Token));
        Assert.InRange(progress.Last, 0.01, 0.99);
    }

    [Fact]
    public void Of_Progress_EndsAtOne()
    {
        CountingProgress progress = new(() => { });

        ShapleyValues.Of(Start, Updates.Value, FederatedDigits.Split.Test, threads: 2, progress: progress);

        Assert.Equal(1, progress.Last);
    }

    private static double Loss(GlobalModel model) => Quality(model).Loss;

    private static Research.Training.Evaluation Quality(GlobalModel model)
    {
        Network network = Network.Create(model.Spec);
        network.Load(model.ToCheckpoint());
        return network.Evaluate(FederatedDigits.Split.Test);
    }

    private static double[] ByOrders(int players, double[] worth)
    {
        int[][] orders = [.. Orders([.. Enumerable.Range(0, players)])];
        double[] values = new double[players];
        foreach (int[] order in orders)
        {
            int before = 0;
            foreach (int player in order)
            {
                int after = before | (1 << player);
                values[player] += (worth[after] - worth[before]) / orders.Length;
                before = after;
            }
        }

        return values;
    }

    private static IEnumerable<int[]> Orders(int[] players) => players.Length == 0
        ? [[]]
        : players.SelectMany(first =>
            Orders([.. players.Where(one => one != first)]).Select(rest => (int[])[first, .. rest]));

    private sealed class CountingProgress(Action heard) : IProgress<double>
    {
        public double Last { get; private set; }

        public void Report(double value)
        {
            Last = value;
            heard();
        }
    }
}
