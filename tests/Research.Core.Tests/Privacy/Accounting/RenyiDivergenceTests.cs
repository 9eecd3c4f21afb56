using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Research.Privacy.Accounting;

namespace Research.Tests.Privacy.Accounting;

public sealed class RenyiDivergenceTests
{
    // Oracle: mpmath, 20 digits. Above the truth by the safety factor 1e-9 and nothing else.
    [Fact]
    public void OfOneStep_OtherMechanisms_AreTheTruthRoundedUp()
    {
        int rows = 0;
        foreach (JsonElement row in ReferenceRows.Section("h_rdp_values_other"))
        {
            PrivacyEvent e = row.GetProperty("mechanism").GetString() switch
            {
                "laplace" => new LaplaceEvent(row.Number("scale"), 1),
                "pure_eps_tight" => new PureEvent(row.Number("epsilon"), 1),
                _ => new RandomizedResponseEvent(Math.Log(row.Number("p") / (1 - row.Number("p"))), 2, 1),
            };

            double divergence = RenyiDivergence.OfOneStep(e, row.Number("alpha"));

            double truth = row.Number("rdp");
            Assert.InRange(divergence, truth, truth * (1 + 1.001e-9));
            rows++;
        }

        Assert.Equal(14, rows);
    }

    // Oracle: the sum over all outputs in decimal, which has 28 digits.
    [Theory]
    [InlineData(3, 0.5, 2)]
    [InlineData(10, 2.0, 3)]
    [InlineData(1000, 3.0, 4)]
    public void OfOneStep_ManyCategories_IsTheSumOverOutputs(int categories, double epsilon, int order)
    {
        decimal odds = (decimal)Math.Exp(epsilon);
        decimal other = 1 / (odds + categories - 1);
        decimal truth = odds * other;
        decimal moment = (Power(truth, order) / Power(other, order - 1))
            + (Power(other, order) / Power(truth, order - 1)) + ((categories - 2) * other);

        double divergence = RenyiDivergence.OfOneStep(new RandomizedResponseEvent(epsilon, categories, 1), order);

        Assert.Equal(Math.Log((double)moment) / (order - 1), divergence, 2e-9);
    }

    [Fact]
    public void OfOneStep_Concentrated_IsOrderTimesRho()
    {
        Assert.InRange(RenyiDivergence.OfOneStep(new ConcentratedEvent(0.1, 1), 3), 0.3, 0.3 * (1 + 1e-14));
        Assert.InRange(RenyiDivergence.OfOneStep(new DiscreteGaussianEvent(5, 1), 3), 0.06, 0.06 * (1 + 1e-14));
    }

    // No order, and no parameter down to the smallest and up to the largest double, gives NaN or less than a bound.
    [Fact]
    public void OfOneStep_PureMechanisms_LieBetweenTotalVariationAndEpsilonAndGrowWithTheOrder() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(
            Gen.Choose(-300_000, 300_000).ToArbitrary(),
            Gen.Choose(2, int.MaxValue).ToArbitrary(),
            (thousandths, categories) =>
            {
                double epsilon = Math.Pow(10, thousandths / 1000.0);
                PrivacyEvent[] events =
                [
                    new LaplaceEvent(1 / epsilon, 1),
                    new PureEvent(epsilon, 1),
                    new RandomizedResponseEvent(epsilon, categories, 1),
                ];
                double largest = Math.Max(epsilon, 1e-100) * (1 + 2e-9);
                foreach (PrivacyEvent e in events)
                {
                    double before = 0;
                    foreach (double order in RenyiOrders.All)
                    {
                        double divergence = RenyiDivergence.OfOneStep(e, order);
                        bool isBound = divergence >= before * (1 - 1e-9) && divergence > 0 && divergence <= largest;
                        Assert.True(isBound, $"{e}, order {order}: {divergence} after {before}");
                        before = divergence;
                    }
                }

                double laplace = RenyiDivergence.OfOneStep(events[0], 2);
                return laplace <= RenyiDivergence.OfOneStep(events[1], 2) * (1 + 2e-9)
                    && RenyiDivergence.OfOneStep(events[2], 2) <= RenyiDivergence.OfOneStep(events[1], 2) * (1 + 2e-9);
            }));

    // Oracle: the mixture's true ε by contour integral (3), and dp_accounting's RDP, which has fewer orders.
    [Fact]
    public void Epsilon_PureAndGaussianMixtures_IsAtLeastTheTruth()
    {
        RdpAccountant accountant = new();
        accountant.Compose(new PureEvent(0.1, 5));
        accountant.Compose(new GaussianEvent(0.02, 2, 1000));

        Assert.InRange(accountant.Epsilon(1e-6), 1.7836000023366798, 1.9146248856066654 * (1 + 1e-4));
    }

    private static decimal Power(decimal value, int exponent) =>
        Enumerable.Repeat(value, exponent).Aggregate(1m, (product, factor) => product * factor);
}
