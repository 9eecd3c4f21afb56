using System.Globalization;
using Research.Privacy.Accounting;

namespace Research.Privacy;

/// <summary>Privacy costs in words: rounded so that they never promise too much.</summary>
public static class EpsilonText
{
    /// <summary>The neighbouring relation of every ε that is printed.</summary>
    public const string Neighbours = "add or remove one record";

    /// <summary>The relation where the data say which unit a record belongs to.</summary>
    public const string NeighboursOfUnits = "add or remove one unit";

    private const double PerNat = 10_000;

    /// <summary>Writes what was or would be spent, rounded up to four decimals.</summary>
    public static string Spent(double epsilon) => Text(RoundUp(epsilon));

    /// <summary>Writes what remains, rounded down to four decimals.</summary>
    public static string Left(double epsilon) => Text(Math.Max(0, Math.Floor(epsilon * PerNat) / PerNat));

    /// <summary>Writes a parameter as it was given.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();

    /// <summary>Rounds up to four decimals.</summary>
    public static double RoundUp(double value) => Math.Ceiling(value * PerNat) / PerNat;

    /// <summary>Gets the ε of plans together, or null where there is too little noise for any finite bound.</summary>
    public static double? Of(
        IReadOnlyList<PrivacyEvent> plans, double delta, CancellationToken cancellationToken = default)
    {
        ExactAccountant accountant = new();
        try
        {
            foreach (PrivacyEvent plan in plans)
            {
                accountant.Compose(plan);
            }

            double epsilon = accountant.Bounds(delta, cancellationToken).Upper;
            return double.IsFinite(epsilon) ? epsilon : null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentOutOfRangeException)
        {
            return null; // The accountant's way to say that no finite bound exists; an ε is never made up in its place.
        }
    }

    private static string Text(double epsilon) => epsilon.ToString("0.0000", CultureInfo.InvariantCulture);
}
