using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Research.Scripting.Compilation;

/// <summary>A cell whose declarations later cells see; the chain of these is what the compiler knows of a
/// session.</summary>
/// <param name="Compilation">The cell as compiled.</param>
/// <param name="Previous">The cell before; null for the root, which only has the references and imports.</param>
/// <param name="References">All references of the chain up to here.</param>
/// <param name="Code">The cell's code.</param>
/// <param name="Namespaces">All namespaces open at its end.</param>
/// <param name="Shadowable">The names it declares, when redeclaring these hides all of it; null when it did something
/// else too, such as opening a namespace.</param>
/// <param name="Slot">The cell's slot; 0 for the root.</param>
internal sealed record CellLink(
    CSharpCompilation Compilation,
    CellLink? Previous,
    ImmutableHashSet<MetadataReference> References,
    string Code,
    ImmutableHashSet<string> Namespaces,
    ImmutableHashSet<string>? Shadowable,
    int Slot)
{
    /// <summary>Tells whether code hides everything this cell declared, so that nothing can see it any more.</summary>
    /// <remarks>In a script, a name that a cell declares means that cell's own everywhere in it.</remarks>
    public bool IsHiddenBy(string code, IReadOnlySet<string> declared) =>
        Previous is not null && (code == Code || (Shadowable is { Count: > 0 } names && names.IsSubsetOf(declared)));

    /// <summary>Makes the chain anew with other references, where one of them is not in use any more.</summary>
    /// <remarks>Types and variables keep their names and places; what ran is not touched.</remarks>
    /// <param name="current">All references beyond the root's that are in use now.</param>
    /// <param name="root">The root to stand on.</param>
    public CellLink Rebased(IReadOnlyCollection<MetadataReference> current, CellLink root)
    {
        Stack<CellLink> links = new();
        CellLink link = this;
        for (; link.Previous is not null; link = link.Previous)
        {
            links.Push(link);
        }

        ImmutableHashSet<MetadataReference> used = root.References.Union(current);
        bool changes = !ReferenceEquals(link, root);
        link = root;
        while (links.TryPop(out CellLink? next))
        {
            changes |= next.Compilation.ExternalReferences.Any(reference => !used.Contains(reference));
            link = changes ? next.On(link, used) : next;
        }

        return link;
    }

    private CellLink On(CellLink previous, ImmutableHashSet<MetadataReference> used)
    {
        MetadataReference[] own = [.. used.Except(previous.References)];
        return this with
        {
            Compilation = Compilation.WithReferences(own).WithScriptCompilationInfo(
                Compilation.ScriptCompilationInfo!.WithPreviousScriptCompilation(previous.Compilation)),
            Previous = previous,
            References = previous.References.Union(own),
        };
    }
}
