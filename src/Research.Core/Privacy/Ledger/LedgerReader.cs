using System.Text;

namespace Research.Privacy.Ledger;

/// <summary>Reads a ledger and holds it against what is known of it from before.</summary>
internal static class LedgerReader
{
    private const int MostBytes = 0x7FFFFFC7; // What an array holds.

    /// <summary>Reads a sound ledger; null where none was made.</summary>
    /// <exception cref="LedgerException">It is damaged, or lacks what was seen.</exception>
    public static LedgerState? Read(LedgerHome home)
    {
        LedgerSeen? seen = LedgerSeen.Read(home); // First: a charge made meanwhile only makes the ledger longer.
        byte[] bytes = ReadFile(home);
        if (LedgerLine.IsUnfinishedHeader(bytes))
        {
            return seen is null ? null : throw seen.Gone(home);
        }

        LedgerState state = Parse(home, bytes, isThorough: false, out (int Line, string Problem)? fault);
        if (fault is (int line, string problem))
        {
            throw new LedgerException(home.Ledger, line, problem);
        }

        seen?.Check(home, state);
        return state;
    }

    /// <summary>Reads what was appended since; the ledger must be locked.</summary>
    /// <exception cref="LedgerException">What was read before is not there any more, or the rest is
    /// damaged.</exception>
    public static void ReadOn(LedgerHome home, LedgerState state)
    {
        LedgerSeen? seen = LedgerSeen.Read(home);
        if (!File.Exists(home.Ledger))
        {
            throw seen?.Gone(home) ?? new LedgerException(home.Ledger, 0, "the ledger is gone");
        }

        using FileStream file = new(home.Ledger, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        byte[] tail = Encoding.ASCII.GetBytes($"\"hash\":\"{state.Head}\"}}");
        if (file.Length >= state.WholeBytes)
        {
            byte[] there = new byte[tail.Length];
            file.Position = state.WholeBytes - tail.Length;
            file.ReadExactly(there);
            if (there.AsSpan().SequenceEqual(tail))
            {
                byte[] rest = new byte[checked((int)(file.Length - state.WholeBytes))];
                file.ReadExactly(rest);
                ReadLines(state, rest, isThorough: false, out (int Line, string Problem)? fault);
                if (fault is (int line, string problem))
                {
                    throw new LedgerException(home.Ledger, line, problem);
                }

                seen?.Check(home, state);
                return;
            }
        }

        file.Dispose();
        LedgerState? other = Read(home); // Says what is wrong with it, if it can.
        throw new LedgerException(
            home.Ledger,
            (other?.Entries.Count ?? 0) + 1,
            $"expected a file that continues {state.Head}, got one that ends with {other?.Head}; it was replaced");
    }

    /// <summary>Checks everything, and says what is wrong instead of throwing.</summary>
    public static LedgerVerification Verify(LedgerHome home, string? expectedHead)
    {
        LedgerVerification found = new(false, 0, "", [], "");
        try
        {
            LedgerSeen? seen = LedgerSeen.Read(home);
            found = found with { LastSeen = seen?.Sequence };
            byte[] bytes = ReadFile(home);
            if (LedgerLine.IsUnfinishedHeader(bytes))
            {
                throw seen?.Gone(home) ?? new LedgerException(home.Ledger, 0, "there is no ledger");
            }

            LedgerState state = Parse(home, bytes, isThorough: true, out (int Line, string Problem)? fault);
            found = found with { Entries = state.Entries, Head = state.Head };
            if (fault is (int line, string problem))
            {
                return found with { Line = line, Problem = problem };
            }

            seen?.Check(home, state);
            return state.IsTorn
                ? found with
                {
                    Line = state.Entries.Count + 2,
                    Problem = "torn: a charge never finished here, and the next one takes its place",
                }
                : expectedHead is not null && !state.Continues(expectedHead)
                ? found with
                {
                    Line = state.Entries.Count + 1,
                    Problem = $"expected a ledger that continues {expectedHead}, and no line has that hash",
                }
                : found with { IsIntact = true };
        }
        catch (LedgerException e)
        {
            return found with { Line = e.Line, Problem = e.Path == home.Ledger ? e.Problem : $"{e.Path}: {e.Problem}" };
        }
    }

    private static byte[] ReadFile(LedgerHome home)
    {
        home.Check();
        FileInfo file = new(home.Ledger);
        return !file.Exists ? []
            : file.Length <= MostBytes ? File.ReadAllBytes(home.Ledger)
            : throw new LedgerException(home.Ledger, 0, FormattableString.Invariant(
                $"expected at most {MostBytes} bytes, got {file.Length}"));
    }

    private static LedgerState Parse(
        LedgerHome home, byte[] bytes, bool isThorough, out (int Line, string Problem)? fault)
    {
        int end = Array.IndexOf(bytes, (byte)'\n');
        int length = end < 0 ? bytes.Length : end;
        LedgerHeader header = ReadHeader(home, bytes.AsSpan(0, length));
        OwnerKey key = OwnerKey.Read(home.Key) ?? throw new LedgerException(
            home.Key,
            0,
            "the owner's key is gone: restore it from a backup, for without it no record can be recognised");
        if (key.Fingerprint != header.Key)
        {
            throw new LedgerException(
                home.Key, 0, $"expected the key with fingerprint {header.Key}, got {key.Fingerprint}: the ledger was "
                + "made with another key");
        }

        LedgerState state = new(header, key) { WholeBytes = length };
        ReadLines(state, bytes.AsSpan(length), isThorough, out fault);
        return state;
    }

    private static LedgerHeader ReadHeader(LedgerHome home, ReadOnlySpan<byte> line)
    {
        try
        {
            LedgerHeader header = LedgerLine.ReadHeader(line, out string? problem);
            LedgerHeader right = LedgerHeader.Make(header.EpsilonCap, header.Delta, header.Filter, header.Time);
            return problem is not null ? throw new FormatException(problem)
                : right.Order.HasValue == header.Order.HasValue && header.Order is null or (> 1 and <= RenyiLargest)
                ? header
                : throw new FormatException(FormattableString.Invariant(
                    $"filter.order: expected {right.Order}, got {header.Order}"));
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new LedgerException(home.Ledger, 1, e.Message);
        }
    }

    private const double RenyiLargest = Accounting.RenyiOrders.Largest;

    // From the line feed that ends the last whole line on; a line that lacks its own, at the end, is whole or torn.
    private static void ReadLines(
        LedgerState state, ReadOnlySpan<byte> rest, bool isThorough, out (int Line, string Problem)? fault)
    {
        fault = null;
        state.IsTorn = false;
        while (rest.Length > 1)
        {
            ReadOnlySpan<byte> line = rest[1..];
            int end = line.IndexOf((byte)'\n');
            line = end < 0 ? line : line[..end];
            string? problem = rest[0] != (byte)'\n'
                ? "expected a line feed after the last line read"
                : state.Read(line, isThorough);
            if (problem is not null)
            {
                state.IsTorn = end < 0;
                fault = end < 0 ? null : (state.Entries.Count + 2, problem); // Its writer had not finished.
                return;
            }

            rest = rest[(1 + line.Length)..];
        }
    }
}
