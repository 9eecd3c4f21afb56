namespace Research.Privacy.Ledger;

/// <summary>Reads a ledger and holds it against what is known of it from before.</summary>
internal static class LedgerReader
{
    /// <summary>Reads a sound ledger, without its lock: a charge that is just being written is not seen yet.</summary>
    /// <exception cref="LedgerException">It is damaged, or lacks the last charge seen.</exception>
    public static LedgerState Read(string path)
    {
        LedgerEntry? seen = LastSeen.Read(path); // First: a charge made meanwhile only makes the ledger longer.
        return Read(path, File.ReadAllBytes(path), seen);
    }

    /// <summary>Reads a sound ledger from its bytes.</summary>
    /// <exception cref="LedgerException">It is damaged, or lacks the last charge seen.</exception>
    public static LedgerState Read(string path, byte[] bytes, LedgerEntry? seen)
    {
        if (bytes.Length == 0)
        {
            LastSeen.CheckNone(path, seen);
        }

        LedgerState state = LedgerState.Read(path, bytes);
        if (state.Fault is (int line, string problem))
        {
            throw new LedgerException(path, line, problem);
        }

        LastSeen.Check(path, seen, state);
        return state;
    }

    /// <summary>Reads the ledger of which <paramref name="known"/> was read or written before.</summary>
    /// <exception cref="LedgerException">It is damaged, or does not continue what is known.</exception>
    public static LedgerState ReadSame(string path, byte[] bytes, LedgerState known)
    {
        LedgerState state = Read(path, bytes, LastSeen.Read(path));
        LastSeen.Check(path, known.Entries.Count > 0 ? known.Entries[^1] : null, state);
        return state.Header.Hash == known.Header.Hash ? state : throw new LedgerException(
            path, 1, $"expected the header {known.Header.Hash}, got {state.Header.Hash}: the file was replaced");
    }

    /// <summary>Checks everything, and says what is wrong instead of throwing.</summary>
    public static LedgerVerification Verify(string path, string? expectedHead)
    {
        IReadOnlyList<LedgerEntry> entries = [];
        string head = "";
        LedgerHead? lastSeen = null;
        try
        {
            LedgerEntry? seen = LastSeen.Read(path);
            lastSeen = seen is null ? null : new LedgerHead(seen.Sequence, seen.Hash);
            LedgerState state = LedgerState.Read(path, File.ReadAllBytes(path));
            (entries, head) = (state.Entries, state.Head);
            (int line, string problem) = state.Fault ?? (0, "");
            if (state.Torn.Length > 0)
            {
                (line, problem) = (entries.Count + 2, "torn: a charge never finished here; the next one seals it");
            }

            if (line == 0)
            {
                LastSeen.Check(path, seen, state);
            }

            if (line == 0 && expectedHead is not null && !state.Continues(expectedHead))
            {
                (line, problem) = (
                    entries.Count + 1, $"expected a ledger with the head {expectedHead}, and no line has that hash");
            }

            return new LedgerVerification(line == 0, line, problem, entries, head) { LastSeen = lastSeen };
        }
        catch (LedgerException e)
        {
            return new LedgerVerification(false, e.Line, e.Problem, entries, head) { LastSeen = lastSeen };
        }
    }
}
