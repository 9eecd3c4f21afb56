using System.Globalization;
using System.Text;
using Research.Privacy.Accounting;

namespace Research.Privacy.Ledger;

/// <summary>
/// What has been released about one data set: an append-only, hash-chained file, charged before each release.
/// </summary>
/// <remarks>
/// <para>
/// Neighbours: add or remove one record. The cap holds for plans chosen adaptively, over all tasks and rounds: charges
/// add up as Rényi divergences at one order, fixed when the ledger is made (Feldman and Zrnic 2021, arXiv:2008.11193,
/// Theorem 3.1), and the sum's ε at the ledger's δ never passes the cap. <see cref="FixedPlanEpsilon"/> is smaller, and
/// holds only if all plans were fixed in advance.
/// </para>
/// <para>
/// A charge holds an exclusive lock file, reads and checks every line, and returns only when its line and line feed are
/// on disk. So a last line without its line feed belongs to a charge that never returned, for which nothing was
/// released. If it is whole it counts; if it is torn, the next charge replaces it by a sealed entry that keeps its
/// bytes and counts the event if those still tell it. A changed line anywhere else stops every charge.
/// </para>
/// <para>
/// Not noticed: a file deleted, or cut at the end of a line (an older backup). Keep <see cref="Head"/> elsewhere to
/// notice.
/// </para>
/// </remarks>
public sealed class PrivacyLedger
{
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

    /// <summary>Gets the filter's Rényi order, fixed when the ledger was made.</summary>
    public double Order => _state.Header.Order;

    /// <summary>
    /// Gets ε spent as the cap is enforced, at the last charge or opening: sound for adaptive plans; 0 of nothing.
    /// </summary>
    /// <remarks>
    /// Nats, an upper bound. The first charge costs the conversion's constant, so early entries look dear.
    /// </remarks>
    public double Epsilon => _state.Epsilon;

    /// <summary>
    /// Gets ε of the same charges by <see cref="RdpAccountant"/>: holds only if all plans were fixed in advance.
    /// </summary>
    public double FixedPlanEpsilon
    {
        get
        {
            RdpAccountant accountant = new();
            foreach (LedgerEntry entry in _state.Entries)
            {
                accountant.Compose(entry.Event);
            }

            return accountant.Epsilon(Delta);
        }
    }

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
    /// <param name="timeProvider">Where entries' times come from; the system's clock by default.</param>
    /// <exception cref="ArgumentException">An argument lies outside its range; the message names it.</exception>
    /// <exception cref="LedgerException">The file is damaged, or belongs to another data set, cap or δ.</exception>
    /// <exception cref="TimeoutException">Another process held the lock for 30 s.</exception>
    public static PrivacyLedger Open(
        string path, string dataSet, double epsilonCap, double delta, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        CheckText(dataSet, nameof(dataSet));
        CheckTerms(epsilonCap, delta);
        double order = RenyiFilter.ChooseOrder(epsilonCap, delta);
        TimeProvider time = timeProvider ?? TimeProvider.System;
        using LedgerFile file = LedgerFile.Lock(path);
        byte[] bytes = file.Read();
        if (IsUnfinishedHeader(bytes))
        {
            byte[] header = LedgerLine.Write(new LedgerHeader
            {
                Time = time.GetUtcNow(),
                DataSet = dataSet,
                EpsilonCap = epsilonCap,
                Delta = delta,
                Order = order,
            });
            bytes = [.. header, (byte)'\n'];
            file.WriteAt(0, bytes);
        }

        LedgerState state = ReadSound(path, bytes);
        LedgerHeader found = state.Header;
        return (found.DataSet, found.EpsilonCap, found.Delta) == (dataSet, epsilonCap, delta)
            ? new PrivacyLedger(path, time, state)
            : throw new LedgerException(path, 1, string.Create(
                CultureInfo.InvariantCulture,
                $"expected data set '{dataSet}', cap {epsilonCap:R}, delta {delta:R}; "
                + $"got '{found.DataSet}', {found.EpsilonCap:R}, {found.Delta:R}"));
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
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range, or no noise is enough.</exception>
    public static double NoiseMultiplierFor(double epsilonCap, double delta, double sampleRate, int steps)
    {
        CheckTerms(epsilonCap, delta);
        if (sampleRate is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, "Expected a sample rate in (0, 1].");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);

        // Sums of divergences round: a part in 10¹² is kept back, so that the last of many releases still fits.
        double usable = epsilonCap * (1 - 1e-12);
        return Calibration.Smallest(
            noise => PreviewFirst(epsilonCap, delta, new GaussianEvent(sampleRate, noise, steps)), usable);
    }

    /// <summary>Opens a ledger that exists, with the data set, cap and δ that it has; writes nothing.</summary>
    /// <param name="path">The file; read without its lock, so a charge that is just being
    /// written is not seen yet.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="LedgerException">The file is damaged.</exception>
    public static PrivacyLedger OpenExisting(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new PrivacyLedger(path, TimeProvider.System, ReadSound(path, File.ReadAllBytes(path)));
    }

    /// <summary>Gets the ε that a ledger yet to be made would show after its first charges; makes none.</summary>
    /// <param name="epsilonCap">The cap that it would have, in nats.</param>
    /// <param name="delta">δ in (0, 1).</param>
    /// <param name="plans">The plans.</param>
    /// <returns>Nats, an upper bound; the charge would be refused where it passes the cap.</returns>
    /// <exception cref="ArgumentException">An argument lies outside its range, or no release
    /// fits such a cap at this δ.</exception>
    public static double PreviewFirst(double epsilonCap, double delta, params ReadOnlySpan<PrivacyEvent> plans)
    {
        CheckTerms(epsilonCap, delta);
        RenyiFilter filter = new(RenyiFilter.ChooseOrder(epsilonCap, delta), delta);
        double divergence = 0;
        foreach (PrivacyEvent plan in plans)
        {
            divergence += filter.Divergence(plan);
        }

        return filter.Epsilon(divergence);
    }

    /// <summary>Charges a plan, and returns once the entry is on disk: only then may anything be released.</summary>
    /// <param name="e">The plan, whole: all its steps are charged whether or not they run.</param>
    /// <param name="purpose">What the release is for, such as <c>task 0x2a round 1</c>; 1 to 256 characters.</param>
    /// <exception cref="BudgetExceededException">The charge would pass the cap; nothing was written.</exception>
    /// <exception cref="LedgerException">The file was changed or replaced; nothing was written.</exception>
    /// <exception cref="IOException">The entry may or may not count; nothing may be released.</exception>
    /// <exception cref="TimeoutException">Another process held the lock for 30 s.</exception>
    public LedgerEntry Charge(PrivacyEvent e, string purpose)
    {
        CheckText(purpose, nameof(purpose));
        using LedgerFile file = LedgerFile.Lock(_path);
        LedgerState state = ReadSame(file);
        PrivacyEvent torn = TornLine.Intention(state.Torn) ?? new GaussianEvent(0, 1, 0);
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
        file.WriteAt(end, lines.ToArray());
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
        LedgerState state = ReadSame(file);
        return state.EpsilonWith([TornLine.Intention(state.Torn) ?? new GaussianEvent(0, 1, 0), .. plans]);
    }

    /// <summary>Checks every line of a ledger file: form, hash, chain, and ε against the events.</summary>
    /// <param name="path">The file; read without its lock, so a charge that is just being written looks torn.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static LedgerVerification Verify(string path)
    {
        try
        {
            LedgerState state = LedgerState.Read(path, File.ReadAllBytes(path));
            (int line, string problem) = state.Fault ?? (0, "");
            if (state.Torn.Length > 0)
            {
                (line, problem) =
                    (state.Entries.Count + 2, "torn: a charge never finished here; the next one seals it");
            }

            return new LedgerVerification(line == 0, line, problem, state.Entries, state.Head);
        }
        catch (LedgerException e)
        {
            return new LedgerVerification(false, e.Line, e.Problem, [], "");
        }
    }

    private static LedgerState ReadSound(string path, byte[] bytes)
    {
        LedgerState state = LedgerState.Read(path, bytes);
        return state.Fault is (int line, string problem) ? throw new LedgerException(path, line, problem) : state;
    }

    // Header and last head must be where this ledger last saw them: a file swapped for an older one is refused.
    private LedgerState ReadSame(LedgerFile file)
    {
        LedgerState state = ReadSound(_path, file.Read());
        int seen = _state.Entries.Count;
        bool isSame = state.Header.Hash == _state.Header.Hash
            && state.Entries.Count >= seen
            && (seen == 0 || state.Entries[seen - 1].Hash == _state.Head);
        return isSame
            ? state
            : throw new LedgerException(
                _path, seen + 1, $"expected a file that continues {_state.Head}; it was replaced");
    }

    // No line has ended, and what there is begins as a header does: nothing was ever charged here.
    private static bool IsUnfinishedHeader(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> start = Encoding.ASCII.GetBytes($"{{\"format\":\"{LedgerHeader.CurrentFormat}\"");
        int common = Math.Min(start.Length, bytes.Length);
        return bytes.IndexOf((byte)'\n') < 0 && bytes[..common].SequenceEqual(start[..common]);
    }

    private static void WriteLine(MemoryStream lines, byte[] line)
    {
        lines.WriteByte((byte)'\n'); // Ends the line before.
        lines.Write(line);
    }

    private static void CheckTerms(double epsilonCap, double delta)
    {
        RenyiConversion.Check(delta);
        if (!(epsilonCap > 0 && double.IsFinite(epsilonCap)))
        {
            throw new ArgumentOutOfRangeException(nameof(epsilonCap), epsilonCap, "Expected a finite cap above 0.");
        }
    }

    private static void CheckText(string text, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, LongestText, name);
    }
}
