using System.Numerics;
using MathNet.Numerics.Distributions;
using Research.Privacy.Accounting;
using Research.Privacy.Mechanisms;

namespace Research.Tests.Privacy.Mechanisms;

/// <summary>Mechanisms as values: their events, their noise, what they refuse.</summary>
public sealed class MechanismTests
{
    [Fact]
    public void Event_OfEachMechanism_IsItsKindWithTheStatedParameters()
    {
        Assert.Equal(new GaussianEvent(1, 1.5, 1), new GaussianMechanism(3, 1.5).Event);
        Assert.Equal(new LaplaceEvent(2, 1), new LaplaceMechanism(3, 2).Event);
        Assert.Equal(new DiscreteGaussianEvent(4, 1), new DiscreteGaussianMechanism(4).Event);
        Assert.Equal(new RandomizedResponseEvent(0.7, 3, 1), new RandomizedResponse(0.7, 3).Event);
        ConcentratedEvent update = Assert.IsType<ConcentratedEvent>(new UpdateMechanism(1, 3).Event);
        Assert.InRange(update.Rho, 1.0 / 18, (1.0 / 18) + 1e-16);
    }

    [Fact]
    public void Release_Gaussian_AddsNoiseOfTheMultiplierTimesTheSensitivity()
    {
        float[] values = new float[100_000];
        Array.Fill(values, 7f);
        new GaussianMechanism(5, 0.4).Release(values, new InsecureSeededRandom(1, "gaussian"));

        double[] sample = [.. values.Select(value => (double)value)];
        Assert.True(Goodness.KolmogorovSmirnovP(sample, x => Normal.CDF(7, 2, x)) > Goodness.LeastP);
    }

    [Fact]
    public void Release_Laplace_AddsNoiseOfTheScaleTimesTheSensitivity()
    {
        InsecureSeededRandom random = new(2, "laplace");
        LaplaceMechanism mechanism = new(5, 0.4);
        double[] sample = new double[10_000];
        for (int i = 0; i < sample.Length; i++)
        {
            sample[i] = mechanism.Release(-3, random);
        }

        Assert.True(Goodness.KolmogorovSmirnovP(sample, x => Laplace.CDF(-3, 2, x)) > Goodness.LeastP);
    }

    // The centre of a coarse cell: the scale of one step shows the pmf (1 − q)/2·q^m on both sides.
    [Fact]
    public void Release_LaplaceOfASmallScale_HasTheProbabilitiesOfTheCells()
    {
        InsecureSeededRandom random = new(3, "cells");
        LaplaceMechanism mechanism = new(1, Math.ScaleB(1, -40)); // 2⁴⁰ + 1 steps of sensitivity: scale 1 + 2⁻⁴⁰.
        double[] observed = new double[8];
        for (int i = 0; i < 20_000; i++)
        {
            double cell = mechanism.Release(0, random) / mechanism.Step;
            observed[(int)Math.Clamp(Math.Floor(cell) + 4, 0, 7)]++;
        }

        double q = Math.Exp(-1);
        double[] half = [(1 - q) / 2, (1 - q) * q / 2, (1 - q) * q * q / 2, q * q * q / 2];
        double[] expected = [.. half.Reverse().Concat(half).Select(p => p * 20_000)];
        Assert.True(Goodness.ChiSquareP(observed, expected) > Goodness.LeastP);
    }

    // The true odds, from the whole numbers that the draw compares, against e^ε in exact arithmetic of decimals.
    [Theory]
    [InlineData(1e-20)]
    [InlineData(1e-3)]
    [InlineData(1.0)]
    [InlineData(20.0)]
    [InlineData(64.0)]
    public void Odds_AnyEpsilon_AreBelowTheExponentialAndClose(double epsilon)
    {
        BigInteger odds = new RandomizedResponse(epsilon, 4).Odds;
        BigInteger unit = BigInteger.One << 48;

        Assert.True(odds >= unit);
        Rational x = Rational.Of(epsilon);
        BigInteger scale = BigInteger.One << 400; // e^ε by its series: a lower bound.
        BigInteger sum = 0;
        BigInteger term = scale;
        for (int n = 1; !term.IsZero; n++)
        {
            sum += term;
            term = term * x.Numerator / (x.Denominator * n);
        }

        Assert.True(odds * scale <= unit * sum);
        Assert.True((odds + 2) * scale * ((1L << 49) + 1) >= unit * sum * (1L << 49));
    }

    [Fact]
    public void Release_RandomizedResponse_HasItsProbabilities()
    {
        const int Trials = 40_000;
        RandomizedResponse mechanism = new(1, 4);
        InsecureSeededRandom random = new(4, "response");
        double[] observed = new double[4];
        for (int i = 0; i < Trials; i++)
        {
            observed[mechanism.Release(2, random)]++;
        }

        double total = Math.E + 3;
        double[] expected = [Trials / total, Trials / total, Trials * Math.E / total, Trials / total];
        Assert.True(Goodness.ChiSquareP(observed, expected) > Goodness.LeastP);
    }

    [Fact]
    public void Release_DiscreteGaussian_IsTheValuePlusNoise()
    {
        InsecureSeededRandom random = new(5, "count");
        double[] sample = new double[10_000];
        for (int i = 0; i < sample.Length; i++)
        {
            sample[i] = (double)(new DiscreteGaussianMechanism(1000).Release(500, random)) + 0.5;
        }

        Assert.True(Goodness.KolmogorovSmirnovP(sample, x => Normal.CDF(500.5, 1000, x)) > Goodness.LeastP);
    }

    [Fact]
    public void Release_Update_IsClippedAndHasTheStatedNoise()
    {
        float[] update = new float[10_000];
        Array.Fill(update, 3f); // Norm 300, clipped to 2: 0.02 each.
        UpdateMechanism mechanism = new(2, 0.5);
        long[] released = mechanism.Release(update, new InsecureSeededRandom(6, "update"));

        double deviation = 0.5 * (2 + (50 * mechanism.Step));
        double[] sample = [.. released.Select(x => x * mechanism.Step)];
        Assert.True(Goodness.KolmogorovSmirnovP(sample, x => Normal.CDF(0.02, deviation, x)) > Goodness.LeastP);
        Assert.All(update, x => Assert.Equal(3f, x));
    }

    // Neither rounding nor clipping passes the sensitivity that the variance assumes: exact whole numbers.
    [Theory]
    [InlineData(1.0, 0.3, 1)]
    [InlineData(1.9999999, 1.0, 1000)]
    [InlineData(0.001, 7.0, 235_146)]
    [InlineData(1.0, 0.3, 100_000_000)]
    public void Variance_AnyLength_IsAtLeastTheSquaredSensitivityTimesTheMultiplier(double clip, double z, int count)
    {
        UpdateMechanism mechanism = new(clip, z);
        Rational variance = mechanism.Variance(count);
        double norm = (clip / mechanism.Step) + (Math.Sqrt(count) / 2);

        Assert.InRange((double)variance.Numerator / (z * z * norm * norm), 1 - 1e-15, 1 + 1e-5);

        // σ² ≥ z²·(x + √d/2)² exactly: what is left after squares and √d are moved apart is squared once more.
        Rational x = Rational.Of(clip / mechanism.Step);
        Rational zz = Rational.Of(z) * Rational.Of(z);
        BigInteger common = zz.Numerator * x.Denominator * x.Denominator * 4;
        BigInteger left = (variance.Numerator * zz.Denominator * x.Denominator * x.Denominator * 4)
            - (zz.Numerator * ((4 * x.Numerator * x.Numerator) + (count * x.Denominator * x.Denominator)));
        BigInteger right = common / x.Denominator * x.Numerator; // z²·x·√d, over the same denominator, without √d.
        Assert.True(left >= 0 && left * left >= right * right * count);
    }

    [Fact]
    public void Release_UpdateOfManyHalves_StaysWithinTheRoundedNorm()
    {
        UpdateMechanism mechanism = new(1, 1);
        float[] update = new float[4096];
        Array.Fill(update, (float)(1.5 * mechanism.Step)); // Rounds away by half a step each.
        double squares = update.Sum(value => Math.Pow(Math.Round(value / mechanism.Step), 2));

        Assert.True(squares <= (double)mechanism.Variance(update.Length).Numerator);
    }

    [Fact]
    public void New_ParametersOutOfRange_AreRefusedByName()
    {
        Refused("sensitivity", () => new GaussianMechanism(0, 1));
        Refused("noiseMultiplier", () => new GaussianMechanism(1, double.NaN));
        Refused("sensitivity", () => new LaplaceMechanism(-1, 1));
        Refused("scale", () => new LaplaceMechanism(1, double.PositiveInfinity));
        Refused("sigma", () => new DiscreteGaussianMechanism(0));
        Refused("epsilon", () => new RandomizedResponse(0, 2));
        Refused("epsilon", () => new RandomizedResponse(65, 2));
        Refused("categories", () => new RandomizedResponse(1, 1));
        Refused("clipNorm", () => new UpdateMechanism(0, 1));
        Refused("noiseMultiplier", () => new UpdateMechanism(1, 0));
        Refused("category", () => new RandomizedResponse(1, 2).Release(2, new CryptographicRandom()));
        Assert.Equal("value", Assert.Throws<ArgumentException>(
            () => new LaplaceMechanism(1, 1).Release(double.NaN, new CryptographicRandom())).ParamName);
    }

    private static void Refused(string name, Func<object> make) =>
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(make).ParamName);
}
