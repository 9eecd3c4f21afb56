using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Research.Privacy.Ledger;

/// <summary>The last charge that returned, noted beside the ledger: <c>ledger.jsonl.seen</c>.</summary>
/// <remarks>
/// Written in place once the ledger's line is on disk, before the charge returns. So the note is never ahead of the
/// ledger: a crash in between leaves a ledger that goes on after the note, which is accepted. A ledger that lacks the
/// charge noted is older or another one, and is refused. The note itself is not flushed: a power cut may leave an
/// earlier one, which notices less and never refuses a good ledger.
/// </remarks>
/// <param name="Length">Bytes of the ledger up to the end of that charge, its line feed included.</param>
/// <param name="Sequence">The charge's number.</param>
/// <param name="Head">The hash of its line.</param>
internal sealed record LedgerSeen(long Length, int Sequence, string Head)
{
    private const string Format = "research-privacy-ledger-seen/2";
    private const int FileLength = 200; // One page, one write: a crash never tears it.
    private const int Attempts = 4;
    private const int AttemptMilliseconds = 5;

    public static bool Exists(LedgerHome home) => File.Exists(home.Seen) && new FileInfo(home.Seen).Length > 0;

    /// <summary>Reads the note; null where there is none.</summary>
    /// <exception cref="LedgerException">It is damaged.</exception>
    public static LedgerSeen? Read(LedgerHome home)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return Exists(home) ? Parse(home) : null;
            }
            catch (LedgerException) when (attempt < Attempts)
            {
                Thread.Sleep(AttemptMilliseconds); // Who reads without the lock may meet a writer.
            }
        }
    }

    /// <summary>Writes the note over the present one.</summary>
    public void Write(LedgerHome home)
    {
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"format\":\"{Format}\",\"length\":{Length},\"sequence\":{Sequence},\"head\":\"{Head}\"}}");
        using FileStream file = OwnerFile.Open(home.Seen, FileMode.OpenOrCreate);
        file.Write(Encoding.ASCII.GetBytes(text.PadRight(FileLength - 1) + '\n'));
        if (file.Length > FileLength)
        {
            file.SetLength(FileLength);
        }
    }

    /// <summary>Throws unless a ledger holds the charge.</summary>
    /// <param name="home">Where the ledger lies.</param>
    /// <param name="found">The ledger as read.</param>
    /// <exception cref="LedgerException">It does not.</exception>
    public void Check(LedgerHome home, LedgerState found)
    {
        if (found.Entries.Count < Sequence)
        {
            string there = string.Create(
                CultureInfo.InvariantCulture, $"the ledger ends after charge {found.Entries.Count} (head {found.Head})");
            throw Lacking(home, found.Entries.Count + 2, there);
        }

        if (found.Entries[Sequence - 1].Hash != Head)
        {
            string there = string.Create(
                CultureInfo.InvariantCulture,
                $"charge {Sequence} is another one (hash {found.Entries[Sequence - 1].Hash})");
            throw Lacking(home, Sequence + 1, there);
        }
    }

    /// <summary>Makes the refusal of a ledger that is gone.</summary>
    public LedgerException Gone(LedgerHome home) => Lacking(home, 0, "the ledger is gone");

    private static LedgerSeen Parse(LedgerHome home)
    {
        try
        {
            long length = new FileInfo(home.Seen).Length;
            if (length > FileLength)
            {
                throw new FormatException(string.Create(
                    CultureInfo.InvariantCulture, $"expected {FileLength} bytes, got {length}"));
            }

            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(home.Seen));
            JsonElement root = json.RootElement;
            string format = root.GetProperty("format").GetString() ?? "";
            LedgerSeen seen = new(
                root.GetProperty("length").GetInt64(),
                root.GetProperty("sequence").GetInt32(),
                root.GetProperty("head").GetString() ?? "");
            return format == Format && seen is { Sequence: > 0, Length: > 0, Head.Length: 64 }
                ? seen
                : throw new FormatException($"expected format {Format}, a length, a sequence and a head");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            throw new LedgerException(
                home.Seen,
                0,
                $"the note of the last charge seen is damaged ({e.Message}). Delete it once you are sure that "
                + $"{home.Ledger} is the newest one");
        }
    }

    private LedgerException Lacking(LedgerHome home, int line, string there) => new(
        home.Ledger,
        line,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{there}, and charge {Sequence} was seen here (head {Head}): restore it from a backup that holds that "
            + $"charge. To go on without, knowing that what is missing counts no more, delete {home.Seen}"));
}
