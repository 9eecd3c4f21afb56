using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Training;

namespace Research.Cli.Train;

/// <summary>
/// What a private run will cost and whether its ledger can bear it, known before training; charged before release.
/// </summary>
internal sealed class PrivacyBudget
{
    private readonly GaussianEvent[] _plans;
    private PrivacyLedger? _ledger;

    private PrivacyBudget(
        string file,
        bool isDefaultFile,
        string dataSet,
        IReadOnlyList<GaussianEvent> plans,
        PrivacySection privacy,
        PrivacyLedger? ledger,
        double cap)
    {
        File = file;
        IsDefaultFile = isDefaultFile;
        DataSet = dataSet;
        _plans = [.. plans];
        Delta = privacy.Delta;
        Cap = cap;
        _ledger = ledger;
        Before = ledger?.Epsilon ?? 0;
    }

    /// <summary>Gets the ledger's file.</summary>
    public string File { get; }

    /// <summary>Gets the data set's name in the ledger.</summary>
    public string DataSet { get; }

    /// <summary>Gets the plan of training.</summary>
    public GaussianEvent Plan => _plans[^1];

    /// <summary>Gets δ, the specification's and the ledger's.</summary>
    public double Delta { get; }

    /// <summary>Gets the ledger's cap on ε, in nats.</summary>
    public double Cap { get; }

    /// <summary>Gets ε of this run alone, in nats, an upper bound.</summary>
    public double RunEpsilon { get; private init; }

    /// <summary>Gets ε of the ledger before the charge.</summary>
    public double Before { get; }

    /// <summary>Gets ε of the ledger with the charge: foreseen at first, then as charged.</summary>
    public double After { get; private set; }

    /// <summary>Gets the entry charged, or null.</summary>
    public LedgerEntry? Entry { get; private set; }

    /// <summary>Gets the hash of the ledger's last line; null while there is no ledger.</summary>
    public string? Head => _ledger?.Head;

    private bool IsDefaultFile { get; }

    /// <summary>
    /// Looks at the ledger, and refuses a run that it could not bear; changes no charge and makes no file.
    /// </summary>
    /// <exception cref="CommandException">
    /// The budget is too small, or the ledger's terms are others; nothing was trained or charged.
    /// </exception>
    /// <exception cref="LedgerException">The ledger is damaged.</exception>
    public static PrivacyBudget Foresee(TrainOptions options, ModelSpec spec)
    {
        PrivacySection privacy = spec.Privacy!;
        string dataSet = LedgerFolder.DataSetName(options.Data);
        string file = options.Ledger ?? LedgerFolder.PathOf(dataSet);
        if (options.Ledger is not null)
        {
            OutputFile.Check("--ledger", file);
        }

        GaussianEvent[] plans = [.. spec.PrivacyEvents];
        double run = EpsilonText.Of(plans, privacy.Delta) ?? throw new CommandException(
            "No finite epsilon bounds this run: "
                + $"$.privacy.noiseMultiplier {EpsilonText.Exact(privacy.NoiseMultiplier)} "
                + $"is too little noise. Nothing was trained or charged.");
        bool exists = (System.IO.File.Exists(file) && new FileInfo(file).Length > 0)
            || System.IO.File.Exists(file + ".seen"); // A ledger that is gone: opening it says so.
        if (exists && new FileInfo(file).IsReadOnly)
        {
            throw new CommandException($"{file} is read-only. Nothing was trained or charged.");
        }

        PrivacyLedger? ledger = exists ? PrivacyLedger.OpenExisting(file) : null;
        CheckTerms(ledger, file, dataSet, privacy.Delta, options.EpsilonCap);
        double cap = ledger?.EpsilonCap ?? options.EpsilonCap ?? privacy.EpsilonCap;
        PrivacyBudget budget = new(file, options.Ledger is null, dataSet, plans, privacy, ledger, cap)
        {
            RunEpsilon = run,
            After = ledger is null ? PreviewFirst(cap, privacy.Delta, plans) : Preview(ledger, file, plans),
        };
        budget.CheckCap(cap, "the ledger's cap");
        budget.CheckCap(privacy.EpsilonCap, "the specification's $.privacy.epsilonCap");
        return budget;
    }

    /// <summary>Says whether a line of the ledger has this hash.</summary>
    public bool Knows(string head) => _ledger?.Continues(head) ?? false;

    /// <summary>Charges the run; returns once the entry is on disk.</summary>
    /// <exception cref="BudgetExceededException">
    /// Another charge came first and leaves too little; nothing was written.
    /// </exception>
    public void Charge(string purpose)
    {
        for (int i = 0; i < _plans.Length - 1; i++)
        {
            Open().Charge(_plans[i], $"statistics of features: {purpose}"); // Dearer than nothing if the next fails.
        }

        Entry = Open().Charge(Plan, purpose);
        After = Entry.EpsilonAfter;
    }

    /// <summary>Opens the ledger to charge it, and makes it where it does not exist yet.</summary>
    public PrivacyLedger Open()
    {
        if (IsDefaultFile)
        {
            LedgerFolder.Make(File);
        }

        return _ledger ??= PrivacyLedger.Open(File, DataSet, Cap, Delta);
    }

    private static void CheckTerms(PrivacyLedger? ledger, string file, string dataSet, double delta, double? askedCap)
    {
        if (ledger is null)
        {
            return;
        }

        if (ledger.DataSet != dataSet)
        {
            throw new CommandException(
                $"--ledger: {file} belongs to the data set {ledger.DataSet}, and this run reads {dataSet}. Each data "
                    + $"set has a ledger of its own.");
        }

        if (ledger.Delta != delta)
        {
            throw new CommandException(
                $"{file} is kept at delta {EpsilonText.Exact(ledger.Delta)}, and $.privacy.delta is "
                    + $"{EpsilonText.Exact(delta)}: they must be equal.");
        }

        if (askedCap is double cap && cap != ledger.EpsilonCap)
        {
            throw new CommandException(
                $"--epsilon-cap: {file} has the cap {EpsilonText.Exact(ledger.EpsilonCap)} since it was made, and "
                    + $"{EpsilonText.Exact(cap)} cannot change it.");
        }
    }

    private static double Preview(PrivacyLedger ledger, string file, GaussianEvent[] plans)
    {
        try
        {
            return ledger.Preview(plans);
        }
        catch (NotSupportedException e)
        {
            throw new CommandException($"{file}: {e.Message} Nothing was trained or charged.", innerException: e);
        }
    }

    private static double PreviewFirst(double cap, double delta, GaussianEvent[] plans)
    {
        try
        {
            return PrivacyLedger.PreviewFirst(cap, delta, plans);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new CommandException(
                $"No release at all fits a cap of epsilon {EpsilonText.Exact(cap)} at delta "
                    + $"{EpsilonText.Exact(delta)}. Nothing was trained or charged.",
                innerException: e);
        }
    }

    private void CheckCap(double cap, string whose)
    {
        if (!(After <= cap))
        {
            string after = double.IsFinite(After) ? EpsilonText.Spent(After) : "infinity";
            throw new CommandException(
                $"Data set {DataSet}: this run would raise epsilon from {EpsilonText.Spent(Before)} to {after} "
                + $"at delta {EpsilonText.Exact(Delta)} ({EpsilonText.Neighbours}), past {whose} of "
                + $"{EpsilonText.Exact(cap)}. "
                + "Nothing was trained or charged.");
        }
    }
}
