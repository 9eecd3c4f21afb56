namespace Research.Scripting;

/// <summary>What a script sees beside its own variables.</summary>
/// <param name="args">The command line's words after the script's name.</param>
public sealed class ScriptGlobals(IReadOnlyList<string> args)
{
    /// <summary>Gets the script's arguments.</summary>
    public IList<string> Args { get; } = [.. args];
}
