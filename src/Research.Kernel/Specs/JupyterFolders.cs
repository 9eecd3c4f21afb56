namespace Research.Kernel.Specs;

/// <summary>Where Jupyter looks for kernel specifications, as jupyter_core decides it.</summary>
public static class JupyterFolders
{
    /// <summary>Gets the user's own: <c>JUPYTER_DATA_DIR</c>, or the platform's.</summary>
    /// <exception cref="KernelSpecException">This user has none.</exception>
    public static string User
    {
        get
        {
            if (Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } named)
            {
                return Path.Combine(Path.GetFullPath(named), "kernels");
            }

            if (OperatingSystem.IsWindows())
            {
                string roaming = Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData);
                return Path.Combine(Known(roaming, "APPDATA"), "jupyter", "kernels");
            }

            string home = Environment.GetFolderPath(
                Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
            if (OperatingSystem.IsMacOS())
            {
                return Path.Combine(Known(home, "HOME"), "Library", "Jupyter", "kernels");
            }

            string? data = Environment.GetEnvironmentVariable("XDG_DATA_HOME");
            return Path.Combine(
                data is { Length: > 0 } ? data : Path.Combine(Known(home, "HOME"), ".local", "share"),
                "jupyter",
                "kernels");
        }
    }

    /// <summary>Gets the folder below an installation of Python, or a virtual environment.</summary>
    /// <param name="prefix">Its root: Python's <c>sys.prefix</c>.</param>
    public static string Of(string prefix) => Path.Combine(Path.GetFullPath(prefix), "share", "jupyter", "kernels");

    /// <summary>Gets all that can be known without asking a Python, the first found of a name counts.</summary>
    public static IReadOnlyList<string> Search
    {
        get
        {
            List<string> folders = [];
            string path = Environment.GetEnvironmentVariable("JUPYTER_PATH") ?? "";
            folders.AddRange(path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Select(folder => Path.Combine(folder, "kernels")));
            folders.Add(User);
            foreach (string variable in (string[])["VIRTUAL_ENV", "CONDA_PREFIX"])
            {
                if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } prefix)
                {
                    folders.Add(Of(prefix));
                }
            }

            folders.AddRange(OperatingSystem.IsWindows()
                ? [Path.Combine(
                    Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "jupyter", "kernels")]
                : [Of("/usr/local"), Of("/usr")]);
            return [.. folders.Distinct(StringComparer.Ordinal)];
        }
    }

    private static string Known(string folder, string variable) => folder.Length > 0
        ? folder
        : throw new KernelSpecException($"This user has no home folder: set {variable}, or give a --prefix.");
}
