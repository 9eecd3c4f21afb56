using Research.Privacy.Accounting;

namespace Research.Tests.Privacy.Accounting;

public sealed class PlanMixtureTests
{
    // Oracle: the mean of the plans' closed-form δ(ε), solved for ε by bisection.
    [Theory]
    [InlineData(0.99, 4.0, 0.01, 1.0, 1e-5)]
    [InlineData(0.5, 2.0, 0.5, 1.0, 1e-8)]
    [InlineData(0.999999, 10.0, 0.000001, 0.5, 1e-9)]
    public void Epsilon_TwoGaussians_IsTheMeanCurveSolved(
        double first, double firstNoise, double second, double secondNoise, double delta)
    {
        GaussianEvent one = new(1, firstNoise, 1);
        GaussianEvent other = new(1, secondNoise, 1);
        double low = 0;
        double high = 100;
        while (high - low > 1e-12 * high)
        {
            double middle = (low + high) / 2;
            double mean = (first * AnalyticGaussian.Delta(1 / firstNoise, middle))
                + (second * AnalyticGaussian.Delta(1 / secondNoise, middle));
            (low, high) = mean <= delta ? (low, middle) : (middle, high);
        }

        double epsilon = new PlanMixture(
            [(first, [one], RenyiCurve.Of(one)), (second, [other], RenyiCurve.Of(other))]).Epsilon(delta);

        Assert.InRange(epsilon, low, low * (1 + 1e-3));
    }
}
