using Research.Chain.Primitives;
using Research.Federation.Trace;
using Research.Storage;

namespace Research.Market;

/// <summary>Names of blobs as words of the chain, and back: the one place where the two meet.</summary>
public static class HashConversions
{
    /// <summary>Gets the 32 bytes as a word of the chain.</summary>
    public static Bytes32 ToBytes32(this ContentHash hash) => new(hash.ToArray());

    /// <summary>Gets the root of a tree as a word of the chain.</summary>
    public static Bytes32 ToBytes32(this TreeHash hash) => new(hash.ToArray());

    /// <summary>Gets a word of the chain as the root of a tree.</summary>
    public static TreeHash ToTreeHash(this Bytes32 word) => new(word.ToArray());

    /// <summary>Gets a word of the chain as the name of a blob.</summary>
    public static ContentHash ToContentHash(this Bytes32 word) => new(word.ToArray());
}
