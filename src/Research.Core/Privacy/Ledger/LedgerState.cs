using Research.Privacy.Accounting;

namespace Research.Privacy.Ledger;

/// <summary>A ledger as read and checked up to some byte, and what its charges mean for each record.</summary>
internal sealed class LedgerState
{
    // Of recorded ε against recomputed: far above rounding, far below any charge.
    private const double Tolerance = 1e-6;

    // A fitting noise is rounded up to four decimals, as the one that an ε asks for.
    private const double PerNoise = 1e4;

    private readonly List<LedgerEntry> _entries = [];
    private readonly Dictionary<string, int> _receipts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Reservation> _reservations = new(StringComparer.Ordinal);
    private readonly RecordBook _book = new();
    private readonly IAdaptiveFilter _filter;
    private readonly PlanEpsilon _plans;

    public LedgerState(LedgerHeader header, OwnerKey key)
    {
        Header = header;
        Key = key;
        Head = header.Hash;
        _filter = header.MakeFilter();
        _plans = new PlanEpsilon(header.Delta);
    }

    public LedgerHeader Header { get; }

    public OwnerKey Key { get; }

    public IReadOnlyList<LedgerEntry> Entries => _entries;

    /// <summary>Gets the hash of the last whole line.</summary>
    public string Head { get; private set; }

    /// <summary>Gets the number of bytes up to the end of the last whole line, without its line feed.</summary>
    public long WholeBytes { get; set; }

    /// <summary>Gets where the last whole line begins.</summary>
    public long LastLine { get; set; }

    /// <summary>Gets whether bytes follow the last whole line: a charge that never returned.</summary>
    public bool IsTorn { get; set; }

    /// <summary>Gets the number of records ever charged.</summary>
    public int Records => _book.Count;

    /// <summary>Gets the cohorts that have records.</summary>
    public IEnumerable<Cohort> Cohorts => _book.Cohorts.Where(cohort => cohort.Members.Length > 0);

    /// <summary>Gets ε of a history, an upper bound in nats.</summary>
    /// <remarks>
    /// One plan, fixed beforehand, costs what the exact accountant says, or the filter: both hold. From the second on
    /// the filter counts all: PROOFS.md, "One plan, then many".
    /// </remarks>
    public double EpsilonOf(Cohort cohort) => cohort.Plans == 0 ? 0
        : cohort.Only is { } only ? EpsilonOfOne(_plans, _filter, only)
        : _filter.Epsilon(cohort.Cost);

    /// <summary>Gets ε of a history as the filter counts it, all plans as chosen adaptively.</summary>
    public double FilterEpsilonOf(Cohort cohort) => _filter.Epsilon(cohort.Cost);

    /// <summary>Finds the entry that charged a run, or null.</summary>
    public LedgerEntry? Charged(string receipt) =>
        _receipts.TryGetValue(receipt, out int sequence) ? _entries[sequence - 1] : null;

    /// <summary>Says whether a line has this hash.</summary>
    public bool Continues(string head) => Header.Hash == head || _entries.Any(entry => entry.Hash == head);

    /// <summary>Thinks a charge through; writes nothing.</summary>
    /// <param name="records">Each record's name, with the rows that it is charged for.</param>
    /// <param name="plan">The plan of the run.</param>
    /// <param name="purpose">What it is for.</param>
    /// <param name="receipt">The run, or null.</param>
    /// <exception cref="NotSupportedException">The filter has no proven cost for an event.</exception>
    public Charge Assess(
        Dictionary<UInt128, int> records, IReadOnlyList<PrivacyEvent> plan, ReleasePurpose purpose, string? receipt)
    {
        if (records.Count == 0)
        {
            throw new ArgumentException("Expected at least one record, got none.", nameof(records));
        }

        IReadOnlyList<PrivacyEvent>? whole = purpose.Whole(plan);
        Reservation? reservation = purpose.Task is { } task ? _reservations.GetValueOrDefault(task) : null;
        bool isDrawn = reservation is not null && reservation.Drawn.Contains(purpose.Round);
        bool isReserved = purpose.Task is not null && whole is not null
            && (reservation is null || (reservation.Whole.SequenceEqual(whole) && !isDrawn));
        IReadOnlyList<PrivacyEvent> charged = isReserved ? whole! : plan;
        List<RecordGroup> groups = _book.Group(records);
        bool isCharged = receipt is not null && _receipts.ContainsKey(receipt);
        bool isFree = charged.All(e => e.IsFree);
        bool[] pays = new bool[groups.Count];
        bool isRepeated = false;
        double before = 0;
        double after = 0;
        for (int i = 0; i < groups.Count; i++)
        {
            Cohort? cohort = CohortOf(groups[i]);
            double now = cohort is null ? 0 : EpsilonOf(cohort);
            bool isCovered = purpose.Task is not null && IsCovered(cohort, purpose, groups[i].Rows);
            isRepeated |= isDrawn && isCovered;
            pays[i] = !isCharged && !isFree && !(isReserved && isCovered);
            before = Math.Max(before, now);
            after = Math.Max(after, pays[i] ? After(cohort, OfGroup(charged, groups[i].Rows), _plans, _filter) : now);
        }

        double run = isFree ? 0 : _plans.Of(OfGroup(charged, groups.Max(group => group.Rows)));
        if (whole is null && !isCharged)
        {
            (run, after) = (double.PositiveInfinity, double.PositiveInfinity); // More steps than can be counted.
        }

        bool isPaid = !pays.Contains(true) && !isFree && whole is not null;
        LedgerQuote quote = new(
            run, before, after, Header.EpsilonCap, Header.Delta, isPaid, groups.Max(group => group.Rows))
        {
            IsRepeated = isRepeated,
        };
        return new Charge(purpose, charged, isReserved, groups, pays, quote);
    }

    /// <summary>Gets a noise multiplier with which the last event of a plan would fit, or null.</summary>
    /// <param name="records">The records given.</param>
    /// <param name="plan">The plan of the run; the noise of its last event is sought.</param>
    /// <param name="purpose">What it is for: of a task, all rounds must fit.</param>
    /// <param name="target">What the plan alone may cost, or null.</param>
    public double? FittingNoise(
        Dictionary<UInt128, int> records, IReadOnlyList<PrivacyEvent> plan, ReleasePurpose purpose, double? target)
    {
        if (plan is not [.., GaussianEvent { IsFree: false } last] || purpose.Whole(plan) is null)
        {
            return null;
        }

        WorkBudget budget = WorkBudget.OfQuery();
        IAdaptiveFilter filter = Header.MakeFilter(); // What is tried is not kept.
        PlanEpsilon plans = new(Header.Delta, budget);
        List<RecordGroup> groups = _book.Group(records);
        int most = groups.Max(group => group.Rows);
        try
        {
            double noise = Calibration.Smallest(Excess, 1, budget);
            return Math.Ceiling(noise * PerNoise) / PerNoise;
        }
        catch (ArgumentOutOfRangeException)
        {
            return null; // No noise is enough.
        }

        double Excess(double noise)
        {
            IReadOnlyList<PrivacyEvent> tried =
                purpose.Whole([.. plan.Take(plan.Count - 1), last with { NoiseMultiplier = noise }])!;
            double share = target is double wanted ? plans.Of(OfGroup(tried, most)) / wanted : 0;
            foreach (RecordGroup group in groups)
            {
                double after = After(CohortOf(group), OfGroup(tried, group.Rows), plans, filter);
                share = Math.Max(share, after / (Header.EpsilonCap * (1 - 1e-12))); // Sums of charges round.
            }

            return share;
        }
    }

    /// <summary>Makes the entry of a charge, hashed; nothing changes yet.</summary>
    /// <returns>The entry, and its line without line feed.</returns>
    public (LedgerEntry Entry, byte[] Line) Make(Charge charge, string? receipt, bool isInsecure, DateTimeOffset time)
    {
        LedgerEntry entry = new()
        {
            Sequence = _entries.Count + 1,
            Time = time,
            Purpose = charge.Purpose,
            Plan = charge.Plan,
            IsReserved = charge.IsReserved,
            Receipt = receipt,
            IsNoiseSecret = !isInsecure,
            Epsilon = charge.Quote.After,
            Previous = Head,
            Records = Key.Hide(RecordGroups.Write(charge.Paying, _book), Head),
        };
        byte[] line = LedgerLine.Write(entry);
        return (entry with { Hash = LedgerLine.HashOf(line) }, line);
    }

    /// <summary>Takes an entry over that stands in the file.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="paying">The groups that pay.</param>
    /// <param name="end">Where its line ends, without line feed.</param>
    public void Apply(LedgerEntry entry, IReadOnlyList<RecordGroup> paying, long end)
    {
        Cohort[] cohorts = _book.Part(paying);
        for (int i = 0; i < cohorts.Length; i++)
        {
            PrivacyEvent[] plan = OfGroup(entry.Plan, paying[i].Rows);
            cohorts[i].Add(plan, plan.Sum(_filter.Cost));
            if (entry.IsReserved)
            {
                cohorts[i].Reserve(entry.Purpose.Task!, paying[i].Rows);
            }
        }

        if (entry.IsReserved)
        {
            if (!_reservations.TryGetValue(entry.Purpose.Task!, out Reservation? reservation))
            {
                reservation = new Reservation(entry.Plan);
                _reservations.Add(entry.Purpose.Task!, reservation);
            }

            reservation.Drawn.Add(entry.Purpose.Round);
        }

        if (entry.Receipt is { } receipt)
        {
            _receipts.TryAdd(receipt, entry.Sequence);
        }

        Head = entry.Hash;
        _entries.Add(entry with { Records = [] }); // They are in the book now.
        (LastLine, WholeBytes) = (WholeBytes + 1, end);
    }

    /// <summary>Reads the next line.</summary>
    /// <param name="line">Its bytes, without line feed.</param>
    /// <param name="isThorough">Whether to compute every ε again, too.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public string? Read(ReadOnlySpan<byte> line, bool isThorough)
    {
        try
        {
            LedgerEntry entry = LedgerLine.ReadEntry(line, out string? changed);
            string? wrong = Differs("sequence", _entries.Count + 1, entry.Sequence)
                ?? Differs("previous", Head, entry.Previous)
                ?? changed;
            if (wrong is not null)
            {
                return wrong;
            }

            List<RecordGroup> paying = RecordGroups.Read(Key.Reveal(entry.Records, entry.Previous), _book);
            double after = isThorough && paying.Count > 0
                ? paying.Max(g => After(CohortOf(g), OfGroup(entry.Plan, g.Rows), _plans, _filter))
                : 0;
            double most = Math.Min(entry.Epsilon, Header.EpsilonCap);
            if (isThorough && !(after <= most + (Tolerance * (1 + most))))
            {
                return FormattableString.Invariant(
                    $"epsilon: expected {after:R} (by the events up to here) or more and at most the cap of ")
                    + FormattableString.Invariant($"{Header.EpsilonCap:R}, got {entry.Epsilon:R}");
            }

            if (entry.IsReserved && _reservations.TryGetValue(entry.Purpose.Task!, out Reservation? known)
                && !(known.Whole.SequenceEqual(entry.Plan) && !known.Drawn.Contains(entry.Purpose.Round)))
            {
                return "reserved: expected a round of the plan that was reserved, not released yet";
            }

            Apply(entry, paying, WholeBytes + 1 + line.Length);
            return null;
        }
        catch (Exception e) when (e is FormatException or NotSupportedException or ArgumentException)
        {
            return e.Message;
        }
    }

    private static bool IsCovered(Cohort? cohort, ReleasePurpose purpose, int rows) =>
        cohort is not null && cohort.Tasks.TryGetValue(purpose.Task!, out int paid) && paid >= rows;

    private static PrivacyEvent[] OfGroup(IReadOnlyList<PrivacyEvent> plan, int rows) =>
        [.. plan.Where(e => !e.IsFree).Select(e => GroupPrivacy.Of(e, rows))];

    private static double After(
        Cohort? cohort, PrivacyEvent[] plan, PlanEpsilon plans, IAdaptiveFilter filter)
    {
        double cost = plan.Sum(filter.Cost); // An event without proven cost is refused, the first one too.
        return cohort is null or { Plans: 0 }
            ? Math.Min(plans.Of(plan), filter.Epsilon(cost))
            : filter.Epsilon(cohort.Cost + cost);
    }

    private static double EpsilonOfOne(PlanEpsilon plans, IAdaptiveFilter filter, PrivacyEvent[] plan) =>
        Math.Min(plans.Of(plan), filter.Epsilon(plan.Sum(filter.Cost)));

    private Cohort? CohortOf(RecordGroup group) =>
        group.Cohort == RecordGroup.Unknown ? null : _book.Cohorts[group.Cohort];

    private static string? Differs<T>(string member, T expected, T actual) => Equals(expected, actual)
        ? null
        : FormattableString.Invariant($"{member}: expected {expected}, got {actual}");
}
