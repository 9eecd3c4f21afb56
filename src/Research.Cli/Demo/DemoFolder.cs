namespace Research.Cli.Demo;

/// <summary>The folder of a demo's report: an earlier report in it is replaced, anything else is left alone.</summary>
internal sealed class DemoFolder
{
    private const string Marker = "demo.json";

    private static readonly string[] Folders = ["ledgers", "owners", "store", "updates"];

    private DemoFolder(string path) => Path = path;

    public string Path { get; }

    public string Report => In("index.html");

    public string Result => In(Marker);

    public string Specification => In("specification.json");

    public string Store => In("store");

    /// <summary>Checks that the folder can be used; changes nothing.</summary>
    /// <exception cref="IOException">The folder holds something that no demo wrote.</exception>
    public static DemoFolder At(string path)
    {
        DemoFolder folder = new(System.IO.Path.GetFullPath(path));
        if (File.Exists(folder.Path))
        {
            throw new IOException($"--out {folder.Path}: expected a folder, got a file.");
        }

        bool isEmpty = !Directory.Exists(folder.Path) || !Directory.EnumerateFileSystemEntries(folder.Path).Any();
        if (!isEmpty && !File.Exists(folder.Result))
        {
            throw new IOException(
                $"--out {folder.Path}: the folder holds files that no demo wrote; name an empty or a new folder.");
        }

        return folder;
    }

    /// <summary>Makes the folder, or empties it of an earlier demo.</summary>
    public void Clear()
    {
        Directory.CreateDirectory(Path);
        foreach (string old in Folders.Select(name => In(name)).Where(Directory.Exists))
        {
            Directory.Delete(old, recursive: true);
        }

        File.Delete(Report);
        File.Delete(Specification);
        File.WriteAllText(Result, "{}"); // Claims the folder: a demo that fails can be run again.
    }

    /// <summary>Gets the file of what an owner shows of the ledger.</summary>
    public string Statement(DemoOwner owner) => In("ledgers", owner.Name + ".json");

    /// <summary>Gets an owner's home: key, ledger, salts. On one's own machine it would never leave.</summary>
    public string Own(DemoOwner owner) => In("owners", owner.Name);

    /// <summary>Gets the scorer's home.</summary>
    public string Scorer => In("owners", "scorer");

    public string Update(DemoOwner owner, int round) =>
        In("updates", $"round-{round + 1}", owner.Name + ".safetensors");

    private string In(params ReadOnlySpan<string> names) => System.IO.Path.Combine([Path, .. names]);
}
