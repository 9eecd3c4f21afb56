using System.Text.Json;
using Research.Privacy.Accounting;

namespace Research.Tests.Privacy.Accounting;

public sealed class SubsampledGaussianTests
{
    [Fact]
    public void RenyiDivergence_ReferenceCurves_IsTheTruthInflatedByTheSafetyFactorOnly()
    {
        int rows = 0;
        foreach (JsonElement row in ReferenceRows.Section("h_rdp_values_sgm"))
        {
            double actual = SubsampledGaussian.RenyiDivergence(
                row.Number("q"), row.Number("sigma"), row.Number("alpha"));
            Assert.InRange(actual / row.Number("rdp") - 1, 1e-9 - 1e-12, 1e-9 + 1e-12);
            rows++;
        }

        Assert.Equal(26, rows);
    }

    // The two sums have nothing in common but the mathematics: an integral against binomial coefficients.
    [Theory]
    [InlineData(1e-5, 100)]
    [InlineData(1e-60, 7)]
    [InlineData(1e-9, 1e5)]
    [InlineData(0.3, 0.25)]
    [InlineData(0.01, 1)]
    [InlineData(0.999, 30)]
    public void Moment_QuadratureAtIntegers_IsTheBinomialSum(double q, double sigma)
    {
        foreach (int order in (int[])[2, 3, 7, 15])
        {
            double ratio = SubsampledGaussianMoment.AtFraction(q, sigma, order)
                / SubsampledGaussianMoment.AtInteger(q, sigma, order);
            Assert.InRange(ratio, 1 - 1e-11, 1 + 1e-11);
        }
    }

    // A theorem (Hölder): ln A is convex in the order, so it lies below its chords.
    [Fact]
    public void RenyiDivergence_SmallNoiseByChords_IsAboveTheQuadrature()
    {
        foreach (double order in (double[])[1.1, 1.5, 2.5, 7.3])
        {
            double quadrature = SubsampledGaussianMoment.AtFraction(0.05, 0.09, order) / (order - 1);
            Assert.True(SubsampledGaussian.RenyiDivergence(0.05, 0.09, order) >= quadrature);
        }
    }

    [Fact]
    public void RenyiDivergence_RateOne_IsTheGaussianAndTheLimitOfSubsampling()
    {
        Assert.Equal(3.7 / (2 * 1.3 * 1.3), SubsampledGaussian.RenyiDivergence(1, 1.3, 3.7), 1e-8);
        double nearly = SubsampledGaussian.RenyiDivergence(1 - 1e-12, 1.3, 3.7);
        Assert.InRange(
            nearly,
            SubsampledGaussian.RenyiDivergence(1, 1.3, 3.7) - 1e-9,
            SubsampledGaussian.RenyiDivergence(1, 1.3, 3.7));
    }

    [Fact]
    public void RenyiDivergence_LargestOrders_AreFiniteAndRise()
    {
        double last = 0;
        foreach (double order in RdpAccountant.Orders)
        {
            double divergence = SubsampledGaussian.RenyiDivergence(0.02, 3, order);
            Assert.True(divergence >= last && double.IsFinite(divergence));
            last = divergence;
        }
    }
}
