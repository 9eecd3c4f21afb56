using MathNet.Numerics.Distributions;
using Research.Federation.Aggregation;
using Research.Federation.Rewards;
using Research.Training;
using Research.Training.Optimizers;

namespace Research.Tests.Federation.Rewards;

public sealed class NoiseFloorTests
{
    // The closed form of heavy-ball momentum: F = η²(σC/B)² · Σ ((1 − μᵐ)/(1 − μ))².
    [Theory]
    [InlineData(1.0, 0.0, 1)]
    [InlineData(0.5, 0.5, 30)]
    [InlineData(2.0, 0.9, 7)]
    public void VarianceOf_Momentum_IsTheClosedForm(double learningRate, double momentum, int steps)
    {
        ModelSpec spec = FederatedDigits.Spec with
        {
            Optimizer = new Sgd(learningRate, momentum),
            Training = new TrainingSection(43, steps),
        };
        double sum = Enumerable.Range(1, steps).Sum(
            m => Math.Pow((1 - Math.Pow(momentum, m)) / (1 - momentum), 2));
        double expected = Math.Pow(learningRate * 1.5 * 1.0 / 43 * FixedPoint.UnitsPerOne, 2) * sum;

        Assert.Equal(1, NoiseFloor.VarianceOf(spec) / expected, 1e-5);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(500)]
    [InlineData(2409)]
    [InlineData(250_000)]
    public void LeastEnergy_DegreesOfFreedom_IsBelowTheQuantileAndCloseToIt(int degrees)
    {
        double exact = ChiSquared.InvCDF(degrees, NoiseFloor.FalseAlarm);

        Assert.InRange(NoiseFloor.LeastEnergy(degrees) / exact, 0.98, 1);
    }

    // The assumption that NoiseFloor's share stands for, on honest updates of another kind than the studied ones.
    [Fact]
    public void VarianceOf_HonestUpdates_IsWhatTheirDifferencesShow()
    {
        GlobalModel start = GlobalModel.Initial(FederatedDigits.Spec);
        double[] energies = [.. Enumerable.Range(0, 6).Select(part =>
        {
            int[] one = FederatedDigits.Delta(start, FederatedDigits.Train(start, part, 12));
            int[] other = FederatedDigits.Delta(start, FederatedDigits.Train(start, part + 6, 12));
            return one.Zip(other, (x, y) => Math.Pow(x - y, 2)).Average() / 2 / NoiseFloor.VarianceOf(start.Spec);
        })];

        Assert.All(energies, energy => Assert.InRange(energy, 0.9, 1.35)); // Sampling differs too, which adds.
    }
}
