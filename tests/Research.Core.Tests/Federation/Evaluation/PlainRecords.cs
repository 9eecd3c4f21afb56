using System.Numerics;
using Nethereum.Util;

namespace Research.Tests.Federation.Evaluation;

/// <summary>contracts/SCORING.md, "Evaluation records", read once more: slow, with nothing of the library.</summary>
internal static class PlainRecords
{
    public static byte[] Keccak(params IEnumerable<byte> message) =>
        new Sha3Keccack().CalculateHash(message.ToArray());

    public static byte[] Word(BigInteger number)
    {
        byte[] bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }

    public static byte[] Root(byte[] leaves)
    {
        List<byte[]> level = [.. leaves.Chunk(128).Select(leaf => Keccak(leaf))];
        while (!BitOperations.IsPow2(level.Count))
        {
            level.Add(Keccak(new byte[128]));
        }

        while (level.Count > 1)
        {
            level = [.. level.Chunk(2).Select(two => Keccak([.. two[0], .. two[1]]))];
        }

        return level[0];
    }

    public static byte[] KeyRoot(byte[] keys) =>
        Root([.. keys.Chunk(32).SelectMany(key => (byte[])[.. key, .. new byte[96]])]);

    /// <summary>Decodes a record into its numbers, label last.</summary>
    public static int[] Decode(byte[] record, byte[] key, int size)
    {
        byte[] plain = [.. record.Chunk(32).SelectMany((block, b) =>
            block.Zip(Keccak([.. key, .. Word(b)]), (one, pad) => (byte)(one ^ pad)))];
        return [.. Enumerable.Range(0, size + 1).Select(i => (int)(short)((plain[2 * i] << 8) | plain[(2 * i) + 1]))];
    }

    public static int Bit(byte[] blockHash, ulong task, int round, int pair)
    {
        byte[] seed = Keccak([.. blockHash, .. Word(task), .. Word(round)]);
        BigInteger hash = new(Keccak([.. seed, .. Word(pair / 256)]), isUnsigned: true);
        return (int)((hash >> (pair % 256)) & 1);
    }
}
