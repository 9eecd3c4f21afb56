namespace Research.Cli.Tasks;

/// <summary>Folders of this user's own, for what is kept unless a place is named.</summary>
/// <remarks>
/// <c>research</c> in the user's application data: <c>~/.local/share</c> on Linux (<c>XDG_DATA_HOME</c>),
/// <c>~/Library/Application Support</c> on macOS, <c>%LOCALAPPDATA%</c> on Windows.
/// </remarks>
internal static class UserFolder
{
    /// <summary>Gets a folder's path; it is not made.</summary>
    /// <param name="name">The folder's name below <c>research</c>.</param>
    /// <param name="option">The option that would name another, for the error.</param>
    /// <exception cref="CommandException">This user has no application data folder.</exception>
    public static string PathOf(string name, string option)
    {
        string root = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return root.Length == 0
            ? throw new CommandException(
                $"{option}: expected a path, because this user has no folder for application data (set HOME).")
            : Path.Combine(root, "research", name);
    }

    /// <summary>Makes a folder, for its user alone where it is new.</summary>
    public static void MakePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(
                folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
