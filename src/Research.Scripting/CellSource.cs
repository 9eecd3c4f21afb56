namespace Research.Scripting;

/// <summary>Code to run, and the names by which errors refer to it.</summary>
/// <param name="Code">C#, with directives and magics.</param>
/// <param name="Name">What people call it, for example <c>cell 3</c> or <c>train.csx</c>; unique in a session.</param>
/// <param name="Path">The file it comes from, seen as <c>[CallerFilePath]</c>; null for a cell.</param>
public sealed record CellSource(string Code, string Name, string? Path = null)
{
    internal string FilePath => Path ?? Name;

    /// <summary>Gets the folder against which the file's own relative paths resolve, or null for the
    /// session's.</summary>
    internal string? Folder => Path is null ? null : System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path));
}
