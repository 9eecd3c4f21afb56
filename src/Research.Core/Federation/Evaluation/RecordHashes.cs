using System.Buffers.Binary;
using System.Numerics;
using Nethereum.Util;
using Research.Federation.Trace;

namespace Research.Federation.Evaluation;

/// <summary>What is hashed of records and keys, and how.</summary>
internal static class RecordHashes
{
    private const int Word = 32;

    /// <summary>Hashes by Keccak-256.</summary>
    public static void Keccak(ReadOnlySpan<byte> message, Span<byte> hash) =>
        Sha3Keccack.Current.CalculateHash(message.ToArray()).CopyTo(hash);

    /// <summary>Writes a number as 32 bytes, most significant first.</summary>
    public static void Number(ulong number, Span<byte> word)
    {
        word[..Word].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(word[(Word - sizeof(ulong))..], number);
    }

    /// <summary>Turns a record's plaintext into its ciphertext, or back: XOR with keccak256(key ‖ block).</summary>
    public static void Mask(ReadOnlySpan<byte> key, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        Span<byte> message = stackalloc byte[2 * Word];
        Span<byte> pad = stackalloc byte[Word];
        key.CopyTo(message);
        for (int block = 0; block * Word < source.Length; block++)
        {
            Number((ulong)block, message[Word..]);
            Keccak(message, pad);
            for (int i = 0; i < Word; i++)
            {
                destination[(block * Word) + i] = (byte)(source[(block * Word) + i] ^ pad[i]);
            }
        }
    }

    /// <summary>Hashes a key's leaf: the key, then 96 zero bytes.</summary>
    public static void KeyLeaf(ReadOnlySpan<byte> key, Span<byte> hash)
    {
        Span<byte> leaf = stackalloc byte[RecordFormat.LeafBytes];
        leaf.Clear();
        key.CopyTo(leaf);
        Keccak(leaf, hash);
    }

    /// <summary>Gets the root of the tree over keys, a leaf each.</summary>
    /// <param name="keys">The keys, [2R, 32].</param>
    public static TreeHash KeyRoot(ReadOnlySpan<byte> keys)
    {
        byte[] hashes = new byte[keys.Length];
        for (int at = 0; at < keys.Length; at += Word)
        {
            KeyLeaf(keys.Slice(at, Word), hashes.AsSpan(at, Word));
        }

        return RootOf(hashes);
    }

    /// <summary>Gets the root of the tree whose leaves hash to these.</summary>
    /// <param name="leafHashes">Hashes of leaves, [2R, 32].</param>
    public static TreeHash RootOf(ReadOnlySpan<byte> leafHashes)
    {
        int count = leafHashes.Length / Word;
        int padded = (int)BitOperations.RoundUpToPowerOf2((uint)count);
        byte[] level = new byte[padded * Word];
        leafHashes.CopyTo(level);
        Span<byte> empty = stackalloc byte[Word];
        KeyLeaf([], empty);
        for (int i = count; i < padded; i++)
        {
            empty.CopyTo(level.AsSpan(i * Word, Word));
        }

        for (int nodes = padded / 2; nodes >= 1; nodes /= 2)
        {
            for (int i = 0; i < nodes; i++)
            {
                Keccak(level.AsSpan(2 * i * Word, 2 * Word), level.AsSpan(i * Word, Word));
            }
        }

        return new TreeHash(level.AsSpan(0, Word));
    }
}
