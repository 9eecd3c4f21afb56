using System.Globalization;

namespace Research.Privacy.Ledger;

/// <summary>The ledger as the last charge that returned left it: a copy beside it, <c>path + ".seen"</c>.</summary>
/// <remarks>
/// A charge stages the new copy, writes the ledger, then renames the copy into place, and only then returns. So the
/// copy is never ahead of the ledger: a crash in between leaves a ledger that continues it, which is accepted, and the
/// charge that the copy lacks never returned. A ledger that does not begin with the copy is older or another one. Its
/// owner is never locked out: the copy put in its place is the ledger, exactly.
/// </remarks>
internal static class LastSeen
{
    private const string Suffix = ".seen";

    /// <summary>Reads the copy; null when there is none. Read it before the ledger unless the lock is held.</summary>
    public static byte[]? Read(string ledger) =>
        File.Exists(PathOf(ledger)) ? File.ReadAllBytes(PathOf(ledger)) : null;

    /// <summary>Writes the next copy to disk, beside the present one.</summary>
    public static void Stage(string ledger, ReadOnlySpan<byte> kept, ReadOnlySpan<byte> added)
    {
        using FileStream file = new(Staged(ledger), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Write(kept);
        file.Write(added);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Puts the staged copy in place of the present one, at once.</summary>
    public static void Commit(string ledger) => File.Move(Staged(ledger), PathOf(ledger), overwrite: true);

    /// <summary>Gets the last charge of the copy.</summary>
    /// <exception cref="LedgerException">The copy is damaged.</exception>
    public static LedgerHead Head(string ledger, byte[] seen)
    {
        LedgerState state = State(ledger, seen);
        return new LedgerHead(state.Entries.Count, state.Head);
    }

    /// <summary>Says where a damaged ledger's owner finds it whole; nothing where there is no copy.</summary>
    public static string Hint(string ledger, byte[]? seen) =>
        seen is null ? "" : $"; {PathOf(ledger)} holds the ledger as last seen";

    /// <summary>Throws unless a ledger begins with the copy.</summary>
    /// <param name="ledger">The ledger's path.</param>
    /// <param name="seen">The copy, or null.</param>
    /// <param name="bytes">The ledger.</param>
    /// <param name="found">The same as read; null when there is no whole header.</param>
    /// <exception cref="LedgerException">It does not, or the copy is damaged.</exception>
    public static void Check(string ledger, byte[]? seen, ReadOnlySpan<byte> bytes, LedgerState? found)
    {
        if (seen is null || bytes.StartsWith(seen.AsSpan().TrimEnd((byte)'\n')))
        {
            return;
        }

        LedgerState state = State(ledger, seen);
        int same = 0;
        while (found is not null && same < Math.Min(found.Entries.Count, state.Entries.Count)
            && found.HashAt(same + 1) == state.HashAt(same + 1))
        {
            same++;
        }

        string there = found is null ? "the ledger is missing or empty"
            : found.Header.Hash != state.Header.Hash ? "the ledger has another header"
            : found.Entries.Count > same ? $"charge {same + 1} is another one (hash {found.HashAt(same + 1)})"
            : $"the ledger ends after charge {same} (head {found.Head})";
        int line = found is null || found.Header.Hash != state.Header.Hash ? 1 : same + 2;
        throw new LedgerException(ledger, line, there + Advice(ledger, state));
    }

    private static string Advice(string ledger, LedgerState seen) => string.Create(
        CultureInfo.InvariantCulture,
        $", and charge {seen.Entries.Count} was seen here (head {seen.Head}, epsilon {seen.Epsilon:R}): this is an "
        + $"older or another copy. To put back what was seen, copy {PathOf(ledger)} over {ledger}. To go on without, "
        + $"knowing that the missing charges count no more, delete {PathOf(ledger)}.");

    private static LedgerState State(string ledger, byte[] seen)
    {
        string path = PathOf(ledger);
        LedgerState state = LedgerState.Read(path, seen);
        return state.Fault is null && state.Torn.Length == 0 ? state : throw new LedgerException(
            path,
            state.Entries.Count + 2,
            $"the copy of the ledger as last seen is damaged ({state.Fault?.Problem ?? "torn"}). Delete it once you "
            + "are sure that the ledger is the newest one.");
    }

    private static string PathOf(string ledger) => ledger + Suffix;

    private static string Staged(string ledger) => $"{ledger}{Suffix}.new";
}
