using Research.Scripting.Compilation;

namespace Research.Scripting.Scripts;

/// <summary>A script that ran before: what it compiled to, and what that depends on.</summary>
/// <param name="Cells">The script and the files it loaded, in the order in which they run.</param>
/// <param name="Sources">Those files, with the names by which errors call them.</param>
/// <param name="Packages">The packages' assemblies.</param>
/// <param name="Originals">The user's own assemblies.</param>
/// <param name="Native">Native libraries.</param>
internal sealed record CompiledScript(
    IReadOnlyList<CellImage> Cells,
    IReadOnlyList<CellSource> Sources,
    IReadOnlyList<string> Packages,
    IReadOnlyList<string> Originals,
    IReadOnlyList<string> Native);
