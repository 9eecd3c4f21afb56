using Research.Privacy.Accounting;

namespace Research.Privacy.Ledger;

/// <summary>A ledger file as read and checked from first byte to last.</summary>
internal sealed class LedgerState
{
    // Of recorded ε against recomputed: far above rounding, far below any charge.
    private const double Tolerance = 1e-6;

    private readonly List<LedgerEntry> _entries = [];
    private readonly IAdaptiveFilter _filter;

    private LedgerState(LedgerHeader header)
    {
        Header = header;
        Head = header.Hash;
        _filter = header.MakeFilter();
    }

    public LedgerHeader Header { get; }

    public IReadOnlyList<LedgerEntry> Entries => _entries;

    /// <summary>Gets the hash of the last whole line.</summary>
    public string Head { get; private set; }

    /// <summary>Gets the sum of all charges, in the filter's terms.</summary>
    public double Cost { get; private set; }

    /// <summary>Gets the filter's ε of all charges.</summary>
    public double Epsilon { get; private set; }

    /// <summary>Gets the number of bytes up to the end of the last whole line.</summary>
    public int WholeBytes { get; private set; }

    /// <summary>Gets whether the last whole line lacks its line feed, and nothing else.</summary>
    public bool LacksLineFeed { get; private set; }

    /// <summary>Gets the bytes of a torn last line; empty when there is none.</summary>
    public byte[] Torn { get; private set; } = [];

    /// <summary>Gets what the torn line meant to charge; a free event where it does not tell or is none.</summary>
    public PrivacyEvent TornEvent => TornLine.Intention(Torn) ?? new GaussianEvent(0, 1, 0);

    /// <summary>Gets the fault that ended the reading, or null.</summary>
    public (int Line, string Problem)? Fault { get; private set; }

    /// <summary>Reads a file's bytes; stops at the first fault and keeps it.</summary>
    /// <exception cref="LedgerException">Line 1 is not a ledger's header.</exception>
    public static LedgerState Read(string path, ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)'\n');
        LedgerState state;
        try
        {
            ReadOnlySpan<byte> first = end < 0 ? bytes : bytes[..end];
            LedgerHeader header = LedgerLine.ReadHeader(first, out string? problem);
            Check(header, problem);
            state = new LedgerState(header) { WholeBytes = first.Length, LacksLineFeed = end < 0 };
        }
        catch (Exception e) when (e is FormatException or ArgumentOutOfRangeException)
        {
            throw new LedgerException(path, 1, e.Message);
        }

        state.ReadEntries(bytes);
        return state;
    }

    /// <summary>Gets the filter's ε if these plans were charged too.</summary>
    public double EpsilonWith(params ReadOnlySpan<PrivacyEvent> events)
    {
        double cost = Cost;
        foreach (PrivacyEvent e in events)
        {
            cost += _filter.Cost(e);
        }

        return _filter.Epsilon(cost);
    }

    /// <summary>Gets how many charges of a plan fit under the cap, at least; the largest integer if free.</summary>
    public int RoomFor(PrivacyEvent e)
    {
        double start = Cost + _filter.Cost(TornEvent);
        double each = _filter.Cost(e);
        double usable = Header.EpsilonCap * (1 - 1e-12); // Sums of many charges round.
        int low = 0;
        int high = int.MaxValue;
        while (low < high)
        {
            int middle = low + ((high - low) / 2) + 1;
            bool fits = each == 0 || _filter.Epsilon(start + (middle * each)) <= usable;
            (low, high) = fits ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    /// <summary>Gets the hash of a charge's line.</summary>
    /// <param name="sequence">1 or more, at most the number of entries.</param>
    public string HashAt(int sequence) => _entries[sequence - 1].Hash;

    /// <summary>Appends an entry, in memory.</summary>
    /// <returns>The entry's line, without line feed.</returns>
    public byte[] Append(DateTimeOffset time, PrivacyEvent e, string purpose, string? torn)
    {
        LedgerEntry entry = new()
        {
            Sequence = _entries.Count + 1,
            Time = time,
            DataSet = Header.DataSet,
            Purpose = purpose,
            Event = e,
            Delta = Header.Delta,
            EpsilonBefore = Epsilon,
            EpsilonAfter = EpsilonWith(e),
            Torn = torn,
            Previous = Head,
        };
        byte[] line = LedgerLine.Write(entry);
        Add(entry with { Hash = LedgerLine.HashOf(line) }, entry.EpsilonAfter);
        return line;
    }

    /// <summary>Says whether a line has this hash.</summary>
    public bool Continues(string head) =>
        Header.Hash == head || _entries.Any(entry => entry.Hash == head);

    private static void Check(LedgerHeader header, string? problem)
    {
        if (problem is not null)
        {
            throw new FormatException(problem);
        }

        if (header.Filter == LedgerFilter.Renyi && header.Order is not (> 1 and <= RenyiOrders.Largest))
        {
            throw new FormatException(FormattableString.Invariant(
                $"filter.order: expected a number in (1, {RenyiOrders.Largest}], got {header.Order}"));
        }

        if (header.Filter == LedgerFilter.Gaussian && header.Order is not null)
        {
            throw new FormatException(FormattableString.Invariant(
                $"filter.order: expected none with the Gaussian filter, got {header.Order}"));
        }

        RenyiConversion.Check(header.Delta);
    }

    private void ReadEntries(ReadOnlySpan<byte> bytes)
    {
        while (!LacksLineFeed && WholeBytes + 1 < bytes.Length)
        {
            ReadOnlySpan<byte> rest = bytes[(WholeBytes + 1)..];
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            string? problem = ReadEntry(line);
            if (problem is null)
            {
                WholeBytes += 1 + line.Length;
                LacksLineFeed = end < 0;
            }
            else if (end < 0)
            {
                Torn = line.ToArray(); // The writer had not finished, so Charge had not returned.
                return;
            }
            else
            {
                Fault = (_entries.Count + 2, problem);
                return;
            }
        }
    }

    private string? ReadEntry(ReadOnlySpan<byte> line)
    {
        try
        {
            LedgerEntry entry = LedgerLine.ReadEntry(line, out string? changed);
            double after = EpsilonWith(entry.Event);
            string? wrong = Differs("sequence", _entries.Count + 1, entry.Sequence)
                ?? Differs("previous", Head, entry.Previous)
                ?? Differs("dataSet", Header.DataSet, entry.DataSet)
                ?? Differs("delta", Header.Delta, entry.Delta)
                ?? Strays("epsilonBefore", Epsilon, entry.EpsilonBefore)
                ?? Strays("epsilonAfter", after, entry.EpsilonAfter);
            if (wrong is null && changed is null)
            {
                Add(entry, after);
                return null;
            }

            return wrong is null || changed is null ? wrong ?? changed : $"{wrong}; {changed}";
        }
        catch (Exception e) when (e is FormatException or NotSupportedException)
        {
            return e.Message;
        }
    }

    private void Add(LedgerEntry entry, double epsilon)
    {
        Epsilon = epsilon; // As recomputed; what the line says is only compared.
        Cost += _filter.Cost(entry.Event);
        Head = entry.Hash;
        _entries.Add(entry);
    }

    private static string? Differs<T>(string member, T expected, T actual) => Equals(expected, actual)
        ? null
        : FormattableString.Invariant($"{member}: expected {expected}, got {actual}");

    private static string? Strays(string member, double expected, double actual) =>
        Math.Abs(expected - actual) <= Tolerance * (1 + expected)
            ? null
            : FormattableString.Invariant(
                $"{member}: expected {expected:R} (by the events up to here), got {actual:R}");
}
