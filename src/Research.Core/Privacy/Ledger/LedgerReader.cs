namespace Research.Privacy.Ledger;

/// <summary>Reads a ledger and holds it against what is known of it from before.</summary>
internal static class LedgerReader
{
    /// <summary>Reads a sound ledger, without its lock: a charge that is just being written is not seen yet.</summary>
    /// <exception cref="LedgerException">It is damaged, or does not continue what was seen.</exception>
    public static LedgerState Read(string path)
    {
        byte[]? seen = LastSeen.Read(path); // First: a charge made meanwhile only makes the ledger longer.
        return Read(path, ReadFile(path, seen), seen);
    }

    /// <summary>Reads a sound ledger from its bytes.</summary>
    /// <exception cref="LedgerException">It is damaged, or does not continue what was seen.</exception>
    public static LedgerState Read(string path, byte[] bytes, byte[]? seen)
    {
        LedgerState state = Parse(path, bytes, seen);
        if (state.Fault is (int line, string problem))
        {
            throw new LedgerException(path, line, problem + LastSeen.Hint(path, seen));
        }

        LastSeen.Check(path, seen, bytes, state);
        return state;
    }

    /// <summary>Reads the ledger of which <paramref name="known"/> was read or written before.</summary>
    /// <exception cref="LedgerException">It is damaged, or does not continue what is known.</exception>
    public static LedgerState ReadSame(string path, byte[] bytes, LedgerState known)
    {
        LedgerState state = Read(path, bytes, LastSeen.Read(path));
        return state.Continues(known.Head) ? state : throw new LedgerException(
            path,
            state.Entries.Count + 1,
            $"expected a file that continues {known.Head}, got one that ends with {state.Head}; it was replaced");
    }

    /// <summary>Checks everything, and says what is wrong instead of throwing.</summary>
    public static LedgerVerification Verify(string path, string? expectedHead)
    {
        LedgerVerification found = new(false, 0, "", [], "");
        try
        {
            byte[]? seen = LastSeen.Read(path);
            byte[] bytes = ReadFile(path, seen);
            LedgerState state = Parse(path, bytes, seen);
            found = found with { Entries = state.Entries, Head = state.Head };
            if (state.Fault is (int line, string problem))
            {
                return found with { Line = line, Problem = problem + LastSeen.Hint(path, seen) };
            }

            LastSeen.Check(path, seen, bytes, state);
            found = found with { LastSeen = seen is null ? null : LastSeen.Head(path, seen) };
            return state.Torn.Length > 0
                ? found with
                {
                    Line = state.Entries.Count + 2,
                    Problem = "torn: a charge never finished here; the next one seals it",
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
            return found with { Line = e.Line, Problem = e.Problem };
        }
    }

    private static byte[] ReadFile(string path, byte[]? seen) =>
        seen is not null && !File.Exists(path) ? [] : File.ReadAllBytes(path);

    private static LedgerState Parse(string path, byte[] bytes, byte[]? seen)
    {
        if (LedgerLine.IsUnfinishedHeader(bytes))
        {
            LastSeen.Check(path, seen, bytes, found: null);
        }

        return LedgerState.Read(path, bytes);
    }
}
