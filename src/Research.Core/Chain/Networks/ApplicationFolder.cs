namespace Research.Chain.Networks;

/// <summary>What is kept for this user alone, in <c>research</c> in the application data folder.</summary>
internal static class ApplicationFolder
{
    /// <summary>Gets the path of a file or folder there, present or not; null where this user has no such folder.</summary>
    public static string? Find(string name)
    {
        string root = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return root.Length == 0 ? null : Path.Combine(root, "research", name);
    }
}
