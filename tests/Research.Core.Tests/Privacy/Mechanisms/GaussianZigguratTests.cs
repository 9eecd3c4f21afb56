using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using MathNet.Numerics.Distributions;
using Research.Privacy.Mechanisms;

namespace Research.Tests.Privacy.Mechanisms;

public sealed class GaussianZigguratTests
{
    // Oracle: mpmath at 400 bits, floor(2¹⁹²·S·√(π/2)·(erfc(m/S√2) − erfc((m + 1)/S√2))), S = 2²⁴.
    [Theory]
    [InlineData(0, "6277101735386677047044923001439123530878833277339232303279")]
    [InlineData(1, "6277101735386654746299724470875403117046258776619768019119")]
    [InlineData(1000003, "6265961182532052189897529089133329856057756811703717150931")]
    [InlineData(16777216, "3807254543182368914049946239228018857072982403607636508085")]
    [InlineData(50331648, "69732295214052155720848434291875217201794203356071884019")]
    [InlineData(75664951, "240434474381547303600373250746601114561338749496195522")]
    [InlineData(134217728, "79494236592538778849887557006636360025633839")]
    [InlineData(268435455, "161")]
    public void MassBounds_AgainstMpmath_EncloseTheTruthTightly(uint cell, string expected)
    {
        BigInteger truth = BigInteger.Parse(expected, CultureInfo.InvariantCulture);
        (BigInteger lower, BigInteger upper) = GaussianCell.MassBounds(cell, 192);

        Assert.InRange(lower, truth - 1, truth);
        Assert.InRange(upper, truth + 1, truth + 2);
        double relative = Math.Abs(GaussianCell.Mass(cell) / Math.ScaleB((double)truth, -192) - 1);
        Assert.True(relative < Math.ScaleB(1, -42) || truth < 1000, $"{relative}");
    }

    // The conditions of the proof, in exact arithmetic: no part of the graph outside the layers, and sure cells
    // under the graph over the whole height.
    [Fact]
    public void Layers_AllOfThem_CoverTheGraphAndAreSureWhereTheySay()
    {
        const int Bits = 128;
        BigInteger lower = 0; // Bounds on the layer's bottom, times 2^Bits.
        BigInteger upper = 0;
        Assert.Equal(GaussianZiggurat.Cutoff, GaussianZiggurat.Width(0));
        for (int layer = 0; layer < GaussianZiggurat.Layers; layer++)
        {
            uint width = GaussianZiggurat.Width(layer);
            uint sure = GaussianZiggurat.SureCells(layer);
            Assert.True(layer == 0 || GaussianCell.MassBounds(width, Bits).Upper <= lower, $"width of {layer}");
            Assert.True(layer == 0 || width < GaussianZiggurat.Width(layer - 1), $"order of {layer}");

            lower += ((BigInteger)GaussianZiggurat.Area << Bits) / width;
            upper += (((BigInteger)GaussianZiggurat.Area << Bits) / width) + 1;
            Assert.True(sure == 0 || GaussianCell.MassBounds(sure - 1, Bits).Lower >= upper, $"sure of {layer}");
        }

        Assert.True(GaussianCell.MassBounds(0, Bits).Upper <= lower, "the top");
    }

    // The double-precision comparison stays within a quarter of its margin of 2⁻²⁸.
    [Fact]
    public void Mass_InUnitsOfLayers_ErrsByLessThanTheMargin()
    {
        Random random = new(20261122);
        for (int i = 0; i < 500; i++)
        {
            int layer = random.Next(GaussianZiggurat.Layers);
            uint cell = (uint)random.NextInt64(GaussianZiggurat.SureCells(layer), GaussianZiggurat.Width(layer));
            (BigInteger lower, BigInteger upper) = GaussianCell.PartOfLayer(layer, cell, 128);
            double part = GaussianZiggurat.PartOfLayer(layer, cell);
            Assert.True(upper - lower < 1L << 20);
            Assert.InRange(Math.ScaleB((double)lower, -128) - part, -Math.ScaleB(1, -30), Math.ScaleB(1, -30));
        }
    }

    // Heights that differ from the mass in the third or fourth word only: far beyond double precision.
    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(2047)]
    public void Draw_HeightEqualToTheMassInManyBits_IsDecidedRightly(int layer)
    {
        uint cell = (GaussianZiggurat.SureCells(layer) + GaussianZiggurat.Width(layer)) / 2;
        ulong[] height = [.. Enumerable.Range(0, 4).Select(i =>
            (ulong)((GaussianCell.PartOfLayer(layer, cell, 256).Lower >> (64 * (3 - i))) & ulong.MaxValue))];
        ulong word = WordOf(layer, cell);
        ulong other = WordOf(0, 12345); // Sure: ends the draw that follows a rejection.

        ListedWords below = new(height[0], height[1], height[2] - 1, 0);
        Assert.Equal(cell + 0.5, GaussianZiggurat.Draw(word, ref below));
        ListedWords above = new(height[0], height[1], height[2] + 1, other);
        Assert.Equal(12345.5, GaussianZiggurat.Draw(word, ref above));
        Assert.Equal((3, 4), (below.Used, above.Used));
    }

    // Lemire's rejection: a product whose lower part is 0 belongs to the 2⁵² mod width that are too many.
    [Fact]
    public void Draw_RemainderBelowTheThreshold_TakesAnotherWord()
    {
        ListedWords more = new(WordOf(7, 99) | GaussianZiggurat.Layers);

        Assert.Equal(-99.5, GaussianZiggurat.Draw(1000, ref more));
        Assert.Equal(1, more.Used);
    }

    // Crafted words: borders of the sure cells, remainders around Lemire's threshold, each layer and sign.
    [Fact]
    public void AddChunk_CraftedWords_HasTheBitsOfDraw()
    {
        const int Words = KeyStream.ChunkWords;
        uint[] key = [1, 2, 3, 4, 5, 6, 7, 8];
        NoiseGrid grid = GaussianNoise.Grid(1.7);
        Random random = new(4);
        for (ulong chunk = 0; chunk < 200; chunk++)
        {
            ulong[] words = new ulong[Words];
            for (int i = 0; i < Words; i++)
            {
                int layer = random.Next(GaussianZiggurat.Layers);
                uint cell = (i % 4) switch
                {
                    0 => 0,
                    1 => GaussianZiggurat.SureCells(layer),
                    2 => Math.Max(1, GaussianZiggurat.SureCells(layer)) - 1,
                    _ => GaussianZiggurat.Width(layer) - 1,
                };
                words[i] = WordOf(layer, cell) + ((ulong)random.Next(2) << GaussianZiggurat.LayerBits);
                words[i] += (ulong)random.Next(2) << (GaussianZiggurat.LayerBits + 1);
            }

            float[] values = [.. Enumerable.Range(0, Words).Select(i => i * 0.37f)];
            float[] expected = [.. values.Select((value, i) => Plain(key, chunk, i, words[i], value, grid))];
            NoiseKernel.AddChunk(key, chunk, values, words, grid);
            Assert.Equal(expected, values);
        }
    }

    [Theory]
    [InlineData(1.0, 0f)]
    [InlineData(3e-20, 1e-19f)]
    [InlineData(0.7, 1e30f)] // Larger than its noise by 2¹⁰⁰.
    public void Add_LongVector_HasTheBitsOfTheScalarForm(double deviation, float value)
    {
        float[] values = new float[100_001];
        Array.Fill(values, value);
        new GaussianNoise(new InsecureSeededRandom(5, "scalar")).Add(values, deviation);

        uint[] key = new uint[ChaCha.KeyWords];
        new InsecureSeededRandom(5, "scalar").Fork("gaussian-noise").Fill(MemoryMarshal.AsBytes(key.AsSpan()));
        ulong[] words = new ulong[KeyStream.ChunkWords];
        for (int i = 0; i < values.Length; i++)
        {
            if (i % words.Length == 0)
            {
                ChaCha.Write(key, (ulong)(i / words.Length), words);
            }

            float expected = Plain(
                key, (ulong)(i / words.Length), i % words.Length, words[i % words.Length], value,
                GaussianNoise.Grid(deviation));
            Assert.Equal(expected, values[i]);
        }
    }

    // The tail is base layer alone: 5 to 16 deviations, by its own distribution.
    [Fact]
    public void Draw_OnlyTheBaseLayer_HasTheGaussiansTail()
    {
        const int Count = 3_000_000;
        double[] edges = [4.75, 5, 5.25, 5.5, 6];
        double[] observed = new double[edges.Length];
        double start = 4.6;
        int total = 0;
        SeededWords more = new("tail");
        for (int i = 0; i < Count; i++)
        {
            // A draw that is rejected goes on in any layer: it ends below the start unless it is base again.
            double draw = Math.Abs(GaussianZiggurat.Draw(more.Next() & ~(GaussianZiggurat.Layers - 1UL), ref more));
            double x = draw / GaussianZiggurat.Deviation;
            if (x >= start)
            {
                int cell = Array.BinarySearch(edges, x);
                observed[Math.Min(cell < 0 ? ~cell : cell, edges.Length - 1)]++;
                total++;
            }
        }

        double[] beyond = [Normal.CDF(0, 1, -start), .. edges[..^1].Select(edge => Normal.CDF(0, 1, -edge)), 0];
        double[] expected = [.. edges.Select((_, i) => total * (beyond[i] - beyond[i + 1]) / beyond[0])];
        Assert.True(total > 20_000);
        Assert.True(Goodness.ChiSquareP(observed, expected) > Goodness.LeastP);
    }

    // What a float no longer holds: the sample's lowest 8 bits and its sign are uniform.
    [Fact]
    public void Draw_ManySamples_HaveUniformLowBits()
    {
        const int Count = 1 << 20;
        double[] observed = new double[512];
        SeededWords more = new("low bits");
        for (int i = 0; i < Count; i++)
        {
            double draw = GaussianZiggurat.Draw(more.Next(), ref more);
            observed[((int)Math.Abs(draw) & 255) + (draw < 0 ? 256 : 0)]++;
        }

        double[] expected = [.. Enumerable.Repeat(Count / 512.0, 512)];
        Assert.True(Goodness.ChiSquareP(observed, expected) > Goodness.LeastP);
    }

    private static float Plain(
        ReadOnlySpan<uint> key, ulong chunk, int at, ulong word, float value, in NoiseGrid grid)
    {
        RetryWords more = new(key, (chunk * KeyStream.ChunkWords) + (ulong)at, new uint[ChaCha.ChunkWords]);
        double noise = GaussianZiggurat.Draw(word, ref more);
        return (float)((Math.Round(value * grid.StepsPerUnit) + noise) * grid.Step);
    }

    // The least word that chooses a cell of a layer, with a positive sign.
    private static ulong WordOf(int layer, uint cell)
    {
        BigInteger scale = BigInteger.One << GaussianZiggurat.CellBits;
        uint width = GaussianZiggurat.Width(layer);
        BigInteger u = ((cell * scale) + width - 1) / width;
        if ((u * width % scale) < (scale % width))
        {
            u++;
        }

        return ((ulong)u << (GaussianZiggurat.LayerBits + 1)) | (uint)layer;
    }
}
