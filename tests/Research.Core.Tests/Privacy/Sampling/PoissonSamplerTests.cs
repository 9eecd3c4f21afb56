using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.Distributions;
using Research.Privacy.Mechanisms;
using Research.Privacy.Sampling;

namespace Research.Tests.Privacy.Sampling;

public sealed class PoissonSamplerTests
{
    [Fact]
    public void Sample_RateZeroOrOne_ChoosesNoneOrAll()
    {
        PoissonSampler sampler = new(new CryptographicRandom());
        List<int> chosen = [99];

        sampler.Sample(1000, 0, chosen);
        Assert.Empty(chosen);
        sampler.Sample(1000, 1, chosen);
        Assert.Equal(Enumerable.Range(0, 1000), chosen);
        sampler.Sample(0, 0.5, chosen);
        Assert.Empty(chosen);
    }

    [Theory]
    [InlineData(0.5, 1UL << 63)]
    [InlineData(1.0 / 4294967296, 1UL << 32)]
    [InlineData(5.421010862427522e-20, 1UL)] // 2⁻⁶⁴
    [InlineData(5.4e-20, 0UL)] // less than one in 2⁶⁴: never
    [InlineData(0.99999999999999989, 0xFFFFFFFFFFFFF800UL)]
    public void Threshold_KnownRates_AreRoundedDown(double rate, ulong expected) =>
        Assert.Equal(expected, PoissonSampler.Threshold(rate));

    // threshold ≤ q·2⁶⁴ < threshold + 1, in exact integers: q = mantissa·2^exponent.
    [Fact]
    public void Threshold_AnyRate_NeverExceedsIt() =>
        Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), bits =>
        {
            double rate = BitConverter.UInt64BitsToDouble(bits % BitConverter.DoubleToUInt64Bits(1.0));
            int shift = (int)(BitConverter.DoubleToUInt64Bits(rate) >> 52);
            ulong mantissa = (BitConverter.DoubleToUInt64Bits(rate) & ((1UL << 52) - 1)) | (shift == 0 ? 0 : 1UL << 52);
            int exponent = Math.Max(shift, 1) - 1075 + 64;
            BigInteger exact = exponent >= 0 ? (BigInteger)mantissa << exponent : (BigInteger)mantissa >> -exponent;
            return exact == PoissonSampler.Threshold(rate);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.1)]
    [InlineData(0.73)]
    public void Sample_BatchSizes_AreBinomial(double rate)
    {
        const int Records = 1500; // more than one block of the generator
        const int Draws = 5_000;
        Binomial law = new(rate, Records);
        int lowest = (int)(law.Mean - (3 * law.StdDev));
        int cells = (int)(6 * law.StdDev) + 2;
        double[] observed = new double[cells];
        foreach (List<int> batch in Batches(Records, rate, Draws))
        {
            observed[Math.Clamp(batch.Count - lowest, 0, cells - 1)]++;
        }

        double[] expected = new double[cells];
        for (int size = 0; size <= Records; size++)
        {
            expected[Math.Clamp(size - lowest, 0, cells - 1)] += Draws * law.Probability(size);
        }

        int first = Array.FindIndex(expected, count => count > 5);
        int last = Array.FindLastIndex(expected, count => count > 5);
        Range counted = first..(last + 1);
        Assert.True(Goodness.ChiSquareP(observed.AsSpan(counted), expected.AsSpan(counted)) > Goodness.LeastP);
    }

    [Fact]
    public void Sample_EachRecordAndEachPairOfNeighbours_ComeAtTheirRate()
    {
        const int Records = 1100; // more than one block of the generator
        const int Draws = 5_000;
        const double Rate = 0.2;
        double[] single = new double[Records];
        double[] pair = new double[Records - 1];
        foreach (List<int> batch in Batches(Records, Rate, Draws))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                single[batch[i]]++;
                if (i > 0 && batch[i - 1] == batch[i] - 1)
                {
                    pair[batch[i - 1]]++;
                }
            }
        }

        // Sums of squared standard scores: χ² with one degree of freedom each.
        double ofSingle = single.Sum(n => Math.Pow(n - (Draws * Rate), 2) / (Draws * Rate * (1 - Rate)));
        double both = Rate * Rate;
        double ofPairs =
            pair.Where((_, i) => i % 2 == 0).Sum(n => Math.Pow(n - (Draws * both), 2) / (Draws * both * (1 - both)));
        Assert.InRange(ChiSquared.CDF(Records, ofSingle), Goodness.LeastP, 1 - Goodness.LeastP);
        Assert.InRange(ChiSquared.CDF(Records / 2, ofPairs), Goodness.LeastP, 1 - Goodness.LeastP);
    }

    [Fact]
    public void Sample_SameSeed_ChoosesTheSameAndNeverSharesBytesWithNoise()
    {
        InsecureSeededRandom shared = new(4, "run");
        PoissonSampler sampler = new(shared);
        float[] noise = new float[8];
        new GaussianNoise(shared).Add(noise, 1); // Takes its own stream: what follows is as without it.
        List<int> chosen = [];
        sampler.Sample(500, 0.3, chosen);

        Assert.Equal(Batches(500, 0.3, 1, new InsecureSeededRandom(4, "run")).Single(), chosen);
    }

    // Plain loop over the words of the same stream.
    [Theory]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(1003)]
    public void Sample_AnyCount_ChoosesTheWordsBelowTheThreshold(int records)
    {
        PoissonSampler sampler = new(new InsecureSeededRandom(12, "plain"));
        KeyStream stream = new(new InsecureSeededRandom(12, "plain").Fork("poisson-sampling"));
        ulong[] words = new ulong[KeyStream.ChunkWords];
        List<int> chosen = [];
        uint chunk = 0;
        for (int draw = 0; draw < 20; draw++)
        {
            List<int> expected = [];
            for (int record = 0; record < records; record++)
            {
                if (record % words.Length == 0)
                {
                    stream.Read(chunk++, words);
                }

                if (words[record % words.Length] < PoissonSampler.Threshold(0.37))
                {
                    expected.Add(record);
                }
            }

            sampler.Sample(records, 0.37, chosen);
            Assert.Equal(expected, chosen);
        }

        Assert.Equal(chunk, sampler.Position);
    }

    [Fact]
    public void Position_Restored_GoesOnWithTheSameBatches()
    {
        PoissonSampler first = new(new InsecureSeededRandom(6, "resume"));
        List<int> next = [];
        List<int> again = [];
        first.Sample(700, 0.2, next);
        ulong position = first.Position;
        first.Sample(700, 0.2, next);

        PoissonSampler resumed = new(new InsecureSeededRandom(6, "resume")) { Position = position };
        resumed.Sample(700, 0.2, again);

        Assert.Equal(next, again);
    }

    [Fact]
    public void Sample_IntoAListWithRoom_AllocatesNothing()
    {
        PoissonSampler sampler = new(new CryptographicRandom());
        List<int> chosen = new(1000);
        sampler.Sample(1000, 0.5, chosen);

        long least = AllocatedBytes.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                sampler.Sample(1000, 0.5, chosen);
            }
        });

        Assert.Equal(0, least);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0000001)]
    [InlineData(double.NaN)]
    public void Sample_RateOutOfRange_IsRefusedByName(double rate)
    {
        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(
            () => new PoissonSampler(new CryptographicRandom()).Sample(10, rate, []));
        Assert.Equal("sampleRate", e.ParamName);
    }

    private static IEnumerable<List<int>> Batches(int records, double rate, int draws, RandomSource? source = null)
    {
        PoissonSampler sampler = new(source ?? new InsecureSeededRandom(20261122, "poisson"));
        List<int> chosen = [];
        for (int i = 0; i < draws; i++)
        {
            sampler.Sample(records, rate, chosen);
            yield return chosen;
        }
    }
}
