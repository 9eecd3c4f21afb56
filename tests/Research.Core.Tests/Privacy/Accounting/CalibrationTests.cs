using System.Text.Json;
using Research.Privacy.Accounting;

namespace Research.Tests.Privacy.Accounting;

public sealed class CalibrationTests
{
    [Fact]
    public void NoiseMultiplier_ReferenceTargets_IsTheSmallestWithinAMillionth()
    {
        foreach (JsonElement row in ReferenceRows.Section("b_calibration"))
        {
            double target = row.Number("epsilon");
            int steps = (int)row.Number("steps");
            double sigma = Calibration.NoiseMultiplier(target, row.Number("delta"), row.Number("q"), steps);

            ExactAccountant accountant = new();
            accountant.Compose(new GaussianEvent(row.Number("q"), sigma, steps));
            Assert.InRange(accountant.Epsilon(row.Number("delta")), target * (1 - 1e-5), target);
            Assert.InRange(sigma, row.Number("sigma_ref"), row.Number("sigma_ref") * (1 + 1e-6));
        }
    }

    [Theory]
    [InlineData(0.0, 1e-5, 0.1, 10, "targetEpsilon")]
    [InlineData(double.NaN, 1e-5, 0.1, 10, "targetEpsilon")]
    [InlineData(1e-9, 1e-5, 1.0, 10, "targetEpsilon")]
    [InlineData(1.0, 0.0, 0.1, 10, "delta")]
    [InlineData(1.0, 1e-5, 0.0, 10, "sampleRate")]
    [InlineData(1.0, 1e-5, 1.1, 10, "sampleRate")]
    [InlineData(1.0, 1e-5, 0.1, 0, "steps")]
    public void NoiseMultiplier_ArgumentOutOfRange_IsRefusedByName(
        double epsilon, double delta, double rate, int steps, string name) =>
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(
            () => Calibration.NoiseMultiplier(epsilon, delta, rate, steps)).ParamName);
}
