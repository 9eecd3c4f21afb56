using System.Globalization;

namespace Research.Privacy.Ledger;

/// <summary>The last charge that returned, kept beside the ledger: <c>path + ".seen"</c> holds its line.</summary>
/// <remarks>
/// A charge stages the new record, writes the ledger, then renames the record into place, and only then returns. So the
/// record never is ahead of the ledger: a crash in between leaves a ledger that continues it, which is accepted, and
/// what such a record lags behind by never returned. A ledger that does not hold the record's line is another file than
/// the one last charged here: an older copy, or one forged or cut.
/// </remarks>
internal static class LastSeen
{
    private const string Suffix = ".seen";

    /// <summary>Gets the record's file.</summary>
    public static string PathOf(string ledger) => ledger + Suffix;

    /// <summary>Reads the record; null when there is none. Read it before the ledger unless the lock is held.</summary>
    /// <exception cref="LedgerException">The record is damaged.</exception>
    public static LedgerEntry? Read(string ledger)
    {
        string path = PathOf(ledger);
        if (!File.Exists(path))
        {
            return null;
        }

        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            int end = bytes.AsSpan().IndexOf((byte)'\n');
            LedgerEntry entry = LedgerLine.ReadEntry(bytes.AsSpan(0, Math.Max(0, end)), out string? changed);
            return changed is null && end == bytes.Length - 1 ? entry : throw new FormatException(
                changed ?? "expected one line");
        }
        catch (FormatException e)
        {
            throw new LedgerException(path, 1, $"the record of the last charge seen is damaged: {e.Message}. Delete "
                + "this file once you are sure that the ledger is the newest.");
        }
    }

    /// <summary>Writes the next record to disk, beside the present one.</summary>
    public static void Stage(string ledger, ReadOnlySpan<byte> line)
    {
        using FileStream file = new(Staged(ledger), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Write([.. line, (byte)'\n']);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Puts the staged record in place of the present one, at once.</summary>
    public static void Commit(string ledger) => File.Move(Staged(ledger), PathOf(ledger), overwrite: true);

    /// <summary>Throws unless a ledger holds the line of a charge seen before.</summary>
    /// <exception cref="LedgerException">It does not.</exception>
    public static void Check(string ledger, LedgerEntry? seen, LedgerState state)
    {
        if (seen is null || (state.Entries.Count >= seen.Sequence && state.HashAt(seen.Sequence) == seen.Hash))
        {
            return;
        }

        int last = state.Entries.Count;
        string there = last < seen.Sequence
            ? $"the file ends after charge {last} (head {state.Head})"
            : $"charge {seen.Sequence} is another one (hash {state.HashAt(seen.Sequence)})";
        throw Missing(ledger, Math.Min(last, seen.Sequence - 1) + 2, seen, there);
    }

    /// <summary>Throws if charges were seen where there is no ledger any more.</summary>
    /// <exception cref="LedgerException">There were.</exception>
    public static void CheckNone(string ledger, LedgerEntry? seen)
    {
        if (seen is not null)
        {
            throw Missing(ledger, 1, seen, "the file is missing or empty");
        }
    }

    private static LedgerException Missing(string ledger, int line, LedgerEntry seen, string there) => new(
        ledger,
        line,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{there}, but charge {seen.Sequence} (hash {seen.Hash}), which took epsilon to {seen.EpsilonAfter:R}, was "
            + $"made here at {seen.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: this is an older or another copy. Put "
            + $"the newest one back. If it is lost for good, so is the count of what it charged: to go on without, "
            + $"knowingly, delete {PathOf(ledger)}"));

    private static string Staged(string ledger) => $"{ledger}{Suffix}.new";
}
