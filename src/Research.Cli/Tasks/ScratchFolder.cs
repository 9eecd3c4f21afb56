namespace Research.Cli.Tasks;

/// <summary>A copy of a folder of this user's, in which a dry run may write as the verb itself would in the folder.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private const long MostBytes = 1L << 30;

    private ScratchFolder(string path) => Path = path;

    /// <summary>Gets the copy's path.</summary>
    public string Path { get; }

    /// <summary>Copies a folder, which need not exist.</summary>
    /// <exception cref="CommandException">It is larger than 1 GiB.</exception>
    public static ScratchFolder Of(string folder)
    {
        ScratchFolder scratch = new(Directory.CreateTempSubdirectory("research-dry-run-").FullName); // For its user alone.
        try
        {
            scratch.Copy(folder);
            return scratch;
        }
        catch
        {
            scratch.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The system clears its temporary folder too.
        }
    }

    private void Copy(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        long bytes = 0;
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            bytes += new FileInfo(file).Length;
            if (bytes > MostBytes)
            {
                throw new CommandException(
                    $"--dry-run: expected a private folder of at most 1 GiB, of which a copy is made, {folder} is larger.");
            }

            string copy = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath(folder, file));
            UserFolder.MakePrivate(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
