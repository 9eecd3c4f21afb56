namespace Research.Cli;

/// <summary>Checks of files to be read, so that the message names the option and the trouble.</summary>
internal static class InputFile
{
    /// <summary>Throws unless there is a file of at most so many bytes.</summary>
    /// <exception cref="CommandException">There is none, it is a folder, or it is too large.</exception>
    public static void Check(string option, string path, long mostBytes = long.MaxValue)
    {
        if (Directory.Exists(path))
        {
            throw new CommandException($"{option}: expected a file, got the folder {path}.");
        }

        if (!File.Exists(path))
        {
            throw new CommandException($"{option}: there is no file {path}.");
        }

        long length = new FileInfo(path).Length;
        if (length > mostBytes)
        {
            throw new CommandException($"{option}: expected at most {mostBytes} bytes in {path}, got {length}.");
        }
    }
}
