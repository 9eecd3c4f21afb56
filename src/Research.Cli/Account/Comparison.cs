using System.Diagnostics;
using Research.Privacy.Accounting;

namespace Research.Cli.Account;

/// <summary>One plan by every accountant, each timed.</summary>
internal static class Comparison
{
    private const int Runs = 5;

    /// <summary>Asks every accountant.</summary>
    public static IReadOnlyList<AccountantAnswer> Of(
        GaussianEvent plan, double delta, CancellationToken cancellationToken) =>
    [
        Ask(
            "exact",
            "two bounds by a contour integral of the privacy loss",
            () => Exact(plan, delta, cancellationToken)),
        Ask(
            "RDP",
            $"Rényi divergences of {RdpAccountant.Orders.Count} orders, converted at the best",
            () => Rdp(plan, delta, cancellationToken)),
        Ask("zCDP", "one number ρ, converted at the best order", () => Concentrated(plan, delta)),
        Ask("analytic Gaussian", "closed form of Balle and Wang, without sampling", () => Gaussian(plan, delta)),
    ];

    private static EpsilonRange Exact(GaussianEvent plan, double delta, CancellationToken cancellationToken)
    {
        ExactAccountant accountant = new();
        accountant.Compose(plan);
        EpsilonBounds bounds = accountant.Bounds(delta, cancellationToken);
        return double.IsFinite(bounds.Upper)
            ? new EpsilonRange(bounds.Lower, bounds.Upper)
            : throw new InvalidOperationException("No finite epsilon bounds this plan.");
    }

    private static EpsilonRange Rdp(GaussianEvent plan, double delta, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
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
            return AccountantAnswer.None(name, what, "does not apply: Poisson sampling");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentOutOfRangeException)
        {
            return AccountantAnswer.None(name, what, "no finite bound: too little noise");
        }
    }
}
