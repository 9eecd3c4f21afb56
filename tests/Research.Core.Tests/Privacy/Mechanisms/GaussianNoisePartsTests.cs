using Research.Privacy.Mechanisms;

namespace Research.Tests.Privacy.Mechanisms;

/// <summary>Parts, positions and memory of <see cref="GaussianNoise"/>.</summary>
public sealed class GaussianNoisePartsTests
{
    // Parts in any order, also at the same time, have the bits of one call; a short call uses whole blocks.
    [Fact]
    public void AddPart_DisjointParts_HaveTheBitsOfTheWhole()
    {
        const int Half = 17 * GaussianNoise.PartBlock;
        float[] whole = new float[5000];
        new GaussianNoise(new InsecureSeededRandom(20261122, "parts")).Add(whole, 1.5);
        float[] parts = new float[whole.Length];
        GaussianNoise noise = new(new InsecureSeededRandom(20261122, "parts"));
        noise.AddPart(parts.AsSpan(Half), Half, GaussianNoise.Grid(1.5));
        Parallel.For(0, 17, i =>
        {
            int from = i * GaussianNoise.PartBlock;
            noise.AddPart(parts.AsSpan(from, GaussianNoise.PartBlock), from, GaussianNoise.Grid(1.5));
        });
        noise.Advance(parts.Length);

        Assert.Equal(whole, parts);
        Assert.Equal((5000UL + GaussianNoise.PartBlock - 1) / GaussianNoise.PartBlock, noise.Position);
    }

    [Fact]
    public void AddPart_OffsetWithinABlock_IsRefused()
    {
        GaussianNoise noise = new(new CryptographicRandom());
        NoiseGrid grid = GaussianNoise.Grid(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => noise.AddPart(new float[8], 8, grid));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => noise.AddPart(new float[8], -GaussianNoise.PartBlock, grid));
    }

    [Fact]
    public void Position_Restored_GoesOnWithTheSameBits()
    {
        GaussianNoise first = new(new InsecureSeededRandom(6, "resume"));
        float[] values = new float[301];
        first.Add(values, 1);
        ulong position = first.Position;
        float[] next = new float[301];
        first.Add(next, 1);

        GaussianNoise resumed = new(new InsecureSeededRandom(6, "resume")) { Position = position };
        float[] again = new float[301];
        resumed.Add(again, 1);

        Assert.Equal(next, again);
        Assert.NotEqual(values, next);
    }

    // Its key is another one after every vector, so not even setting the position back repeats noise.
    [Fact]
    public void Position_SetBackUnderACryptographicSource_NeverRepeatsNoise()
    {
        GaussianNoise noise = new(new CryptographicRandom());
        float[] first = new float[64];
        float[] second = new float[64];
        noise.Add(first, 1);
        noise.Position = 0;
        noise.Add(second, 1);

        Assert.True(first.Zip(second).Count(pair => pair.First == pair.Second) < 8);
    }

    [Fact]
    public void Add_AfterTheFirst_AllocatesNothing()
    {
        GaussianNoise seeded = new(new InsecureSeededRandom(8, "allocation"));
        GaussianNoise cryptographic = new(new CryptographicRandom());
        float[] values = new float[1000];
        seeded.Add(values, 1);
        cryptographic.Add(values, 1);

        long least = AllocatedBytes.Least(() =>
        {
            for (int i = 0; i < 2000; i++) // Past a refill of the cryptographic source's buffer.
            {
                seeded.Add(values, 1);
                cryptographic.Add(values, 1);
            }
        });

        Assert.Equal(0, least);
    }
}
