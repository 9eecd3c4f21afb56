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

    // Blocks of a handful of updates, and every way to send somebody's noise again.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Find_UpdatesInSeveralBlocks_GivesWhatPairsGive(int threads)
    {
        GlobalModel start = ModelOf(600, 1000);
        int weights = start.Weights.Length;
        Random random = new(7);
        List<int[]> deltas = [.. Enumerable.Range(0, 6).Select(_ => Drawn(random, weights))];
        deltas.Insert(3, [.. deltas[0].Select(one => 3 * one)]);
        deltas.Add([.. deltas[1].Select(one => -one)]);
        deltas.Add(Sum(deltas[2], Drawn(random, weights), 1.0, 0.5));
        deltas.Add(Sum(deltas[2], Drawn(random, weights), 1.0, 1.1));
        deltas.Add(Sum(deltas[4], deltas[5], 0.5, 0.5)); // Shorter than what must be apart: like anybody's.
        deltas.Add(deltas[^2]);
        deltas.Add(deltas[3]);
        Paid[] entries = [.. deltas.Select((delta, i) => Entry(start, delta, i))];
        BigInteger least = new(0.8 * Noise * Noise * weights);

        SharedNoise.Twin?[] twins = SharedNoise.Find(least, weights, entries, threads, null, CancellationToken.None);

        Assert.Equal(ByPairs(entries, least), twins);
        Assert.Equal([null, null, null, 0, null, null, null, 1, 2, null, 0, 9, 0], twins.Select(one => one?.Place));
    }

    // The float product leaves the border open; integers decide it to the unit.
    [Fact]
    public void Find_PairAtTheBorder_IsDecidedToTheUnit()
    {
        GlobalModel start = ModelOf(20, 50);
        int weights = start.Weights.Length;
        Random random = new(11);
        int[] first = Drawn(random, weights);
        Paid[] entries = [Entry(start, first, 0), Entry(start, Sum(first, Drawn(random, weights), 1, 0.9), 1)];
        BigInteger dot = WideVectors.Dot(entries[0].Open(), entries[1].Open());
        BigInteger apart = entries[1].Measure.Squared - (dot * dot / entries[0].Measure.Squared);

        Assert.Null(SharedNoise.Find(apart - 1, weights, entries, 1, null, CancellationToken.None)[1]);
        Assert.Equal(
            new SharedNoise.Twin(0, dot),
            SharedNoise.Find(apart, weights, entries, 1, null, CancellationToken.None)[1]);
    }

    [Fact]
    public void Find_NobodyOrOne_FindsNothing()
    {
        GlobalModel start = ModelOf(20, 50);
        int weights = start.Weights.Length;

        Assert.Empty(SharedNoise.Find(1, weights, [], 1, null, CancellationToken.None));
        Assert.Equal(
            [null],
            SharedNoise.Find(
                1, weights, [Entry(start, Drawn(new Random(1), weights), 0)], 1, null, CancellationToken.None));
    }

    private static SharedNoise.Twin?[] ByPairs(Paid[] entries, BigInteger least)
    {
        SharedNoise.Twin?[] twins = new SharedNoise.Twin?[entries.Length];
        for (int later = 0; later < entries.Length; later++)
        {
            for (int earlier = later - 1; earlier >= 0; earlier--)
            {
                BigInteger dot = 0;
                ReadOnlySpan<int> a = entries[later].Open();
                ReadOnlySpan<int> b = entries[earlier].Open();
                for (int i = 0; i < a.Length; i++)
                {
                    dot += (long)a[i] * b[i];
                }

                if (entries[later].Measure.Squared - (dot * dot / entries[earlier].Measure.Squared) <= least)
                {
                    twins[later] = new SharedNoise.Twin(earlier, dot);
                }
            }
        }

        return twins;
    }

    private static Paid Entry(GlobalModel start, int[] delta, int index)
    {
        ModelUpdate update = ModelUpdate.Forge(start, 0, delta);
        UpdateMeasure measure = new(1, WideVectors.Dot(delta, delta), 1, 1, true, true);
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
