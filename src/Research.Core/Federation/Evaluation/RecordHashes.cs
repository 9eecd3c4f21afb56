using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Research.Federation.Trace;

namespace Research.Federation.Evaluation;

/// <summary>What is hashed of records and keys, and how.</summary>
internal static class RecordHashes
{
    /// <summary>The bytes of a key, of a block that it hides, and of a number beside it.</summary>
    public const int WordBytes = KeccakLanes.DigestBytes;

    private const int LeavesAtOnce = 1 << 10;

    /// <summary>Writes a number as 32 bytes, most significant first.</summary>
    public static void Number(ulong number, Span<byte> word)
    {
        word[..WordBytes].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(word[(WordBytes - sizeof(ulong))..], number);
    }

    /// <summary>Turns a record's plaintext into its ciphertext, or back: XOR with keccak256(key ‖ block).</summary>
    /// <param name="key">The key, 32 bytes.</param>
    /// <param name="source">Whole blocks of 32 bytes.</param>
    /// <param name="destination">Receives as many bytes.</param>
    public static void Mask(ReadOnlySpan<byte> key, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int blocks = source.Length / WordBytes;
        byte[] messages = new byte[blocks * KeccakLanes.PairBytes];
        for (int block = 0; block < blocks; block++)
        {
            Span<byte> message = messages.AsSpan(block * KeccakLanes.PairBytes, KeccakLanes.PairBytes);
            key.CopyTo(message);
            Number((ulong)block, message[WordBytes..]);
        }

        Span<byte> pad = messages.AsSpan(0, source.Length);
        KeccakLanes.HashPairs(messages, pad);
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = (byte)(source[i] ^ pad[i]);
        }
    }

    /// <summary>Hashes the leaf of each key: the key, then 96 zero bytes.</summary>
    /// <param name="keys">The keys, [m, 32].</param>
    /// <param name="hashes">Receives [m, 32].</param>
    public static void KeyLeaves(ReadOnlySpan<byte> keys, Span<byte> hashes)
    {
        int count = keys.Length / WordBytes;
        byte[] leaves = new byte[Math.Min(count, LeavesAtOnce) * KeccakLanes.LeafBytes];
        for (int start = 0; start < count; start += LeavesAtOnce)
        {
            int some = Math.Min(LeavesAtOnce, count - start);
            for (int i = 0; i < some; i++)
            {
                keys.Slice((start + i) * WordBytes, WordBytes).CopyTo(leaves.AsSpan(i * KeccakLanes.LeafBytes));
            }

            KeccakLanes.HashLeaves(
                leaves.AsSpan(0, some * KeccakLanes.LeafBytes), hashes.Slice(start * WordBytes, some * WordBytes));
        }
    }

    /// <summary>Gets the keys as their tree has them: each at the front of a leaf of its own.</summary>
    /// <param name="keys">The keys, [m, 32].</param>
    public static byte[] LeavesOf(ReadOnlySpan<byte> keys)
    {
        byte[] leaves = new byte[keys.Length / WordBytes * KeccakLanes.LeafBytes];
        for (int key = 0; key < keys.Length / WordBytes; key++)
        {
            keys.Slice(key * WordBytes, WordBytes).CopyTo(leaves.AsSpan(key * KeccakLanes.LeafBytes));
        }

        return leaves;
    }

    /// <summary>Gets the root of the tree over keys, a leaf each.</summary>
    /// <param name="keys">The keys, [2R, 32].</param>
    public static TreeHash KeyRoot(ReadOnlySpan<byte> keys)
    {
        byte[] hashes = new byte[keys.Length];
        KeyLeaves(keys, hashes);
        return RootOf(hashes);
    }

    /// <summary>Gets the root of the tree whose leaves hash to these.</summary>
    /// <param name="leafHashes">Hashes of leaves, [2R, 32]; overwritten.</param>
    public static TreeHash RootOf(Span<byte> leafHashes)
    {
        Span<TreeHash> nodes = MemoryMarshal.Cast<byte, TreeHash>(leafHashes);
        return TreeLevels.Reduce(nodes, 0, TreeLevels.Depth(nodes.Length));
    }
}
