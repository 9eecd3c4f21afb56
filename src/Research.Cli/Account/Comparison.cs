using System.Diagnostics;
using Research.Privacy.Accounting;

namespace Research.Cli.Account;

/// <summary>One plan by every accountant, each timed.</summary>
internal static class Comparison
{
    private const int Runs = 5;

    /// <summary>Asks every accountant.</summary>
    public static IReadOnlyList<AccountantAnswer> Of(GaussianEvent plan, double delta) =>
    [
        Ask("RDP", "Renyi divergences of 360 orders, converted at the best", () => Rdp(plan, delta)),
        Ask("zCDP", "one number rho, converted at the best order", () => Concentrated(plan, delta)),
        Ask("analytic Gaussian", "the closed form of Balle and Wang: exact", () => Gaussian(plan, delta)),
    ];

    private static EpsilonRange Rdp(GaussianEvent plan, double delta)
    {
        RdpAccountant accountant = new();
        accountant.Compose(plan);
        return new EpsilonRange(null, accountant.Epsilon(delta));
    }

    private static EpsilonRange Concentrated(GaussianEvent plan, double delta) =>
        new(null, ZeroConcentratedPrivacy.Of([plan]).Epsilon(delta));

    private static EpsilonRange Gaussian(GaussianEvent plan, double delta) =>
        new(null, GaussianPrivacy.Of([plan]).Epsilon(delta));

    // The first run compiles and fills tables; the median of those after it is what a query costs.
    private static AccountantAnswer Ask(string name, string what, Func<EpsilonRange> query)
    {
        try
        {
            EpsilonRange range = query();
            double[] milliseconds = new double[Runs];
            for (int i = 0; i < Runs; i++)
            {
                long began = Stopwatch.GetTimestamp();
                query();
                milliseconds[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }

            Array.Sort(milliseconds);
            return new AccountantAnswer(name, what, range, milliseconds[Runs / 2], Refusal: null);
        }
        catch (NotSupportedException)
        {
            return new AccountantAnswer(name, what, Range: null, Milliseconds: null, "does not apply: Poisson sampling");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentOutOfRangeException)
        {
            return new AccountantAnswer(name, what, Range: null, Milliseconds: null, "no finite bound: too little noise");
        }
    }
}
