namespace Research.Scripting.Compilation;

/// <summary>A compiled cell: what it takes to run it, without the compiler.</summary>
/// <param name="AssemblyName">The assembly's simple name; unique in a session.</param>
/// <param name="Pe">The assembly.</param>
/// <param name="Pdb">Its portable symbols: they give stack traces the cell's own lines.</param>
/// <param name="TypeName">The type that holds the cell's variables.</param>
/// <param name="EntryPoint">Its static method <c>Task&lt;object&gt; (object[] slots)</c>.</param>
/// <param name="Slot">The place in <c>slots</c> where the cell leaves itself for later cells; the globals are at
/// 0.</param>
/// <param name="Variables">The names of the variables it declares.</param>
internal sealed record CellImage(
    string AssemblyName,
    byte[] Pe,
    byte[] Pdb,
    string TypeName,
    string EntryPoint,
    int Slot,
    IReadOnlyList<string> Variables);
