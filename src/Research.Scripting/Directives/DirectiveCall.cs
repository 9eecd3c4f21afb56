using Research.Scripting.Compilation;
using Research.Scripting.Outputs;

namespace Research.Scripting.Directives;

/// <summary>One directive in its cell, with what it may act on.</summary>
internal sealed record DirectiveCall(
    Directive Directive,
    CellSource Source,
    OutputChannel Channel,
    HashSet<string> Loading,
    ScriptSession Session,
    SessionReferences References,
    NamedValues Values)
{
    /// <summary>Gets the words and options, for verbs that take them.</summary>
    public DirectiveArguments Arguments { get; init; } = DirectiveArguments.None;

    /// <summary>Gets the folder against which its paths resolve.</summary>
    public string Folder => Source.Folder ?? Session.Folder;
}
