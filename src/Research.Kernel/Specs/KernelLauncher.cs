namespace Research.Kernel.Specs;

/// <summary>How a kernel is started: the words before <c>kernel run</c>, and the environment.</summary>
/// <param name="Command">Absolute paths.</param>
/// <param name="Variables">What to add to the environment.</param>
public sealed record KernelLauncher(IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Variables)
{
    // Measured, a warm cell from 12.7 ms to 7.4: hot code is counted at once (by default only when no new code came for
    // 100 ms, which each cell is); it is not profiled first; and compiling a cell does not collect several times.
    private static readonly Dictionary<string, string> Quick = new(StringComparer.Ordinal)
    {
        ["DOTNET_TC_CallCountingDelayMs"] = "0",
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_gcConcurrent"] = "0",
        ["DOTNET_GCgen0size"] = "0x2000000", // Bytes, hexadecimal.
    };

    /// <summary>Gets the <c>dotnet</c> that runs this process.</summary>
    public static string Dotnet
    {
        get
        {
            // .../shared/Microsoft.NETCore.App/10.0.0/System.Private.CoreLib.dll
            string framework = Path.GetDirectoryName(typeof(object).Assembly.Location) ?? "";
            string root = Path.GetFullPath(Path.Combine(framework, "..", "..", ".."));
            string dotnet = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
            return File.Exists(dotnet)
                ? dotnet
                : throw new KernelSpecException($"Expected the dotnet command at {dotnet}; there is none.");
        }
    }

    /// <summary>Gets what starts the program in a folder.</summary>
    /// <param name="folder">The folder of <c>research.dll</c>.</param>
    public static KernelLauncher Of(string folder) => new([Dotnet, Path.Combine(folder, "research.dll")], Quick);

    /// <summary>Gets what starts a program again after an update of it, where that can be.</summary>
    /// <remarks>An installed .NET tool is started by its shim, whose path outlives an update of the tool; the folder
    /// of its files, which has the version in its name, does not.</remarks>
    /// <param name="folder">The folder of <c>research.dll</c>.</param>
    public static KernelLauncher Lasting(string folder)
    {
        if (ShimOf(folder) is not { } shim)
        {
            return Of(folder);
        }

        Dictionary<string, string> variables = new(Quick, StringComparer.Ordinal)
        {
            ["DOTNET_ROOT"] = Path.GetDirectoryName(Dotnet)!,
        };
        return new KernelLauncher([shim], variables);
    }

    // A tool's files are below .store, beside which its shim is.
    private static string? ShimOf(string folder)
    {
        string name = OperatingSystem.IsWindows() ? "research.exe" : "research";
        for (string? at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
        {
            if (Path.GetFileName(at) == ".store")
            {
                string shim = Path.Combine(Path.GetDirectoryName(at)!, name);
                return File.Exists(shim) ? shim : null;
            }
        }

        return null;
    }
}
