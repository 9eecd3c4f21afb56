using System.Globalization;
using Research.Privacy.Accounting;

namespace Research.Privacy.Ledger;

/// <summary>
/// What has been released about one data set: an append-only, hash-chained file, charged before each release.
/// </summary>
/// <remarks>
/// <para>
/// Neighbours: add or remove one record. The cap holds for plans chosen adaptively, over all tasks and rounds: charges
/// add up in the terms of one <see cref="LedgerFilter"/>, fixed when the ledger is made, and the sum's ε at the
/// ledger's δ never passes the cap. <see cref="FixedPlanEpsilon"/> is smaller, and holds only if all plans were fixed
/// in advance.
/// </para>
/// <para>
/// A charge holds an exclusive lock file, reads and checks every line, and returns only when its line and line feed are
/// on disk. So a last line without its line feed belongs to a charge that never returned, for which nothing was
/// released. If it is whole it counts; if it is torn, the next charge replaces it by a sealed entry that keeps its
/// bytes and counts the event if those still tell it. A changed line anywhere else stops every charge.
/// </para>
/// <para>
/// Beside it, <c>path + ".seen"</c> keeps a copy of the ledger as the last charge that returned left it. A ledger that
/// does not begin with it (an older backup, a file cut short or gone) is refused: copy that file over the ledger to put
/// back what was seen. Not noticed: both files deleted, or restored together. Keep <see cref="Head"/> elsewhere to
/// notice, and ask <see cref="Continues"/>.
/// </para>
/// </remarks>
public sealed class PrivacyLedger
{
    private const double FilterWork = 1e7; // Operations of a curve's making, roundly.

    private const int LongestText = 256;

    private readonly string _path;
    private readonly TimeProvider _time;
    private LedgerState _state;

    private PrivacyLedger(string path, TimeProvider time, LedgerState state)
    {
        _path = path;
        _time = time;
        _state = state;
    }

    /// <summary>Gets the data set's name.</summary>
    public string DataSet => _state.Header.DataSet;

    /// <summary>Gets the cap on ε, in nats.</summary>
    public double EpsilonCap => _state.Header.EpsilonCap;

    /// <summary>Gets δ.</summary>
    public double Delta => _state.Header.Delta;

    /// <summary>Gets how the cap is enforced.</summary>
    public LedgerFilter Filter => _state.Header.Filter;

    /// <summary>Gets the Rényi filter's order, fixed when the ledger was made; null of the other filter.</summary>
    public double? Order => _state.Header.Order;

    /// <summary>
    /// Gets ε spent as the cap is enforced, at the last charge or opening: sound for adaptive plans; 0 of nothing.
    /// </summary>
    /// <remarks>
    /// Nats, an upper bound. Under the Rényi filter the first charge costs the conversion's constant, so early entries
    /// look dear.
    /// </remarks>
    public double Epsilon => _state.Epsilon;

    /// <summary>
    /// Gets ε of the same charges by <see cref="ExactAccountant"/>: holds only if all plans were fixed in advance.
    /// </summary>
    public double FixedPlanEpsilon => FixedPlans.Epsilons(Entries, Delta, last: 1) is [double epsilon] ? epsilon : 0;

    /// <summary>Gets the entries as of the last charge or opening.</summary>
    public IReadOnlyList<LedgerEntry> Entries => _state.Entries;

    /// <summary>Gets the hash of the last line, which stands for the whole file.</summary>
    public string Head => _state.Head;

    /// <summary>Opens a ledger, or makes one.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="dataSet">Name of the data set, 1 to 256 characters.</param>
    /// <param name="epsilonCap">What ε may never pass, in nats; above 0, finite, and enough for
    /// some release at this δ.</param>
    /// <param name="delta">δ in (0, 1).</param>
    /// <param name="filter">How the cap is enforced.</param>
    /// <param name="timeProvider">Where entries' times come from; the system's clock by default.</param>
    /// <exception cref="ArgumentException">An argument lies outside its range; the message names it.</exception>
    /// <exception cref="LedgerException">The file is damaged, is older than the last charge seen, or belongs to another
    /// data set, cap, δ or filter.</exception>
    /// <exception cref="TimeoutException">Another process held the lock for 30 s.</exception>
    public static PrivacyLedger Open(
        string path,
        string dataSet,
        double epsilonCap,
        double delta,
        LedgerFilter filter = LedgerFilter.Renyi,
        TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        CheckText(dataSet, nameof(dataSet));
        TimeProvider time = timeProvider ?? TimeProvider.System;
        LedgerHeader asked = LedgerHeader.Make(dataSet, epsilonCap, delta, filter, time.GetUtcNow());
        using LedgerFile file = LedgerFile.Lock(path);
        byte[] bytes = file.Read();
        byte[]? seen = LastSeen.Read(path);
        if (LedgerLine.IsUnfinishedHeader(bytes))
        {
            LastSeen.Check(path, seen, bytes, found: null);
            bytes = [.. LedgerLine.Write(asked), (byte)'\n'];
            file.WriteAt(0, bytes);
        }

        LedgerState state = LedgerReader.Read(path, bytes, seen);
        LedgerHeader found = state.Header;
        return (found.DataSet, found.EpsilonCap, found.Delta, found.Filter) == (dataSet, epsilonCap, delta, filter)
            ? new PrivacyLedger(path, time, state)
            : throw new LedgerException(path, 1, string.Create(
                CultureInfo.InvariantCulture,
                $"expected data set '{dataSet}', cap {epsilonCap:R}, delta {delta:R}, filter {filter}; "
                + $"got '{found.DataSet}', {found.EpsilonCap:R}, {found.Delta:R}, {found.Filter}"));
    }

    /// <summary>
    /// Gets a noise multiplier with which a ledger of this cap admits so many steps, in however many releases.
    /// </summary>
    /// <remarks>
    /// The ledger's filter is sound for plans chosen adaptively and costs a little more than one plan fixed beforehand,
    /// for which <see cref="Calibration"/> finds the noise.
    /// </remarks>
    /// <param name="epsilonCap">The cap, in nats, as for <see cref="Open"/>.</param>
    /// <param name="delta">δ in (0, 1).</param>
    /// <param name="sampleRate">q in (0, 1].</param>
    /// <param name="steps">Steps of all releases together, 1 or more.</param>
    /// <param name="filter">The ledger's filter.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range, or no noise is enough.</exception>
    /// <exception cref="NotSupportedException">The filter does not take such releases.</exception>
    public static double NoiseMultiplierFor(
        double epsilonCap, double delta, double sampleRate, int steps, LedgerFilter filter = LedgerFilter.Renyi)
    {
        LedgerHeader.CheckTerms(epsilonCap, delta);
        if (sampleRate is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, "Expected a sample rate in (0, 1].");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);

        // Sums of divergences round: a part in 10¹² is kept back, so that the last of many releases still fits.
        double usable = epsilonCap * (1 - 1e-12);
        WorkBudget budget = WorkBudget.OfQuery();
        return Calibration.Smallest(
            noise =>
            {
                budget.Charge(FilterWork);
                return PreviewFirst(epsilonCap, delta, filter, new GaussianEvent(sampleRate, noise, steps));
            },
            usable,
            budget);
    }

    /// <summary>Opens a ledger that exists, with the data set, cap and δ that it has; writes nothing.</summary>
    /// <param name="path">The file; read without its lock, so a charge that is just being
    /// written is not seen yet.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="LedgerException">The file is damaged, or older than the last charge seen.</exception>
    public static PrivacyLedger OpenExisting(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new PrivacyLedger(path, TimeProvider.System, LedgerReader.Read(path));
    }

    /// <summary>Gets the ε that a ledger yet to be made would show after its first charges; makes none.</summary>
    /// <param name="epsilonCap">The cap that it would have, in nats.</param>
    /// <param name="delta">δ in (0, 1).</param>
    /// <param name="plans">The plans.</param>
    /// <returns>Nats, an upper bound; the charge would be refused where it passes the cap.</returns>
    /// <exception cref="ArgumentException">An argument lies outside its range, or no release
    /// fits such a cap at this δ.</exception>
    public static double PreviewFirst(double epsilonCap, double delta, params ReadOnlySpan<PrivacyEvent> plans) =>
        PreviewFirst(epsilonCap, delta, LedgerFilter.Renyi, plans);

    /// <summary>Gets the ε that a ledger yet to be made would show after its first charges; makes none.</summary>
    /// <param name="epsilonCap">The cap that it would have, in nats.</param>
    /// <param name="delta">δ in (0, 1).</param>
    /// <param name="filter">The filter that it would have.</param>
    /// <param name="plans">The plans.</param>
    /// <returns>Nats, an upper bound; the charge would be refused where it passes the cap.</returns>
    /// <exception cref="ArgumentException">An argument lies outside its range, or no release
    /// fits such a cap at this δ.</exception>
    /// <exception cref="NotSupportedException">The filter does not take such a plan.</exception>
    public static double PreviewFirst(
        double epsilonCap, double delta, LedgerFilter filter, params ReadOnlySpan<PrivacyEvent> plans)
    {
        IAdaptiveFilter made = LedgerHeader.Make("none", epsilonCap, delta, filter, default).MakeFilter();
        double cost = 0;
        foreach (PrivacyEvent plan in plans)
        {
            cost += made.Cost(plan);
        }

        return made.Epsilon(cost);
    }

    /// <summary>Charges a plan, and returns once the entry is on disk: only then may anything be released.</summary>
    /// <param name="e">The plan, whole: all its steps are charged whether or not they run.</param>
    /// <param name="purpose">What the release is for, such as <c>task 0x2a round 1</c>; 1 to 256 characters.</param>
    /// <exception cref="BudgetExceededException">The charge would pass the cap; nothing was written.</exception>
    /// <exception cref="LedgerException">The file was changed or replaced; nothing was written.</exception>
    /// <exception cref="NotSupportedException">The filter does not take such a plan; nothing was written.</exception>
    /// <exception cref="IOException">A full disk, say: nothing may be released. The message tells whether the charge
    /// counts; where it cannot tell, the charge counts if it stands in the file.</exception>
    /// <exception cref="TimeoutException">Another process held the lock for 30 s.</exception>
    public LedgerEntry Charge(PrivacyEvent e, string purpose)
    {
        CheckText(purpose, nameof(purpose));
        using LedgerFile file = LedgerFile.Lock(_path);
        byte[] bytes = file.Read();
        LedgerState state = LedgerReader.ReadSame(_path, bytes, _state);
        PrivacyEvent torn = state.TornEvent;
        double asked = state.EpsilonWith(torn, e);
        if (!(asked <= EpsilonCap))
        {
            throw new BudgetExceededException(DataSet, state.EpsilonWith(torn), asked, EpsilonCap);
        }

        using MemoryStream lines = new();
        if (state.Torn.Length > 0)
        {
            string kept = Convert.ToBase64String(state.Torn);
            WriteLine(lines, state.Append(_time.GetUtcNow(), torn, "sealed: a charge that never finished", kept));
        }

        int end = state.WholeBytes;
        WriteLine(lines, state.Append(_time.GetUtcNow(), e, purpose, torn: null));
        lines.WriteByte((byte)'\n');
        file.Append(bytes, end, lines.ToArray());
        _state = state;
        return state.Entries[^1];
    }

    /// <summary>Gets the ε that <see cref="Epsilon"/> would show after charges; writes nothing.</summary>
    /// <param name="plans">The plans.</param>
    /// <returns>Nats, an upper bound; a charge is refused where it passes the cap.</returns>
    /// <exception cref="LedgerException">The file was changed or replaced.</exception>
    /// <exception cref="TimeoutException">Another process held the lock for 30 s.</exception>
    public double Preview(params ReadOnlySpan<PrivacyEvent> plans)
    {
        using LedgerFile file = LedgerFile.Lock(_path);
        LedgerState state = LedgerReader.ReadSame(_path, file.Read(), _state);
        return state.EpsilonWith([state.TornEvent, .. plans]);
    }

    /// <summary>Gets how many more charges of a plan fit under the cap, as of the last charge or opening.</summary>
    /// <param name="plan">The plan, whole.</param>
    /// <returns>0 or more; the largest integer where the plan costs nothing.</returns>
    /// <exception cref="NotSupportedException">The filter does not take such a plan.</exception>
    public int RoomFor(PrivacyEvent plan) => _state.RoomFor(plan);

    /// <summary>Gets <see cref="FixedPlanEpsilon"/> as it was after each of the last charges.</summary>
    /// <param name="last">Of how many charges; fewer if there are not so many.</param>
    /// <returns>Nats, in the order of <see cref="Entries"/>.</returns>
    public IReadOnlyList<double> FixedPlanEpsilons(int last)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(last);
        return FixedPlans.Epsilons(Entries, Delta, last);
    }

    /// <summary>
    /// Says whether a line has this hash: false tells that the file was cut short, or is another one than it was.
    /// </summary>
    /// <param name="head">A <see cref="Head"/> of before, kept elsewhere.</param>
    public bool Continues(string head) => _state.Continues(head);

    /// <summary>
    /// Checks every line of a ledger file: form, hash, chain, ε against the events, and the last charge seen.
    /// </summary>
    /// <param name="path">The file; read without its lock, so a charge that is just being written looks torn.</param>
    /// <param name="expectedHead">A <see cref="Head"/> of before, kept elsewhere: some line must have it.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static LedgerVerification Verify(string path, string? expectedHead = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return LedgerReader.Verify(path, expectedHead);
    }

    private static void WriteLine(MemoryStream lines, byte[] line)
    {
        lines.WriteByte((byte)'\n'); // Ends the line before.
        lines.Write(line);
    }

    private static void CheckText(string text, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, LongestText, name);
    }
}
