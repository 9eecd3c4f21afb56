using Research.Storage;

namespace Research.Cli;

/// <summary>Files that appear whole or not at all; what a killed process left of one goes when it is written a day
/// later.</summary>
internal static class OutputFile
{
    /// <summary>Throws unless a file can be written there; leaves nothing behind.</summary>
    /// <exception cref="CommandException">
    /// The folder does not exist or refuses files, or the name is a folder's.
    /// </exception>
    public static void Check(string option, string path)
    {
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? full;
        if (Directory.Exists(full))
        {
            throw new CommandException($"{option}: expected a file, got the folder {path}.");
        }

        if (!Directory.Exists(folder))
        {
            throw new CommandException($"{option}: there is no folder {folder}; make it first.");
        }

        if (full.StartsWith("/dev/", StringComparison.Ordinal))
        {
            throw new CommandException($"{option}: expected a file on a disk, got the device {path}.");
        }

        try
        {
            using FileStream probe = new(
                PartFile.NameFor(full),
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.None,
                1,
                FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                $"{option}: the folder {folder} cannot be written to: {e.Message}", innerException: e);
        }
    }

    /// <summary>Writes a temporary file beside the target, flushes it to disk and renames it over the target.</summary>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        string full = Path.GetFullPath(path);
        string temporary = PartFile.NameFor(full);
        try
        {
            DeleteLeftOvers(full);
            FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            await using (file.ConfigureAwait(false))
            {
                await file.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Does the same for a file that only its owner may read, on the calling thread.</summary>
    public static void WriteForOwner(string path, ReadOnlySpan<byte> bytes)
    {
        string full = Path.GetFullPath(path);
        string temporary = PartFile.NameFor(full);
        FileStreamOptions options =
            new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            DeleteLeftOvers(full);
            using (FileStream file = new(temporary, options))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void DeleteLeftOvers(string full) =>
        PartFile.DeleteLeftOvers(Path.GetDirectoryName(full) ?? full, Path.GetFileName(full));
}
