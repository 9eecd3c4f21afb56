namespace Research.Cli.Wallets;

/// <summary>Files with secrets: new ones, for their owner alone.</summary>
internal static class NewFile
{
    /// <summary>Throws unless there can be a new file of that name.</summary>
    /// <exception cref="CommandException">There is one, or its folder is none.</exception>
    public static void Check(string option, string path)
    {
        OutputFile.Check(option, path);
        if (Path.Exists(path))
        {
            throw new CommandException($"{option}: there is a file {path} already; it is never overwritten.");
        }
    }

    /// <summary>Writes one, with mode 0600 where the system has modes.</summary>
    /// <exception cref="CommandException">There is one of that name.</exception>
    public static void Write(string option, string path, ReadOnlySpan<byte> bytes)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using FileStream file = new(path, options);
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        catch (IOException e) when (Path.Exists(path))
        {
            throw new CommandException(
                $"{option}: there is a file {path} already; it is never overwritten.", innerException: e);
        }
    }
}
