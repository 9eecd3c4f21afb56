using System.Buffers;

namespace Research.Storage;

/// <summary>Files that are renamed once they are whole, and what killed processes left of such.</summary>
/// <remarks>A writer names them by <see cref="NameFor"/>, and holds them (<see cref="FileShare.None"/>) while it
/// writes.</remarks>
public static class PartFile
{
    private const string Extension = ".part";
    private const int Digits = 32;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);
    private static readonly SearchValues<char> LowerCaseHex = SearchValues.Create("0123456789abcdef");

    /// <summary>Gets a new name beside a file: its own, 32 random digits, and <c>.part</c>.</summary>
    /// <param name="path">The file that it is to become; a folder with a separator at its end where that is not
    /// known.</param>
    public static string NameFor(string path) => $"{path}.{Guid.NewGuid():N}{Extension}";

    /// <summary>Deletes those of a folder that were left a day ago or earlier; what cannot be deleted stays.</summary>
    /// <param name="folder">The folder; it need not exist.</param>
    /// <param name="target">The name of the file that they were to become; null for any.</param>
    /// <param name="time">The clock.</param>
    public static void DeleteLeftOvers(string folder, string? target = null, TimeProvider? time = null)
    {
        DateTime old = ((time ?? TimeProvider.System).GetUtcNow() - Lifetime).UtcDateTime;
        try
        {
            foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles($"*{Extension}"))
            {
                if (file.LastWriteTimeUtc < old && file.LinkTarget is null && IsPart(file.Name, target))
                {
                    Delete(file.FullName);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is no folder yet, or it may not be listed: whoever writes there says so.
        }
    }

    private static bool IsPart(ReadOnlySpan<char> name, string? target)
    {
        int start = name.Length - Extension.Length - Digits;
        return start > 0
            && name[start - 1] == '.'
            && name.EndsWith(Extension, StringComparison.Ordinal)
            && !name.Slice(start, Digits).ContainsAnyExcept(LowerCaseHex)
            && (target is null || name[..(start - 1)].SequenceEqual(target));
    }

    // A process that lives holds its own, however old: it cannot be opened.
    private static void Delete(string path)
    {
        try
        {
            using FileStream own = new(
                path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is held, somebody else's, or gone just now.
        }
    }
}
