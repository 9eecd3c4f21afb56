namespace Research.Scripting;

/// <summary>What a script sees beside its own variables.</summary>
/// <param name="args">The command line's words after the script's name.</param>
#pragma warning disable CA1708 // dotnet-script says Args, C# programs and csharprepl say args.
public sealed class ScriptGlobals(IReadOnlyList<string> args)
#pragma warning restore CA1708
{
    /// <summary>Gets the script's arguments.</summary>
    public IList<string> Args { get; } = [.. args];

#pragma warning disable IDE1006
    /// <summary>Gets the same as an array.</summary>
    public string[] args { get; } = [.. args];
#pragma warning restore IDE1006
}
