namespace Research.Tests.Tools;

/// <summary>Programs that tests drive but the repository does not ship.</summary>
internal static class ExternalTool
{
    /// <summary>Gets the repository's root, found from the test assembly upwards.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Says why a test must be skipped, or null when it must run.</summary>
    public static string? ReasonToSkip(params string[] tools)
    {
        if (Environment.GetEnvironmentVariable("RESEARCH_REQUIRE_ALL") == "1")
        {
            return null;
        }

        string[] missing = [.. tools.Where(tool => Find(tool) is null)];
        return missing.Length == 0
            ? null
            : $"needs {string.Join(", ", missing)} on PATH (RESEARCH_REQUIRE_ALL=1 makes this a failure)";
    }

    /// <summary>Finds a program on PATH, or null.</summary>
    public static string? Find(string tool)
    {
        string[] names = OperatingSystem.IsWindows() ? [tool + ".exe", tool + ".cmd"] : [tool];
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Research.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"Research.sln is not above {AppContext.BaseDirectory}.");
    }
}
