using System.Text.Json;
using Research.Privacy.Accounting;

namespace Research.Tests.Privacy.Accounting;

public sealed class MatrixMechanismTests
{
    [Fact]
    public void SquareRoot_Reference_HasItsCoefficientsAndSensitivity()
    {
        int rows = 0;
        foreach (JsonElement row in ReferenceRows.Section("i_toeplitz_sqrt"))
        {
            int n = (int)row.Number("n");
            ToeplitzStrategy strategy = ToeplitzStrategy.SquareRoot(n, n);

            Assert.Equal(row.Number("coef_last"), strategy.Coefficients[^1], 1e-14);
            Assert.Equal(row.Number("sensitivity_single_participation"), strategy.Sensitivity(n, 1), 1e-12);
            rows++;
        }

        Assert.Equal(3, rows);
    }

    [Fact]
    public void Sensitivity_BandedReference_IsMet()
    {
        int rows = 0;
        foreach (JsonElement row in ReferenceRows.Section("i_banded_toeplitz_sensitivity"))
        {
            ToeplitzStrategy strategy = ToeplitzStrategy.SquareRoot((int)row.Number("n"), (int)row.Number("bands"));
            double sensitivity = strategy.Sensitivity(
                (int)row.Number("min_sep"), (int)row.Number("max_participations"));

            double expected = row.Number("sensitivity");
            Assert.InRange(sensitivity, expected, expected * (1 + 1e-12));
            rows++;
        }

        Assert.Equal(2, rows);
    }

    // Oracle: every set of participations of a small matrix, bands that overlap included.
    [Theory]
    [InlineData(9, 4, 2, 3)]
    [InlineData(10, 10, 1, 4)]
    [InlineData(8, 3, 3, 5)]
    [InlineData(7, 2, 5, 2)]
    public void Sensitivity_SmallMatrix_IsTheLargestOverAllParticipations(int n, int bands, int separation, int most)
    {
        ToeplitzStrategy strategy = ToeplitzStrategy.SquareRoot(n, bands);
        double largest = 0;
        for (int set = 1; set < 1 << n; set++)
        {
            int[] steps = [.. Enumerable.Range(0, n).Where(i => (set >> i & 1) == 1)];
            if (steps.Length > most || steps.Zip(steps.Skip(1)).Any(pair => pair.Second - pair.First < separation))
            {
                continue;
            }

            double[] sum = new double[n];
            foreach (int step in steps)
            {
                for (int row = step; row < Math.Min(n, step + bands); row++)
                {
                    sum[row] += strategy.Coefficients[row - step];
                }
            }

            largest = Math.Max(largest, Math.Sqrt(sum.Sum(x => x * x)));
        }

        Assert.Equal(largest, strategy.Sensitivity(separation, most), 1e-12);
    }

    // Oracle: dp_accounting's PLD, which rounds up by less than 1e-3 here.
    [Fact]
    public void BandedMatrixMechanism_CyclicPoisson_ReducesToFewerRounds()
    {
        int rows = 0;
        foreach (JsonElement row in ReferenceRows.Section("i_bandmf_cyclic_poisson"))
        {
            int bands = (int)row.Number("bands");
            double rate = bands * row.Number("expected_batch") / row.Number("dataset_size");
            GaussianEvent e = new BandedMatrixMechanism(
                bands, rate, row.Number("noise_multiplier_sens1"), (int)row.Number("steps")).Event;
            ExactAccountant accountant = new();
            accountant.Compose(e);

            Assert.Equal(row.Number("q_effective"), e.SampleRate, 1e-15);
            Assert.Equal((int)row.Number("rounds"), e.Steps);
            Assert.InRange(
                accountant.Epsilon(row.Number("delta")), row.Number("eps_pld") - 1e-3, row.Number("eps_pld"));
            rows++;
        }

        Assert.Equal(2, rows);
        Assert.Equal(3, new BandedMatrixMechanism(4, 0.1, 1, 9).Event.Steps);
    }

    [Fact]
    public void Arguments_OutOfRange_AreRefusedByName()
    {
        ToeplitzStrategy strategy = ToeplitzStrategy.SquareRoot(4, 2);
        Assert.Equal("bands", Name(() => new BandedMatrixMechanism(0, 0.1, 1, 1)));
        Assert.Equal("partSampleRate", Name(() => new BandedMatrixMechanism(1, 1.1, 1, 1)));
        Assert.Equal("noiseMultiplier", Name(() => new BandedMatrixMechanism(1, 0.1, 0, 1)));
        Assert.Equal("steps", Name(() => new BandedMatrixMechanism(1, 0.1, 1, -1)));
        Assert.Equal("size", Name(() => ToeplitzStrategy.SquareRoot(0, 1)));
        Assert.Equal("bands", Name(() => ToeplitzStrategy.SquareRoot(4, 5)));
        Assert.Equal("separation", Name(() => strategy.Sensitivity(0, 1)));
        Assert.Equal("participations", Name(() => strategy.Sensitivity(1, 0)));
        Assert.Equal("noiseMultiplier", Name(() => new TreeAggregation(-1, 1)));
        Assert.Equal("steps", Name(() => new TreeAggregation(1, 0)));
    }

    private static string? Name(Func<object> act) => Assert.Throws<ArgumentOutOfRangeException>(act).ParamName;
}
