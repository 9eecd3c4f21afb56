using Research.Privacy;
using Research.Privacy.Ledger;

namespace Research.Interactive.Owner;

/// <summary>Opens and makes ledgers of whoever asks, with errors that name the option at fault.</summary>
internal static class OwnerLedgers
{
    /// <summary>Gets the folder that was named, or the user's own.</summary>
    /// <exception cref="RefusedException">This user has no application data folder.</exception>
    public static string HomeOf(string? named)
    {
        try
        {
            return named ?? PrivacyLedger.DefaultHome;
        }
        catch (InvalidOperationException e)
        {
            throw new RefusedException($"--ledger: expected a folder: {e.Message}", e);
        }
    }

    /// <summary>Opens the ledger of a home; where there is none, one that its first charge makes.</summary>
    /// <param name="home">The folder.</param>
    /// <param name="epsilonCap">The cap asked for; null takes the ledger's own, or the default for a new one.</param>
    /// <exception cref="RefusedException">The cap cannot be changed, or no release fits it.</exception>
    /// <exception cref="LedgerException">The ledger is damaged, or lacks a charge seen.</exception>
    public static PrivacyLedger Open(string home, double? epsilonCap)
    {
        if (PrivacyLedger.Exists(home))
        {
            PrivacyLedger ledger = PrivacyLedger.Open(home);
            return epsilonCap is not double asked || asked == ledger.EpsilonCap
                ? ledger
                : throw new RefusedException(
                    $"--epsilon-cap: the ledger in {home} has the cap {EpsilonText.Exact(ledger.EpsilonCap)} since "
                        + $"it was made, and {EpsilonText.Exact(asked)} cannot change it.");
        }

        double cap = epsilonCap ?? PrivacyLedger.DefaultEpsilonCap;
        return WithTerms(home, cap, PrivacyLedger.DefaultDelta, LedgerFilter.Renyi);
    }

    /// <summary>Makes a ledger, with terms that never change.</summary>
    /// <exception cref="RefusedException">There is a ledger already, or no release fits such a cap.</exception>
    public static PrivacyLedger Make(string home, double epsilonCap, double delta, LedgerFilter filter)
    {
        if (PrivacyLedger.Exists(home))
        {
            throw new RefusedException($"FOLDER: {home} has a ledger already, and a ledger's terms never change.");
        }

        PrivacyLedger ledger = WithTerms(home, epsilonCap, delta, filter);
        ledger.Make();
        return ledger;
    }

    private static PrivacyLedger WithTerms(string home, double epsilonCap, double delta, LedgerFilter filter)
    {
        try
        {
            return PrivacyLedger.Open(home, epsilonCap, delta, filter);
        }
        catch (ArgumentOutOfRangeException e) when (e.ParamName == "epsilonCap")
        {
            throw new RefusedException(
                $"--epsilon-cap: no release at all fits a cap of {EpsilonText.Exact(epsilonCap)} at delta "
                    + $"{EpsilonText.Exact(delta)}.",
                e);
        }
    }
}
