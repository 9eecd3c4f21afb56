using System.Globalization;
using System.Security.Cryptography;
using Research.Federation.Trace;

namespace Research.Federation.Evaluation;

/// <summary>The files that open records: their names in a store, their sizes, and what they are held to.</summary>
internal static class RecordKeys
{
    /// <summary>The bytes of the sample's file for a pair: the opened key, then the hash of the other key's leaf.</summary>
    public const int SamplePairBytes = 2 * RecordFormat.KeyBytes;

    /// <summary>Gets the name of the keys of the half that is opened before anybody commits.</summary>
    public static string SampleName(TreeHash records) => $"keys-{Hex(records)}-sample";

    /// <summary>Gets the name of all keys.</summary>
    public static string AllName(TreeHash records) => $"keys-{Hex(records)}-all";

    /// <summary>Derives keys that say nothing of one another.</summary>
    /// <param name="secret">32 secret bytes.</param>
    /// <param name="count">How many.</param>
    /// <returns>The keys, [count, 32].</returns>
    public static byte[] Derive(ReadOnlySpan<byte> secret, int count)
    {
        byte[] keys = new byte[count * RecordFormat.KeyBytes];
        Span<byte> number = stackalloc byte[RecordFormat.KeyBytes];
        for (int i = 0; i < count; i++)
        {
            RecordHashes.Number((ulong)i, number);
            HMACSHA256.HashData(secret, number, keys.AsSpan(i * RecordFormat.KeyBytes, RecordFormat.KeyBytes));
        }

        return keys;
    }

    /// <summary>Copies the keys of some records.</summary>
    public static byte[] Select(ReadOnlySpan<byte> keys, ReadOnlySpan<int> records)
    {
        byte[] selected = new byte[records.Length * RecordFormat.KeyBytes];
        for (int i = 0; i < records.Length; i++)
        {
            keys.Slice(records[i] * RecordFormat.KeyBytes, RecordFormat.KeyBytes)
                .CopyTo(selected.AsSpan(i * RecordFormat.KeyBytes));
        }

        return selected;
    }

    /// <summary>Holds all keys to their root.</summary>
    /// <exception cref="InvalidDataException">They are too few, too many, or others.</exception>
    public static void Check(CommittedRecords committed, ReadOnlySpan<byte> keys, string source)
    {
        RequireBytes(committed.Count * RecordFormat.KeyBytes, keys.Length, $"{committed.Count} keys", source);
        RequireRoot(committed, RecordHashes.KeyRoot(keys), source);
    }

    /// <summary>Writes the sample's file: for each pair the opened key and the hash of the other key's leaf.</summary>
    /// <remarks>All leaf hashes follow from it, and so the root; of a key that scores it shows a hash only.</remarks>
    public static byte[] WriteSample(ReadOnlySpan<byte> keys, RecordChoice choice)
    {
        byte[] hashes = new byte[keys.Length];
        RecordHashes.KeyLeaves(keys, hashes);
        byte[] file = new byte[choice.Pairs * SamplePairBytes];
        for (int pair = 0; pair < choice.Pairs; pair++)
        {
            Span<byte> entry = file.AsSpan(pair * SamplePairBytes, SamplePairBytes);
            Key(keys, choice.Opened(pair)).CopyTo(entry);
            Key(hashes, choice.Scoring(pair)).CopyTo(entry[RecordFormat.KeyBytes..]);
        }

        return file;
    }

    /// <summary>Reads the sample's file from anybody.</summary>
    /// <returns>The opened keys, [R, 32].</returns>
    /// <exception cref="InvalidDataException">It is too short, too long, or does not lead to the root.</exception>
    public static byte[] ReadSample(
        CommittedRecords committed, RecordChoice choice, ReadOnlySpan<byte> file, string source)
    {
        RequireBytes(choice.Pairs * SamplePairBytes, file.Length, $"{choice.Pairs} keys with a hash each", source);
        byte[] opened = new byte[choice.Pairs * RecordFormat.KeyBytes];
        for (int pair = 0; pair < choice.Pairs; pair++)
        {
            Key(file, 2 * pair).CopyTo(opened.AsSpan(pair * RecordFormat.KeyBytes));
        }

        byte[] openedHashes = new byte[opened.Length];
        RecordHashes.KeyLeaves(opened, openedHashes);
        byte[] hashes = new byte[committed.Count * RecordFormat.KeyBytes];
        for (int pair = 0; pair < choice.Pairs; pair++)
        {
            Key(openedHashes, pair).CopyTo(hashes.AsSpan(choice.Opened(pair) * RecordFormat.KeyBytes));
            Key(file, (2 * pair) + 1).CopyTo(hashes.AsSpan(choice.Scoring(pair) * RecordFormat.KeyBytes));
        }

        RequireRoot(committed, RecordHashes.RootOf(hashes), source);
        return opened;
    }

    private static string Hex(TreeHash hash) => Convert.ToHexStringLower(hash.ToArray());

    private static ReadOnlySpan<byte> Key(ReadOnlySpan<byte> keys, int record) =>
        keys.Slice(record * RecordFormat.KeyBytes, RecordFormat.KeyBytes);

    private static void RequireBytes(int expected, int actual, string what, string source)
    {
        if (actual != expected)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"{source}: expected {expected} bytes, {what}; got {actual}."));
        }
    }

    private static void RequireRoot(CommittedRecords committed, TreeHash actual, string source)
    {
        if (actual != committed.Commitment.Keys)
        {
            throw new InvalidDataException(
                $"{source}: expected the root (keys) {committed.Commitment.Keys}, got {actual}.");
        }
    }
}
