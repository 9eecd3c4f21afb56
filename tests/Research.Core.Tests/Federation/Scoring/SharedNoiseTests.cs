using System.Numerics;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Federation.Rewards;
using Research.Federation.Scoring;
using Research.Training;
using Research.Training.Layers;

namespace Research.Tests.Federation.Scoring;

public sealed class SharedNoiseTests
{
    private const int Noise = 1000; // Its deviation, in units.

    // Several blocks, and every way to send somebody's noise again, beside the definition in doubles.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Find_UpdatesInSeveralBlocks_FindsWhatTheDefinitionFinds(int threads)
    {
        GlobalModel start = ModelOf(2000, 3000);
        int weights = start.Weights.Length;
        Random random = new(7);
        List<int[]> deltas = [.. Enumerable.Range(0, 4).Select(_ => Drawn(random, weights))];
        deltas.Insert(3, [.. deltas[0].Select(one => 3 * one)]);
        deltas.Add([.. deltas[1].Select(one => -one)]);
        deltas.Add(Sum(deltas[2], Drawn(random, weights), 1.0, 2.0));
        deltas.Add(Sum(deltas[0], deltas[1], 0.7, 0.7));
        Paid[] entries = [.. deltas.Select((delta, i) => Entry(start, delta, i))];
        BigInteger least = new(0.8 * Noise * Noise * weights);

        SharedNoise.Explanation?[] found =
            SharedNoise.Find(_ => least, weights, entries, threads, null, CancellationToken.None);

        Assert.Equal([null, null, null, 0, null, 1, null, 0], found.Select(one => one?.Place));
        Assert.Equal(ByDefinition(entries, (double)least), found.Select(one => one is not null));
    }

    // Whoever mixes what leaked has no noise beside its sources, however many they are and however loud it is.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(16)]
    public void Find_MixtureOfEarlierUpdates_IsExplained(int sources)
    {
        GlobalModel start = ModelOf(50, 50);
        int weights = start.Weights.Length;
        Random random = new(11);
        int[][] honest = [.. Enumerable.Range(0, 20).Select(_ => Drawn(random, weights))];
        int[] mixture = [.. Enumerable.Range(0, weights).Select(i =>
            (int)Math.Round(honest.Take(sources).Sum(one => (double)one[i]) / Math.Sqrt(sources)))];
        Paid[] entries = [.. honest.Append(mixture).Select((delta, i) => Entry(start, delta, i))];
        BigInteger least = new(0.7 * Noise * Noise * weights);

        SharedNoise.Explanation?[] found =
            SharedNoise.Find(_ => least, weights, entries, 1, null, CancellationToken.None);

        Assert.All(found.SkipLast(1), one => Assert.Null(one));
        Assert.NotNull(found[^1]);
        Assert.InRange(found[^1]!.Value.Place, 0, sources - 1);
        Assert.Equal(ByDefinition(entries, (double)least), found.Select(one => one is not null));
    }

    // What an earlier update leaves is decided to the unit, and its signal follows from the same elimination.
    [Fact]
    public void Find_PairAtTheBorder_IsDecidedToTheUnit()
    {
        GlobalModel start = ModelOf(20, 50);
        int weights = start.Weights.Length;
        Random random = new(11);
        int[] first = Drawn(random, weights);
        Paid[] entries = [Entry(start, first, 0), Entry(start, Sum(first, Drawn(random, weights), 1, 0.9), 1)];
        BigInteger dot = WideVectors.Dot(entries[0].OpenCounted(), entries[1].OpenCounted());
        BigInteger squared = entries[0].Measure.Squared;
        BigInteger left = (entries[1].Measure.Squared * squared) - (dot * dot);
        BigInteger apart = (left + squared - 1) / squared; // Rounded up.

        Assert.Null(SharedNoise.Find(_ => apart - 1, weights, entries, 1, null, CancellationToken.None)[1]);
        Assert.Equal(
            new SharedNoise.Explanation(0, ((entries[1].Measure.Signal * squared) - (dot * entries[0].Measure.Signal)) / squared),
            SharedNoise.Find(_ => apart, weights, entries, 1, null, CancellationToken.None)[1]);
    }

    // Copies of copies, and updates that span each other exactly.
    [Fact]
    public void Find_ManyCopies_AreAllExplainedByTheFirst()
    {
        GlobalModel start = ModelOf(20, 50);
        int weights = start.Weights.Length;
        int[] first = Drawn(new Random(1), weights);
        Paid[] entries = [.. Enumerable.Range(0, 12).Select(_ => Entry(start, first, 0))];

        SharedNoise.Explanation?[] found =
            SharedNoise.Find(_ => 0, weights, entries, 1, null, CancellationToken.None);

        Assert.Null(found[0]);
        Assert.All(found.Skip(1), one => Assert.Equal(new SharedNoise.Explanation(0, 0), one));
    }

    [Fact]
    public void Find_NobodyOrOne_FindsNothing()
    {
        GlobalModel start = ModelOf(20, 50);
        int weights = start.Weights.Length;

        Assert.Empty(SharedNoise.Find(_ => 1, weights, [], 1, null, CancellationToken.None));
        Assert.Equal(
            [null],
            SharedNoise.Find(
                _ => 1, weights, [Entry(start, Drawn(new Random(1), weights), 0)], 1, null, CancellationToken.None));
    }

    // By Gram and Schmidt in doubles.
    private static bool[] ByDefinition(Paid[] entries, double least)
    {
        double[][] all = [.. entries.Select(one => Array.ConvertAll(one.OpenCounted(), value => (double)value))];
        bool[] explained = new bool[all.Length];
        for (int place = 0; place < all.Length; place++)
        {
            double[] left = [.. all[place]];
            List<double[]> basis = [];
            foreach (int source in Enumerable.Range(0, place).Where(i => !explained[i])
                .OrderByDescending(i => Math.Abs(Dot(all[i], all[place])) / Math.Sqrt(Dot(all[i], all[i])))
                .Take(SharedNoise.MostSources))
            {
                double[] direction = [.. all[source]];
                basis.ForEach(one => Reject(direction, one));
                Reject(left, direction);
                basis.Add(direction);
                explained[place] |= Dot(left, left) <= least;
            }
        }

        return explained;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void Reject(double[] vector, double[] direction)
    {
        double along = Dot(vector, direction) / Dot(direction, direction);
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] -= along * direction[i];
        }
    }

    private static Paid Entry(GlobalModel start, int[] delta, int index)
    {
        ModelUpdate update = ModelUpdate.Forge(start, 0, delta);
        UpdateMeasure measure = new(1000 + index, WideVectors.Dot(delta, delta), 1, 1, true, true);
        return new Paid(
            new Submission(index, update), update.Hash, default, measure, new ParticipantScore(index, 1, 1, "earns"));
    }

    private static int[] Drawn(Random random, int weights) =>
        [.. Enumerable.Range(0, weights).Select(_ => (int)(Noise * Math.Sqrt(12) * (random.NextDouble() - 0.5)))];

    private static int[] Sum(int[] a, int[] b, double ofA, double ofB) =>
        [.. a.Zip(b, (x, y) => (int)((x * ofA) + (y * ofB)))];

    private static GlobalModel ModelOf(int inputs, int outputs) => GlobalModel.Initial(FederatedDigits.Spec with
    {
        Model = new ModelSection([inputs], 1, [new Linear(inputs, outputs)]),
    });
}
