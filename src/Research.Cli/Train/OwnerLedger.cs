using System.Globalization;
using Research.Interactive;
using Research.Interactive.Owner;
using Research.Privacy;
using Research.Privacy.Ledger;

namespace Research.Cli.Train;

/// <summary>The ledger of whoever runs the command, opened for one that costs privacy.</summary>
/// <param name="Ledger">The ledger; not made yet where this is its owner's first.</param>
/// <param name="Note">What its owner must hear of it, or null.</param>
internal sealed record OwnerLedger(PrivacyLedger Ledger, string? Note)
{
    private const int MostAnswers = 3;

    /// <summary>Gets the folder that an option names, or the user's own.</summary>
    /// <exception cref="CommandException">This user has no application data folder.</exception>
    public static string HomeOf(string? option) => Refusal.AsCommand(() => OwnerLedgers.HomeOf(option));

    /// <summary>Opens the ledger; where there is none its owner is asked for the cap, or told of the default.</summary>
    /// <param name="home">The folder that the option names, or null.</param>
    /// <param name="epsilonCap">The cap that the option names, or null.</param>
    /// <param name="terminal">Where its owner answers; null if nobody is there.</param>
    /// <param name="error">Where the question goes.</param>
    /// <exception cref="CommandException">The cap cannot be changed, or no release fits it.</exception>
    /// <exception cref="LedgerException">The ledger is damaged, or lacks a charge seen.</exception>
    public static OwnerLedger Open(string? home, double? epsilonCap, TextReader? terminal, TextWriter error)
    {
        string folder = HomeOf(home);
        if (PrivacyLedger.Exists(folder))
        {
            PrivacyLedger ledger = Refusal.AsCommand(() => OwnerLedgers.Open(folder, epsilonCap));
            CheckWritable(folder);
            return new OwnerLedger(ledger, Waiting(ledger));
        }

        CheckPlace(folder);
        double cap = epsilonCap ?? (terminal is null ? PrivacyLedger.DefaultEpsilonCap : Ask(folder, terminal, error));
        string whose = epsilonCap is null && terminal is null ? ", the default (--epsilon-cap names another)" : "";
        return new OwnerLedger(
            Foresee(folder, cap),
            $"This is your first private run with {folder}: your ledger will be made there. No record of yours will "
                + $"ever pass epsilon {EpsilonText.Exact(cap)} at delta "
                + $"{EpsilonText.Exact(PrivacyLedger.DefaultDelta)}{whose}.");
    }

    private static PrivacyLedger Foresee(string folder, double cap)
    {
        try
        {
            return OwnerLedgers.Open(folder, cap);
        }
        catch (RefusedException e)
        {
            throw new CommandException($"{e.Message} Nothing was trained or charged.", innerException: e);
        }
    }

    private static double Ask(string folder, TextReader terminal, TextWriter error)
    {
        string standard = EpsilonText.Exact(PrivacyLedger.DefaultEpsilonCap);
        for (int i = 0; i < MostAnswers; i++)
        {
            error.Write(
                $"There is no ledger in {folder} yet. Which epsilon may no record of yours ever pass, over all that you "
                + $"will release? It cannot be changed. [{standard}] ");
            error.Flush();
            string answer = terminal.ReadLine()?.Trim() ?? "";
            if (answer.Length == 0)
            {
                return PrivacyLedger.DefaultEpsilonCap;
            }

            if (double.TryParse(answer, NumberStyles.Float, CultureInfo.InvariantCulture, out double cap)
                && cap > 0 && double.IsFinite(cap))
            {
                return cap;
            }

            error.WriteLine($"Expected a number above 0, got {TerminalText.Clean(answer)}.");
        }

        throw new CommandException("No cap was named. Nothing was trained or charged.");
    }

    private static string? Waiting(PrivacyLedger ledger)
    {
        int waiting = ledger.Sealed().Count;
        return waiting == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{waiting} {(waiting == 1 ? "artefact" : "artefacts")} of earlier runs {(waiting == 1 ? "is" : "are")} "
                + $"still sealed in {ledger.Home}: research ledger sealed lists them.");
    }

    private static void CheckWritable(string folder)
    {
        string file = Path.Combine(folder, "ledger.jsonl");
        if (File.Exists(file) && new FileInfo(file).IsReadOnly)
        {
            throw new CommandException($"{file} is read-only. Nothing was trained or charged.");
        }

        OutputFile.Check("--ledger", file);
    }

    // The first folder on the way that exists must take new ones.
    private static void CheckPlace(string folder)
    {
        string? place = Path.GetFullPath(folder);
        while (place is not null && !Directory.Exists(place))
        {
            place = Path.GetDirectoryName(place);
        }

        OutputFile.Check("--ledger", Path.Combine(place ?? folder, "ledger.probe"));
    }
}
