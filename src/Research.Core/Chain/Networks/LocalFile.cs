namespace Research.Chain.Networks;

/// <summary>A small file of this user's own: read whole, and replaced whole, also where two processes do so at once.</summary>
internal static class LocalFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Reads a file; null where there is none.</summary>
    /// <exception cref="InvalidDataException">It has too many bytes.</exception>
    public static byte[]? Read(string path, int mostBytes)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > mostBytes)
            {
                throw new InvalidDataException($"expected at most {mostBytes} bytes, got {stream.Length}.");
            }

            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Replaces a file: whoever reads sees the one before or this one, also after a crash.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Creates a file that is not there yet, which only its owner may read.</summary>
    public static FileStream CreateForOwner(string path, FileOptions how = FileOptions.None)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = how };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    /// <summary>Says that a file system takes no file of a name, some take no more than 143 characters, or of a
    /// path.</summary>
    public static IOException TooLong(string path, PathTooLongException e) => new(
        $"{Path.GetDirectoryName(path)}: expected a folder that takes a file with a name of "
            + $"{Path.GetFileName(path).Length} "
        + $"characters, {path.Length} with its path; its file system does not. Use another folder, of a shorter path. "
        + "Nothing was written or sent.",
        e);

    /// <summary>Waits for the turn of this process to change a file, which ends with what is given back.</summary>
    /// <remarks>The system ends a turn with its process, however that ends.</remarks>
    /// <exception cref="IOException">Another process has had its turn for 10 s.</exception>
    public static async Task<IDisposable> TurnAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        string gate = $"{path}.lock";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        for (long start = time.GetTimestamp(); ;)
        {
            try
            {
                return new FileStream(gate, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (File.Exists(gate))
            {
                if (time.GetElapsedTime(start) > Patience)
                {
                    throw new IOException($"{path}: another process has held {gate} for 10 s.", e);
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), time, cancellationToken).ConfigureAwait(false);
        }
    }
}
