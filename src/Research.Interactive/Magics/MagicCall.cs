namespace Research.Interactive.Magics;

/// <summary>One call of a magic command, with what it may act on.</summary>
/// <param name="Arguments">Its words.</param>
/// <param name="Folder">Against which paths resolve.</param>
/// <param name="Session">What lives as long as the kernel.</param>
/// <param name="Variables">The notebook's variables.</param>
internal sealed record MagicCall(
    MagicArguments Arguments, string Folder, MagicSession Session, IMagicVariables Variables)
{
    /// <summary>Gets a path as it is from the current folder of the notebook.</summary>
    public string PathOf(string path) => Path.GetFullPath(path, Folder);
}
