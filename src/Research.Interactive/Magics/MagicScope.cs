namespace Research.Interactive.Magics;

/// <summary>What a completion may look at.</summary>
/// <param name="Folder">Against which paths resolve.</param>
/// <param name="Variables">The notebook's variables.</param>
internal sealed record MagicScope(string Folder, IReadOnlyList<MagicVariable> Variables);

/// <summary>A variable of the notebook.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
internal readonly record struct MagicVariable(string Name, Type Type);
