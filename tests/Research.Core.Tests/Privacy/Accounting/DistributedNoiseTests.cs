using System.Text.Json;
using Research.Privacy.Accounting;

namespace Research.Tests.Privacy.Accounting;

public sealed class DistributedNoiseTests
{
    // Oracle: the authors' accounting (whole orders); ours has more of them, so it may only be lower, and not by much.
    [Fact]
    public void DiscreteGaussian_Reference_IsMetUpToTheGridOfOrders()
    {
        int rows = 0;
        foreach (JsonElement row in ReferenceRows.Section("j_distributed_discrete_gaussian"))
        {
            double gamma = row.Number("gamma");
            DistributedDiscreteGaussian sum = new(
                gamma,
                row.Number("local_stddev"),
                (int)row.Number("num_clients"),
                row.Number("l2_clip"),
                (int)row.Number("dim"),
                row.Number("beta"),
                (int)row.Number("steps"));
            RdpAccountant accountant = new();
            accountant.Compose(sum.Event);

            double norm = gamma * RoundedVector.L2Norm(sum.ClipNorm / gamma, sum.Dimension, sum.Beta);
            double expected = row.Number("eps");
            Assert.Equal(row.Number("rounded_l2"), norm, 1e-11);
            Assert.InRange(accountant.Epsilon(row.Number("delta")), expected * 0.99, expected + 1e-9);
            rows++;
        }

        Assert.Equal(2, rows);
    }

    [Fact]
    public void Skellam_Reference_IsMet()
    {
        int rows = 0;
        foreach (JsonElement row in ReferenceRows.Section("j_distributed_skellam"))
        {
            double epsilon = new DistributedSkellam(
                row.Number("scale"),
                row.Number("central_stddev"),
                row.Number("l2_clip"),
                (int)row.Number("dim"),
                row.Number("beta"),
                (int)row.Number("steps")).Epsilon(row.Number("delta"));

            Assert.Equal(row.Number("eps"), epsilon, 1e-9);
            rows++;
        }

        Assert.Equal(2, rows);
    }

    // Oracle: the divergence itself, summed over the integers with Bessel functions by Miller's recursion.
    [Theory]
    [InlineData(1, 2.0)]
    [InlineData(3, 10.0)]
    [InlineData(2, 50.0)]
    public void SkellamDivergence_OneInteger_IsAboveTheTruth(int shift, double variance)
    {
        double[] mass = Skellam(variance, 400);
        for (int order = 2; order <= 8; order++)
        {
            double moment = 0;
            for (int x = -300; x <= 300; x++)
            {
                double p = mass[Math.Abs(x - shift)];
                double q = mass[Math.Abs(x)];
                moment += p > 1e-250 && q > 1e-250 ? q * Math.Pow(p / q, order) : 0;
            }

            double truth = Math.Log(moment) / (order - 1);
            Assert.InRange(DistributedSkellam.Divergence(shift, shift, variance, order), truth, double.MaxValue);
        }
    }

    // Few clients of small noise: their sum is not quite a discrete Gaussian, and it shows in ε.
    [Fact]
    public void DiscreteGaussian_CoarseNoise_CostsMoreThanTheCentralOne()
    {
        double coarse = new DistributedDiscreteGaussian(1, 0.6, 100, 1, 10, 0, 1).Event.Rho;
        double fine = new DistributedDiscreteGaussian(0.001, 0.6, 100, 1, 10, 0, 1).Event.Rho;
        double central = 1 / (2 * 0.36 * 100);

        Assert.InRange(fine, central, central * 1.01);
        Assert.True(coarse > 2 * central);
        Assert.True(new DistributedDiscreteGaussian(1, 0.6, 5000, 1, 10, 0, 1).Event.Rho
            > new DistributedDiscreteGaussian(1, 0.6, 1000, 1, 10, 0, 1).Event.Rho);
    }

    [Fact]
    public void Arguments_OutOfRange_AreRefusedByName()
    {
        Assert.Equal("granularity", Name(() => new DistributedDiscreteGaussian(0, 1, 1, 1, 1, 0, 1)));
        Assert.Equal("localDeviation", Name(() => new DistributedDiscreteGaussian(1, 0.4, 1, 1, 1, 0, 1)));
        Assert.Equal("clients", Name(() => new DistributedDiscreteGaussian(1, 1, 0, 1, 1, 0, 1)));
        Assert.Equal("clipNorm", Name(() => new DistributedDiscreteGaussian(1, 1, 1, 0, 1, 0, 1)));
        Assert.Equal("dimension", Name(() => new DistributedDiscreteGaussian(1, 1, 1, 1, 0, 0, 1)));
        Assert.Equal("beta", Name(() => new DistributedDiscreteGaussian(1, 1, 1, 1, 1, 1, 1)));
        Assert.Equal("steps", Name(() => new DistributedDiscreteGaussian(1, 1, 1, 1, 1, 0, -1)));
        Assert.Equal("scale", Name(() => new DistributedSkellam(0, 1, 1, 1, 0, 1)));
        Assert.Equal("centralDeviation", Name(() => new DistributedSkellam(1, -1, 1, 1, 0, 1)));
        Assert.Equal("beta", Name(() => new DistributedSkellam(1, 1, 1, 1, double.NaN, 1)));
    }

    private static string? Name(Func<object> act) => Assert.Throws<ArgumentOutOfRangeException>(act).ParamName;

    // P(X = k) = e^−μ·I_k(μ): I_(k−1) = I_(k+1) + 2k/μ·I_k downwards, normalised by the sum over all integers.
    private static double[] Skellam(double variance, int count)
    {
        double[] mass = new double[count + 2];
        mass[count] = 1e-300;
        for (int k = count; k >= 1; k--)
        {
            mass[k - 1] = mass[k + 1] + (2 * k / variance * mass[k]);
            if (mass[k - 1] > 1e200)
            {
                mass = [.. mass.Select(m => m * 1e-250)];
            }
        }

        double sum = mass[0] + (2 * mass.Skip(1).Sum());
        return [.. mass.Select(m => m / sum)];
    }
}
