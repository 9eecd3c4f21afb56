using Research.Federation.Trace;

namespace Research.Federation.Program;

/// <summary>What a round's program is committed to by: three words, and their hash.</summary>
/// <param name="Code">The root of the tree over its records.</param>
/// <param name="Constants">The root of the tree over its constants.</param>
/// <param name="Layout">How large its trace is, and how deep the trees that it reads; see contracts/SCORING.md, section
/// Records.</param>
public sealed record ProgramWords(TreeHash Code, TreeHash Constants, TreeHash Layout)
{
    /// <summary>Gets the program's root: keccak-256 of the three.</summary>
    public TreeHash Root { get; } = Hash(Code, Constants, Layout);

    private static TreeHash Hash(TreeHash code, TreeHash constants, TreeHash layout)
    {
        Span<byte> words = stackalloc byte[3 * TreeHash.Size];
        code.CopyTo(words);
        constants.CopyTo(words[TreeHash.Size..]);
        layout.CopyTo(words[(2 * TreeHash.Size)..]);
        Span<byte> root = stackalloc byte[TreeHash.Size];
        KeccakLanes.HashScalar(words, words.Length, root);
        return new TreeHash(root);
    }
}
