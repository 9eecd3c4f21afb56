using System.Globalization;
using Research.Privacy.Accounting;
using Research.Privacy.Sums;

namespace Research.Privacy.Ledger;

/// <summary>
/// What has been released about one owner's records, all of them: an append-only, hash-chained file in the owner's
/// home, charged before each release.
/// </summary>
/// <remarks>
/// <para>
/// Neighbours: add or remove one record, or one unit where the data have units. A record is known by a keyed hash of
/// its decoded inputs, whatever file, order or container it comes in; a near-copy is another record. Every record that
/// a run was given pays, and no record's ε at the owner's δ passes the owner's cap. A record's first plan costs its
/// exact ε; from the second on, all its plans are counted as chosen adaptively, in the terms of one
/// <see cref="LedgerFilter"/>, fixed when the ledger is made (PROOFS.md, "One plan, then many").
/// </para>
/// <para>
/// A charge holds an exclusive lock file, reads what was appended meanwhile, and returns only when its line is on disk.
/// So bytes after the last whole line belong to a charge that never returned, for which nothing was released: the next
/// one takes their place. A changed line stops every charge. <c>ledger.jsonl.seen</c> notes the last charge that
/// returned: a ledger that lacks it (an older backup, a file cut short or gone) is refused. Not noticed: both deleted,
/// or restored together. Keep <see cref="Head"/> elsewhere to notice, and ask <see cref="Continues"/>.
/// </para>
/// <para>
/// <see cref="Release(PrivacyReceipt, ReadOnlyMemory{byte}, ReleasePurpose, bool)"/> is the only way from a private run to bytes that may leave: it seals them in the home, charges,
/// and only then gives them out; after a crash between the two, <see cref="Recover"/> finds them. Safe to use from
/// several threads and processes.
/// </para>
/// </remarks>
public sealed class PrivacyLedger
{
    /// <summary>The cap of an owner who names none.</summary>
    public const double DefaultEpsilonCap = 8;

    /// <summary>The δ of an owner who names none.</summary>
    public const double DefaultDelta = 1e-5;

    private readonly LedgerHome _home;
    private readonly SealedFolder _sealed;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private LedgerState _state;
    private bool _isMade;
    private (DataIdentity? Data, OwnerKey? Key, RecordNames Names) _named = (null, null, new RecordNames([], 1));

    private PrivacyLedger(LedgerHome home, TimeProvider time, LedgerState state, bool isMade)
    {
        _home = home;
        _sealed = new SealedFolder(home);
        _time = time;
        _state = state;
        _isMade = isMade;
    }

    /// <summary>
    /// Gets the home of this user's ledger: <c>research</c> in the application data, <c>~/.local/share</c> on Linux
    /// (<c>XDG_DATA_HOME</c>), <c>~/Library/Application Support</c> on macOS, <c>%LOCALAPPDATA%</c> on Windows.
    /// </summary>
    /// <exception cref="InvalidOperationException">This user has no such folder.</exception>
    public static string DefaultHome
    {
        get
        {
            string root = Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return root.Length > 0
                ? Path.Combine(root, "research")
                : throw new InvalidOperationException("This user has no folder for application data: set HOME.");
        }
    }

    /// <summary>Gets the folder with the ledger, the owner's key and what is sealed.</summary>
    public string Home => _home.Folder;

    /// <summary>Gets the owner's cap on ε, in nats.</summary>
    public double EpsilonCap => _state.Header.EpsilonCap;

    /// <summary>Gets the owner's δ, at which every ε here is.</summary>
    public double Delta => _state.Header.Delta;

    /// <summary>Gets how the cap is enforced over several plans.</summary>
    public LedgerFilter Filter => _state.Header.Filter;

    /// <summary>Gets the Rényi filter's order, fixed when the ledger was made; null of the other filter.</summary>
    public double? Order => _state.Header.Order;

    /// <summary>Gets whether the ledger is on disk: <see cref="Open"/> leaves making it to the first charge.</summary>
    public bool IsMade => _isMade;

    /// <summary>Gets the largest ε of any record: an upper bound, in nats; 0 of nothing.</summary>
    public double Epsilon => Standings is [var first, ..] ? first.Epsilon : 0;

    /// <summary>Gets how many records stand at which ε, the largest first. For their owner only.</summary>
    public IReadOnlyList<LedgerStanding> Standings
    {
        get
        {
            lock (_gate)
            {
                return
                [
                    .. _state.Cohorts
                        .GroupBy(cohort => (
                            Epsilon: _state.EpsilonOf(cohort), Filter: _state.FilterEpsilonOf(cohort), cohort.Plans))
                        .OrderByDescending(group => group.Key)
                        .Select(group => new LedgerStanding(
                            group.Key.Epsilon,
                            group.Key.Filter,
                            group.Sum(cohort => cohort.Members.Length),
                            group.Key.Plans)),
                ];
            }
        }
    }

    /// <summary>Gets the entries as of the last charge or opening. For their owner only.</summary>
    public IReadOnlyList<LedgerEntry> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _state.Entries];
            }
        }
    }

    /// <summary>
    /// Gets the hash of the last line: keep it elsewhere to notice a file that is gone, cut short or restored.
    /// </summary>
    public string Head => _state.Head;

    /// <summary>Gets or sets what tests do at each stage of a release, to end it there.</summary>
    internal Action<string>? AtStage { get; set; }

    /// <summary>Says whether a ledger was made in a home, be its file gone since.</summary>
    /// <param name="home">The folder.</param>
    /// <exception cref="LedgerException">A file stands there.</exception>
    public static bool Exists(string home)
    {
        LedgerHome place = HomeOf(home);
        place.Check();
        return place.HasLedger;
    }

    /// <summary>Opens the ledger of a home; where there is none, one that its first charge makes.</summary>
    /// <param name="home">A folder of the owner's own, such as <see cref="DefaultHome"/>.</param>
    /// <param name="epsilonCap">What no record's ε may ever pass, in nats; null takes the ledger's own, or
    /// <see cref="DefaultEpsilonCap"/> for a new one.</param>
    /// <param name="delta">δ in (0, 1), well below 1/records; null takes the ledger's own, or
    /// <see cref="DefaultDelta"/>.</param>
    /// <param name="filter">How the cap is enforced over several plans; null takes the ledger's own, or
    /// <see cref="LedgerFilter.Renyi"/>.</param>
    /// <param name="timeProvider">The clock; null takes the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range, or no release fits.</exception>
    /// <exception cref="LedgerException">The ledger has other terms, is damaged or lacks a charge seen.</exception>
    public static PrivacyLedger Open(
        string home,
        double? epsilonCap = null,
        double? delta = null,
        LedgerFilter? filter = null,
        TimeProvider? timeProvider = null)
    {
        LedgerHome place = HomeOf(home);
        TimeProvider time = timeProvider ?? TimeProvider.System;
        LedgerHeader asked = LedgerHeader.Make(
            epsilonCap ?? DefaultEpsilonCap,
            delta ?? DefaultDelta,
            filter ?? LedgerFilter.Renyi,
            time.GetUtcNow());
        if (LedgerReader.Read(place) is not { } state)
        {
            return new PrivacyLedger(place, time, new LedgerState(asked, KeyToTry(place)), isMade: false);
        }

        LedgerHeader found = state.Header;
        (string Name, object Expected, object? Asked)[] terms =
        [
            ("cap", found.EpsilonCap, epsilonCap), ("delta", found.Delta, delta), ("filter", found.Filter, filter),
        ];
        foreach ((string name, object expected, object? other) in terms)
        {
            if (other is not null && !other.Equals(expected))
            {
                throw new LedgerException(place.Ledger, 1, string.Create(
                    CultureInfo.InvariantCulture,
                    $"expected the {name} {expected} that the ledger has since it was made, got {other}"));
            }
        }

        return new PrivacyLedger(place, time, state, isMade: true);
    }

    /// <summary>Opens a ledger that exists, with the terms that it has; writes nothing.</summary>
    /// <param name="home">The folder; read without its lock, so a charge that is just being written is not seen
    /// yet.</param>
    /// <exception cref="LedgerException">There is none, it is damaged or lacks a charge seen.</exception>
    public static PrivacyLedger OpenExisting(string home)
    {
        PrivacyLedger ledger = Open(home);
        return ledger.IsMade
            ? ledger
            : throw new LedgerException(ledger._home.Ledger, 0, "there is no ledger here yet: its first charge makes it");
    }

    /// <summary>Checks every line: form, hash, chain, ε against the plans, and the last charge seen.</summary>
    /// <param name="home">The folder; read without its lock, so a charge that is just being written looks torn.</param>
    /// <param name="expectedHead">A <see cref="Head"/> of before, kept elsewhere: some line must have it.</param>
    public static LedgerVerification Verify(string home, string? expectedHead = null) =>
        LedgerReader.Verify(HomeOf(home), expectedHead);

    /// <summary>Makes the ledger on disk, with its key, unless it is there.</summary>
    public void Make()
    {
        lock (_gate)
        {
            using LedgerFile file = Lock();
            Make(file);
        }
    }

    /// <summary>Gets the largest ε of some records: an upper bound, in nats; 0 if none of them was ever charged.</summary>
    /// <param name="data">The records, as <see cref="Training.Data.Dataset.Identity"/> names them.</param>
    public double EpsilonOf(DataIdentity data) => Quote(data, [new GaussianEvent(0, 1, 0)], "look").Before;

    /// <summary>Gets what a plan would cost records; writes nothing.</summary>
    /// <param name="data">The records, all that a run would be given.</param>
    /// <param name="plan">The run's plan, 1 to 64 events; of a task, one round's.</param>
    /// <param name="purpose">What it is for: the rounds of a task are one plan.</param>
    /// <exception cref="LedgerException">The ledger was changed or replaced.</exception>
    /// <exception cref="NotSupportedException">The filter does not take such a plan.</exception>
    public LedgerQuote Quote(DataIdentity data, IReadOnlyList<PrivacyEvent> plan, ReleasePurpose purpose)
    {
        Check(data, plan, purpose);
        lock (_gate)
        {
            ReadOn();
            RecordNames names = Names(data);
            LedgerQuote quote = _state.Assess(names.Rows, plan, purpose, receipt: null).Quote;
            return quote with { EqualRows = names.MostEqual };
        }
    }

    /// <summary>
    /// Gets the smallest noise multiplier of a plan's last event with which the ledger would accept the plan for these
    /// records, with the history that they have.
    /// </summary>
    /// <param name="data">The records.</param>
    /// <param name="plan">The run's plan; what its last event says of noise does not matter.</param>
    /// <param name="purpose">What it is for: of a task, all rounds must fit.</param>
    /// <param name="epsilon">What the plan alone may cost at most, at the ledger's δ; null asks for the cap only.</param>
    /// <returns>Rounded up to four decimals; null where no noise is enough.</returns>
    public double? NoiseMultiplierFor(
        DataIdentity data, IReadOnlyList<PrivacyEvent> plan, ReleasePurpose purpose, double? epsilon = null)
    {
        Check(data, plan, purpose);
        lock (_gate)
        {
            ReadOn();
            return _state.FittingNoise(Name(data), plan, purpose, epsilon);
        }
    }

    /// <summary>
    /// Charges a plan that is released by other means than a run, and returns once the entry is on disk: only then may
    /// anything be released.
    /// </summary>
    /// <param name="data">The records, all that the release reads.</param>
    /// <param name="plan">The plan, whole: all its steps are charged whether or not they run.</param>
    /// <param name="purpose">What the release is for.</param>
    /// <exception cref="BudgetExceededException">The charge would pass the cap; nothing was written.</exception>
    /// <exception cref="LedgerException">The ledger was changed or replaced; nothing was written.</exception>
    /// <exception cref="NotSupportedException">The filter does not take such a plan; nothing was written.</exception>
    /// <exception cref="IOException">A full disk, say: nothing may be released. The message tells whether the charge
    /// counts; where it cannot tell, the charge counts if it stands in the file.</exception>
    /// <exception cref="TimeoutException">Another process held the lock for 30 s.</exception>
    public LedgerEntry Charge(DataIdentity data, IReadOnlyList<PrivacyEvent> plan, ReleasePurpose purpose)
    {
        Check(data, plan, purpose);
        lock (_gate)
        {
            RefuseUnmade(data, plan, purpose);
            using LedgerFile file = Lock();
            Make(file);
            return Pay(file, Refuse(Name(data), plan, purpose, receipt: null), receipt: null, isInsecure: false);
        }
    }

    /// <summary>Charges a private run, and only then gives out what may leave of it.</summary>
    /// <remarks>
    /// The artefact is sealed in the home before the charge, so that a crash loses nothing: <see cref="Sealed"/> lists
    /// it, <see cref="Recover"/> charges what is not charged yet and opens it. The same run is charged once, whatever
    /// else of it is released.
    /// </remarks>
    /// <param name="receipt">What the run did to which records.</param>
    /// <param name="artefact">What shall leave: weights, an update.</param>
    /// <param name="purpose">What it is for.</param>
    /// <param name="insecure">True for a run with seeded noise, which is not private: charged, and marked.</param>
    /// <returns>The artefact, paid for.</returns>
    /// <exception cref="BudgetExceededException">The charge would pass the cap; nothing was written.</exception>
    /// <exception cref="ArgumentException">The noise was seeded, and <paramref name="insecure"/> does not say
    /// so.</exception>
    public ReadOnlyMemory<byte> Release(
        PrivacyReceipt receipt, ReadOnlyMemory<byte> artefact, ReleasePurpose purpose, bool insecure = false)
    {
        byte[] own = artefact.ToArray();
        Release(receipt, "bytes", own, purpose, insecure);
        return own;
    }

    /// <summary>Lists what is sealed in the home, oldest first.</summary>
    /// <exception cref="LedgerException">A sealed file is damaged.</exception>
    public IReadOnlyList<SealedArtefact> Sealed()
    {
        lock (_gate)
        {
            ReadOn();
            return [.. _sealed.Ids().Select(id => Described(id, _sealed.Read(_state.Key, id)))];
        }
    }

    /// <summary>Finds what a run on the same records for the same purpose left sealed, the newest; null for nothing.</summary>
    /// <remarks>A run that died before its artefact was where it should be left one: recover it, and train no other, which
    /// would be charged too.</remarks>
    /// <param name="data">The records, all that the run was given.</param>
    /// <param name="kind">What it is, such as <c>update</c>.</param>
    /// <param name="purpose">What it was made for.</param>
    /// <exception cref="LedgerException">A sealed file is damaged.</exception>
    public SealedArtefact? FindSealed(DataIdentity data, string kind, ReleasePurpose purpose)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(purpose);
        lock (_gate)
        {
            ReadOn();
            Dictionary<UInt128, int> given = Name(data);
            return _sealed.Ids()
                .Select(id => (Id: id, Content: _sealed.Read(_state.Key, id)))
                .Where(one => one.Content.Kind == kind && one.Content.Purpose == purpose
                    && one.Content.Records.Count == given.Count
                    && one.Content.Records.All(record => given.GetValueOrDefault(record.Key) == record.Value))
                .Select(one => Described(one.Id, one.Content))
                .LastOrDefault();
        }
    }

    /// <summary>Opens a sealed artefact, after charging its run where a crash came before that.</summary>
    /// <param name="id">Its name, as <see cref="Sealed"/> lists it.</param>
    /// <exception cref="BudgetExceededException">Other charges came first and leave too little.</exception>
    /// <exception cref="LedgerException">There is none of that name, or it is damaged.</exception>
    public ReadOnlyMemory<byte> Recover(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        lock (_gate)
        {
            ReadOn();
            SealedContent content = _sealed.Read(_state.Key, id);
            if (_state.Charged(content.Receipt) is null)
            {
                using LedgerFile file = Lock();
                Make(file);
                if (_state.Charged(content.Receipt) is null)
                {
                    Charge charge = Refuse(content.Records, content.Plan, content.Purpose, content.Receipt);
                    Pay(file, charge, content.Receipt, !content.IsNoiseSecret);
                }
            }

            return content.Artefact;
        }
    }

    /// <summary>Deletes a sealed artefact: once it is where it should be, or because it shall never leave.</summary>
    /// <param name="id">Its name.</param>
    public void Forget(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        lock (_gate)
        {
            _sealed.Delete(id);
        }
    }

    /// <summary>
    /// Says whether a line has this hash: false tells that the file was cut short, or is another one than it was.
    /// </summary>
    /// <param name="head">A <see cref="Head"/> of before, kept elsewhere.</param>
    public bool Continues(string head)
    {
        lock (_gate)
        {
            return _state.Continues(head);
        }
    }

    /// <summary>Gets what an owner may show to others, as one JSON document: terms and plans.</summary>
    /// <remarks>
    /// Nothing in it depends on a record: no count, no name of data, no place, and of ε only what holds for a record
    /// that was part of everything.
    /// </remarks>
    public string Statement()
    {
        lock (_gate)
        {
            return LedgerStatement.Write(_state.Header, _state.Entries);
        }
    }

    /// <summary>Seals an artefact of a run, charges the run, and returns its entry.</summary>
    internal LedgerEntry Release(
        PrivacyReceipt receipt, string kind, byte[] artefact, ReleasePurpose purpose, bool insecure)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        Check(receipt.Data, receipt.Plan, purpose);
        if (!receipt.IsNoiseSecret && !insecure)
        {
            throw new ArgumentException(
                "The run's noise is seeded: whoever has the seed can remove it, and the run protects nobody. If its "
                + "records are not real, release it by name: insecure: true.",
                nameof(insecure));
        }

        lock (_gate)
        {
            RefuseUnmade(receipt.Data, receipt.Plan, purpose);
            using LedgerFile file = Lock();
            Make(file);
            Dictionary<UInt128, int> records = Name(receipt.Data);
            Charge charge = Refuse(records, receipt.Plan, purpose, receipt.Id);
            AtStage?.Invoke("seal");
            _sealed.Write(_state.Key, new SealedContent
            {
                Receipt = receipt.Id,
                Kind = kind,
                Time = _time.GetUtcNow(),
                Purpose = purpose,
                Plan = receipt.Plan,
                IsNoiseSecret = receipt.IsNoiseSecret,
                Records = records,
                Artefact = artefact,
            });
            AtStage?.Invoke("charge");
            LedgerEntry entry = _state.Charged(receipt.Id) ?? Pay(file, charge, receipt.Id, !receipt.IsNoiseSecret);
            AtStage?.Invoke("return");
            _sealed.Prune(id => _state.Charged(id) is not null);
            return entry;
        }
    }

    /// <summary>Seals what must not leave at all, such as the state of a run that is not over.</summary>
    internal byte[] SealForOwner(ReadOnlySpan<byte> content, string name)
    {
        Make();
        return SealedFolder.SealBytes(_state.Key, content, name);
    }

    /// <summary>Opens it, inside this library.</summary>
    /// <exception cref="FormatException">It was changed, or another owner sealed it.</exception>
    internal byte[] UnsealForOwner(ReadOnlySpan<byte> file, string name) =>
        SealedFolder.UnsealBytes(_state.Key, file, name);

    private static LedgerHome HomeOf(string home)
    {
        ArgumentException.ThrowIfNullOrEmpty(home);
        return new LedgerHome(home);
    }

    // Before there is a ledger the key is in memory only: its first charge keeps it.
    private static OwnerKey KeyToTry(LedgerHome home) => OwnerKey.Read(home.Key) ?? OwnerKey.New();

    private static void Check(DataIdentity data, IReadOnlyList<PrivacyEvent> plan, ReleasePurpose purpose)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(purpose);
        ArgumentOutOfRangeException.ThrowIfZero(data.Count, nameof(data));
        ArgumentOutOfRangeException.ThrowIfZero(plan.Count, nameof(plan));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plan.Count, LedgerEvent.MostEvents, nameof(plan));
    }

    private LedgerFile Lock()
    {
        _home.Check();
        OwnerFile.MakeFolder(_home.Folder);
        LedgerFile file = LedgerFile.Lock(_home);
        try
        {
            ReadOnLocked();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void ReadOn()
    {
        if (_isMade)
        {
            using LedgerFile file = LedgerFile.Lock(_home);
            ReadOnLocked();
        }
        else
        {
            TakeOver();
        }
    }

    private void ReadOnLocked()
    {
        if (_isMade)
        {
            LedgerReader.ReadOn(_home, _state);
        }
        else
        {
            TakeOver();
        }
    }

    // Another process may have made the ledger that this one was going to make.
    private void TakeOver()
    {
        if (LedgerReader.Read(_home) is not { } state)
        {
            return;
        }

        LedgerHeader mine = _state.Header;
        LedgerHeader found = state.Header;
        if ((found.EpsilonCap, found.Delta, found.Filter) != (mine.EpsilonCap, mine.Delta, mine.Filter))
        {
            throw new LedgerException(_home.Ledger, 1, string.Create(
                CultureInfo.InvariantCulture,
                $"expected cap {mine.EpsilonCap:R}, delta {mine.Delta:R}, filter {mine.Filter}; another process made "
                + $"it with {found.EpsilonCap:R}, {found.Delta:R}, {found.Filter}"));
        }

        (_state, _isMade) = (state, true);
    }

    private void Make(LedgerFile file)
    {
        if (_isMade)
        {
            return;
        }

        OwnerKey key = _state.Key.ReadOrKeep(_home.Key);
        byte[] line = LedgerLine.Write(_state.Header with { Key = key.Fingerprint });
        file.Append(0, [.. line, (byte)'\n']);
        _state = new LedgerState(LedgerLine.ReadHeader(line, out _), key) { WholeBytes = line.Length };
        _isMade = true;
    }

    // A plan that not even an empty ledger would take makes none.
    private void RefuseUnmade(DataIdentity data, IReadOnlyList<PrivacyEvent> plan, ReleasePurpose purpose)
    {
        if (!_isMade)
        {
            Refuse(Name(data), plan, purpose, receipt: null);
        }
    }

    private Charge Refuse(
        Dictionary<UInt128, int> records, IReadOnlyList<PrivacyEvent> plan, ReleasePurpose purpose, string? receipt)
    {
        Charge charge = _state.Assess(records, plan, purpose, receipt);
        return charge.Quote.Fits
            ? charge
            : throw new BudgetExceededException(charge.Quote, _state.FittingNoise(records, plan, purpose, null));
    }

    private LedgerEntry Pay(LedgerFile file, Charge charge, string? receipt, bool isInsecure)
    {
        (LedgerEntry entry, byte[] line) = _state.Make(charge, receipt, isInsecure, _time.GetUtcNow());
        long start = _state.WholeBytes;
        file.Append(start, [(byte)'\n', .. line, (byte)'\n']);
        _state.Apply(entry, charge.Paying, start + 1 + line.Length);
        AtStage?.Invoke("note");
        file.Note(_home, new LedgerSeen(_state.WholeBytes + 1, entry.Sequence, entry.Hash));
        return _state.Entries[^1];
    }

    private SealedArtefact Described(string id, SealedContent content) => new(
        id,
        content.Kind,
        content.Purpose,
        content.Time,
        _state.Charged(content.Receipt) is not null,
        content.Artefact.Length);

    private Dictionary<UInt128, int> Name(DataIdentity data) => Names(data).Rows;

    // Kept for the charge that follows a quote.
    private RecordNames Names(DataIdentity data)
    {
        if (!ReferenceEquals(_named.Data, data) || !ReferenceEquals(_named.Key, _state.Key))
        {
            _named = (data, _state.Key, RecordNames.Of(data, _state.Key));
        }

        return _named.Names;
    }
}
