using System.Security.Cryptography;
using Nethereum.Util;

namespace Research.Federation.Trace;

/// <summary>A Keccak-256 hash: of a leaf, of a node of a tree, or of some bytes.</summary>
public readonly record struct TreeHash
{
    /// <summary>The length in bytes.</summary>
    public const int Size = 32;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    /// <summary>Takes 32 bytes, most significant first.</summary>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 32 bytes long.</exception>
    public TreeHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"Expected {Size} bytes; got {bytes.Length}.", nameof(bytes));
        }

        _high = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _low = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    /// <summary>Gets the 32 bytes, most significant first.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, _high);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16), _low);
        return bytes;
    }

    /// <summary>Gets <c>0x</c> and 64 lower-case hexadecimal digits.</summary>
    public override string ToString() => "0x" + Convert.ToHexStringLower(ToArray());
}

internal static class LeafTree
{
    public const int LeafBytes = 128;

    public static TreeHash Root(ReadOnlySpan<byte> bytes)
    {
        int count = bytes.Length / LeafBytes;
        List<byte[]> level = [];
        for (int i = 0; i < (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count); i++)
        {
            byte[] leaf = i < count ? bytes.Slice(i * LeafBytes, LeafBytes).ToArray() : new byte[LeafBytes];
            level.Add(Sha3Keccack.Current.CalculateHash(leaf));
        }

        while (level.Count > 1)
        {
            level = [.. level.Chunk(2).Select(two => Sha3Keccack.Current.CalculateHash([.. two[0], .. two[1]]))];
        }

        return new TreeHash(level[0]);
    }
}
