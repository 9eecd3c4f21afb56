namespace Research.Scripting;

/// <summary>What a script sees beside its own variables.</summary>
/// <param name="args">The command line's words after the script's name.</param>
public sealed class ScriptGlobals(IReadOnlyList<string> args)
{
    /// <summary>Gets the script's arguments.</summary>
    public IList<string> Args { get; } = [.. args];

#pragma warning disable IDE1006 // The name that C# programs and csharprepl have.
    /// <summary>Gets the same as an array.</summary>
    public string[] args { get; } = [.. args];
#pragma warning restore IDE1006
}
