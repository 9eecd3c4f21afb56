using Research.Privacy;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Privacy.Sums;
using Research.Training;

namespace Research.Interactive.Owner;

/// <summary>
/// What a private run will cost its owner's records and whether their ledger accepts it, known before training.
/// </summary>
internal sealed class OwnerBudget
{
    private const double MostNoise = 1e4; // Of a specification.

    private OwnerBudget(PrivacyLedger ledger, ModelSpec spec, DataIdentity data, ReleasePurpose purpose, LedgerQuote quote)
    {
        Ledger = ledger;
        Spec = spec;
        Data = data;
        Purpose = purpose;
        Quote = quote;
    }

    /// <summary>Gets the ledger.</summary>
    public PrivacyLedger Ledger { get; }

    /// <summary>Gets the specification: the noise is the owner's choice where <c>--epsilon</c> asked for that.</summary>
    public ModelSpec Spec { get; }

    /// <summary>Gets what the run is for.</summary>
    public ReleasePurpose Purpose { get; }

    /// <summary>Gets what it costs, at the ledger's δ.</summary>
    public LedgerQuote Quote { get; }

    /// <summary>Gets the plan of training.</summary>
    public GaussianEvent Plan => Spec.PrivacyEvents[^1];

    /// <summary>Gets the neighbouring relation of every ε printed.</summary>
    public string Neighbours => Data.HasUnits ? EpsilonText.NeighboursOfUnits : EpsilonText.Neighbours;

    private DataIdentity Data { get; }

    /// <summary>Looks at the ledger, and refuses a run that it would not accept; changes nothing.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="spec">The specification, with privacy.</param>
    /// <param name="data">The records that the run will be given.</param>
    /// <param name="purpose">What it is for, of a specification.</param>
    /// <param name="epsilon">What the run may cost: its noise is chosen for that; null leaves the specification's.</param>
    /// <exception cref="RefusedException">The budget is too small; nothing was trained or charged.</exception>
    /// <exception cref="LedgerException">The ledger is damaged.</exception>
    public static OwnerBudget Foresee(
        PrivacyLedger ledger,
        ModelSpec spec,
        DataIdentity data,
        Func<ModelSpec, ReleasePurpose> purpose,
        double? epsilon)
    {
        try
        {
            ModelSpec chosen = epsilon is double target ? WithNoise(ledger, spec, data, purpose(spec), target) : spec;
            LedgerQuote quote = ledger.Quote(data, chosen.PrivacyEvents, purpose(chosen));
            OwnerBudget budget = new(ledger, chosen, data, purpose(chosen), quote);
            budget.CheckNoise();
            budget.CheckCap();
            if (epsilon is null)
            {
                CheckPromise(chosen, budget.Purpose.Rounds);
            }

            return budget;
        }
        catch (NotSupportedException e)
        {
            throw new RefusedException(
                $"The ledger in {ledger.Home}: {e.Message} Nothing was trained or charged.", e);
        }
    }

    /// <summary>Refuses a specification that costs more than its sponsor promised the owners, at its own δ.</summary>
    /// <param name="spec">The specification, with privacy.</param>
    /// <param name="rounds">All rounds that are charged together.</param>
    /// <exception cref="RefusedException">It breaks the promise; nothing was trained or charged.</exception>
    public static void CheckPromise(ModelSpec spec, int rounds)
    {
        PrivacySection privacy = spec.Privacy!;
        PrivacyEvent[] whole = [.. spec.PrivacyEvents.Select(e => e with { Steps = e.Steps * rounds })];
        double cost = EpsilonText.Of(whole, privacy.Delta) ?? double.PositiveInfinity;
        if (cost <= privacy.EpsilonCap)
        {
            return;
        }

        throw new RefusedException(
            $"The specification breaks its own promise: its plan costs epsilon {EpsilonText.Spent(cost)} at its delta "
                + $"{EpsilonText.Exact(privacy.Delta)} ({EpsilonText.Neighbours}), past $.privacy.epsilonCap "
                + $"{EpsilonText.Exact(privacy.EpsilonCap)}. {Promised(privacy, whole)} "
                + "Nothing was trained or charged.");
    }

    /// <summary>Writes what the owner must hear before training.</summary>
    /// <param name="run">What costs it: "This run", say.</param>
    public IEnumerable<string> Notes(string run)
    {
        if (Quote.IsPaid)
        {
            yield return $"{run} costs nothing more: its first round paid for all rounds. The records given stand at "
                + $"epsilon {EpsilonText.Spent(Quote.Before)} of {Cap} at delta {Delta} (the ledger's; {Neighbours}).";
            yield break;
        }

        yield return $"{run} costs epsilon {EpsilonText.Spent(Quote.Run)} at delta {Delta} (the ledger's; {Neighbours}); "
            + $"the records given would go from {EpsilonText.Spent(Quote.Before)} to {EpsilonText.Spent(Quote.After)} "
            + $"of {Cap}, their owner's cap.";
        if (Quote.Rows > 1)
        {
            yield return $"Up to {Quote.Rows} rows are one unit's, and counted together.";
        }

        if (Quote.EqualRows > 1)
        {
            yield return $"Up to {Quote.EqualRows} rows are equal, and each counts as a record of its own. If they are one "
                + "person's, say so in a column named unit.";
        }

        if (Quote.Before > 0)
        {
            yield return "Some of them were charged before: all plans of those are counted, as chosen one after another.";
        }
    }

    private string Delta => EpsilonText.Exact(Quote.Delta);

    private string Cap => EpsilonText.Exact(Quote.Cap);

    private static ModelSpec WithNoise(
        PrivacyLedger ledger, ModelSpec spec, DataIdentity data, ReleasePurpose purpose, double target)
    {
        double noise = ledger.NoiseMultiplierFor(data, spec.PrivacyEvents, purpose, target) ?? throw new RefusedException(
            $"--epsilon: no noise multiplier keeps this run within epsilon {EpsilonText.Exact(target)} and these "
                + $"records, at epsilon {EpsilonText.Spent(ledger.EpsilonOf(data))}, within their owner's cap of "
                + $"{EpsilonText.Exact(ledger.EpsilonCap)} at delta {EpsilonText.Exact(ledger.Delta)}. "
                + "Nothing was trained or charged.");
        return noise <= MostNoise
            ? spec with { Privacy = spec.Privacy! with { NoiseMultiplier = noise } }
            : throw new RefusedException(
                $"--epsilon: {EpsilonText.Exact(target)} asks for the noise multiplier {EpsilonText.Exact(noise)}, and "
                    + $"at most {EpsilonText.Exact(MostNoise)} is possible. Nothing was trained or charged.");
    }

    private void CheckNoise()
    {
        if ((long)Plan.Steps * Purpose.Rounds > int.MaxValue)
        {
            throw new RefusedException(
                $"Expected at most {int.MaxValue} steps in all rounds, got {(long)Plan.Steps * Purpose.Rounds}. "
                    + "Nothing was trained or charged.");
        }

        if (!double.IsFinite(Quote.Run))
        {
            throw new RefusedException(
                "No finite epsilon bounds this run: $.privacy.noiseMultiplier "
                    + $"{EpsilonText.Exact(Plan.NoiseMultiplier)} is too little noise. {Fitting()} "
                    + "Nothing was trained or charged.");
        }
    }

    private void CheckCap()
    {
        if (Quote.Fits)
        {
            return;
        }

        string after = double.IsFinite(Quote.After) ? EpsilonText.Spent(Quote.After) : "infinity";
        throw new RefusedException(
            $"This run would raise epsilon of the records given from {EpsilonText.Spent(Quote.Before)} to {after} at "
                + $"delta {Delta} (the ledger's; {Neighbours}), past their owner's cap of {Cap} in {Ledger.Home}. "
                + (Quote.Rows > 1 ? $"Up to {Quote.Rows} rows are one unit's. " : "")
                + $"{Fitting()} Nothing was trained or charged.");
    }

    private static string Promised(PrivacySection privacy, PrivacyEvent[] whole)
    {
        try
        {
            double noise = Calibration.NoiseMultiplier(
                privacy.EpsilonCap, privacy.Delta, privacy.SampleRate, whole[^1].Steps);
            return whole.Length > 1
                ? "Its features' statistics count too."
                : $"A noise multiplier of {EpsilonText.Exact(EpsilonText.RoundUp(noise))} would keep it.";
        }
        catch (ArgumentOutOfRangeException)
        {
            return "No noise multiplier would keep it.";
        }
    }

    private string Fitting() => Ledger.NoiseMultiplierFor(Data, Spec.PrivacyEvents, Purpose) is double noise
        ? $"A noise multiplier of {EpsilonText.Exact(noise)} would fit."
        : "No noise multiplier would fit.";
}
