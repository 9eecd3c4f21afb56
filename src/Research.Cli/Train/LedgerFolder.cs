using System.Security.Cryptography;
using System.Text;

namespace Research.Cli.Train;

/// <summary>Where a data set's ledger is kept unless its owner says otherwise.</summary>
/// <remarks>
/// <c>research/ledgers</c> in the user's application data: <c>~/.local/share</c> on Linux (<c>XDG_DATA_HOME</c>),
/// <c>~/Library/Application Support</c> on macOS, <c>%LOCALAPPDATA%</c> on Windows.
/// </remarks>
internal static class LedgerFolder
{
    private const int LongestName = 256;
    private const int LongestFileName = 60;

    /// <summary>
    /// Gets the name under which a data set is charged. Folders and files become full paths, links followed, so that one data set
    /// has one budget however it is written.
    /// </summary>
    public static string DataSetName(string data)
    {
        int colon = data.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return data;
        }

        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(data[(colon + 1)..]));
        FileSystemInfo place = Directory.Exists(full) ? new DirectoryInfo(full) : new FileInfo(full);
        string resolved = (place.Exists ? place.ResolveLinkTarget(returnFinalTarget: true)?.FullName : null) ?? full;
        string name = $"{data[..colon]}:{resolved}";
        return name.Length <= LongestName ? name : $"{data[..colon]}:sha256:{Fingerprint(name)}";
    }

    /// <summary>Gets the file of a data set's ledger.</summary>
    /// <param name="dataSetName">As <see cref="DataSetName"/> gives it.</param>
    /// <exception cref="CommandException">This user has no application data folder.</exception>
    public static string PathOf(string dataSetName)
    {
        string root = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return root.Length == 0
            ? throw new CommandException("--ledger: expected a file, because this user has no folder for application data (set HOME).")
            : Path.Combine(root, "research", "ledgers", FileName(dataSetName));
    }

    /// <summary>Makes the folder of a default ledger, for its user alone.</summary>
    public static void Make(string ledger)
    {
        string folder = Path.GetDirectoryName(ledger)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    // A name without path needs no fingerprint; two paths that look alike once cleaned must not share a file.
    private static string FileName(string dataSetName)
    {
        string clean = string.Concat(dataSetName.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_'));
        string end = clean.Length <= LongestFileName ? clean : clean[^LongestFileName..];
        return clean == dataSetName ? $"{end}.jsonl" : $"{end}-{Fingerprint(dataSetName)[..12]}.jsonl";
    }

    private static string Fingerprint(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
