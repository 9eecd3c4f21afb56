using System.Text;
using System.Text.Json;

namespace Research.Scripting.History;

/// <summary>The file of a history: a JSON object a line.</summary>
internal static class HistoryFile
{
    private const int Attempts = 50;
    private const int AttemptMilliseconds = 10;

    /// <summary>Adds a line, at once and whole.</summary>
    public static void Append(string path, HistoryEntry entry)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream stream = Open(path, FileMode.Append, FileAccess.Write);
        stream.Write(Line(entry));
    }

    /// <summary>Reads the newest entries, and drops the others from a file that has grown too large.</summary>
    /// <remarks>A line that is not an entry is skipped: another program's, or one cut off by a crash.</remarks>
    public static List<HistoryEntry> Read(string path, int most, long largestFile)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using FileStream stream = Open(path, FileMode.Open, FileAccess.ReadWrite);
        bool isTooLarge = stream.Length > largestFile;
        if (isTooLarge)
        {
            stream.Seek(-largestFile / 2, SeekOrigin.End);
        }

        Queue<HistoryEntry> entries = new();
        using StreamReader reader = new(stream, Encoding.UTF8, false, 64 << 10, leaveOpen: true);
        while (reader.ReadLine() is { } line)
        {
            if (Parse(line) is { } entry)
            {
                entries.Enqueue(entry);
                if (entries.Count > most)
                {
                    entries.Dequeue();
                }
            }
        }

        if (isTooLarge)
        {
            Rewrite(stream, entries);
        }

        return [.. entries];
    }

    private static void Rewrite(FileStream stream, IEnumerable<HistoryEntry> entries)
    {
        stream.SetLength(0);
        foreach (HistoryEntry entry in entries)
        {
            stream.Write(Line(entry));
        }
    }

    // Sessions take turns: a file that another holds open is tried again for half a second.
    private static FileStream Open(string path, FileMode mode, FileAccess access)
    {
        FileStreamOptions options = new() { Mode = mode, Access = access, Share = FileShare.None };
        if (!OperatingSystem.IsWindows() && mode == FileMode.Append)
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, options);
            }
            catch (IOException) when (attempt < Attempts && File.Exists(path))
            {
                Thread.Sleep(AttemptMilliseconds);
            }
        }
    }

    private static byte[] Line(HistoryEntry entry)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter writer = new(line))
        {
            writer.WriteStartObject();
            writer.WriteNumber("session"u8, entry.Session);
            writer.WriteNumber("line"u8, entry.Line);
            writer.WriteString("code"u8, entry.Code);
            writer.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        return line.ToArray();
    }

    private static HistoryEntry? Parse(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object &&
                root.TryGetProperty("session"u8, out JsonElement session) &&
                root.TryGetProperty("line"u8, out JsonElement number) &&
                root.TryGetProperty("code"u8, out JsonElement code) &&
                session.ValueKind == JsonValueKind.Number && session.TryGetInt32(out int sessionNumber) &&
                number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out int lineNumber) &&
                code.ValueKind == JsonValueKind.String && sessionNumber > 0
                ? new HistoryEntry(sessionNumber, lineNumber, code.GetString()!)
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
