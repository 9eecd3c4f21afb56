namespace Research.Chain.Primitives;

/// <summary>What RLP encodes: a string of bytes, or a list of items.</summary>
public sealed class RlpItem
{
    /// <summary>Makes a string of bytes.</summary>
    public RlpItem(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    /// <summary>Makes a list.</summary>
    public RlpItem(IReadOnlyList<RlpItem> items) => Items = items;

    /// <summary>Gets the bytes; empty for a list.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Gets the items of a list, or null for a string of bytes.</summary>
    public IReadOnlyList<RlpItem>? Items { get; }
}
