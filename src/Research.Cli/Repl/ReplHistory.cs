using System.Text.Json;

namespace Research.Cli.Repl;

/// <summary>Keeps the entries of the prompt in a file, a JSON string a line, for its user alone.</summary>
/// <param name="path">The file, or null to keep nothing.</param>
internal sealed class ReplHistory(string? path)
{
    private const int MostEntries = 1000;
    private const int LongestEntry = 64 << 10;
    private const long LargestFile = 16 << 20;

    /// <summary>Gets this user's file, or null where the user has no folder for application data.</summary>
    public static string? UserPath
    {
        get
        {
            string root = Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return root.Length == 0 ? null : Path.Combine(root, "research", "script-history.jsonl");
        }
    }

    /// <summary>Reads the newest entries, oldest first; a line that is no entry is skipped.</summary>
    public IReadOnlyList<string> Load()
    {
        try
        {
            return path is null || !File.Exists(path) || new FileInfo(path).Length > LargestFile
                ? []
                : [.. File.ReadLines(path).Select(Parse).OfType<string>().TakeLast(MostEntries)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return []; // The prompt works without it.
        }
    }

    /// <summary>Adds an entry.</summary>
    public void Add(string entry)
    {
        if (path is null || entry.Length > LongestEntry)
        {
            return;
        }

        FileStreamOptions options = new() { Mode = FileMode.Append, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using StreamWriter writer = new(path, options);
            writer.Write(JsonSerializer.Serialize(entry) + "\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            path = null; // Nor does it matter that it cannot be written.
        }
    }

    private static string? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<string>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
