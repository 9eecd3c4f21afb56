using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Research.Federation.Aggregation;
using Research.Storage;
using Research.Training;
using Research.Training.Data;

namespace Research.Federation.Scoring;

/// <summary>
/// Held-out records on which updates are scored, fixed by a hash in the specification before anyone trains.
/// </summary>
/// <remarks>
/// The file carries a secret salt, so the hash hides even records that could be guessed; the sponsor keeps the file to
/// itself until the last commitment of the task is revealed, or else participants could train on it.
/// </remarks>
public sealed class EvaluationSet
{
    private const string Format = "research-evaluation/1";
    private const int SaltBytes = 32;

    private EvaluationSet(Dataset records, byte[] bytes)
    {
        Records = records;
        Bytes = bytes;
        Hash = ContentHash.Of(bytes);
    }

    /// <summary>Gets the records.</summary>
    public Dataset Records { get; }

    /// <summary>Gets the set as a safetensors file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Gets the SHA-256 of <see cref="Bytes"/>: the commitment.</summary>
    public ContentHash Hash { get; }

    /// <summary>Makes a set and its commitment.</summary>
    /// <param name="records">The held-out records.</param>
    /// <param name="salt">32 secret bytes; drawn here when left out.</param>
    public static EvaluationSet Create(Dataset records, ReadOnlySpan<byte> salt = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        if (!salt.IsEmpty && salt.Length != SaltBytes)
        {
            throw new ArgumentException($"Expected {SaltBytes} bytes; got {salt.Length}.", nameof(salt));
        }

        byte[] hidden = salt.IsEmpty ? RandomNumberGenerator.GetBytes(SaltBytes) : salt.ToArray();
        byte[] bytes = Safetensors.Write(
            [
                SafeTensor.Of("inputs", [records.Count, .. records.Shape], records.Inputs.Span),
                SafeTensor.Of("labels", [records.Count], records.Labels.Span),
            ],
            new Dictionary<string, string>
            {
                ["format"] = Format,
                ["classes"] = records.Classes.ToString(CultureInfo.InvariantCulture),
                ["salt"] = Convert.ToHexStringLower(hidden),
            });
        return new EvaluationSet(records, bytes);
    }

    /// <summary>Makes a set for each round of a task, of records of its own, each class dealt out evenly.</summary>
    /// <param name="records">The held-out records, in the order in which they are dealt.</param>
    /// <param name="rounds">How many rounds; at most as many as there are records.</param>
    /// <param name="salt">32 secret bytes from which each set's are derived; drawn here when left out.</param>
    public static IReadOnlyList<EvaluationSet> ForRounds(
        Dataset records, int rounds, ReadOnlySpan<byte> salt = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rounds, records.Count);
        byte[] hidden = salt.IsEmpty ? RandomNumberGenerator.GetBytes(SaltBytes) : salt.ToArray();
        List<int>[] dealt = [.. Enumerable.Range(0, rounds).Select(_ => new List<int>())];
        int next = 0;
        foreach (IGrouping<int, int> label in Enumerable.Range(0, records.Count).GroupBy(i => records.Labels.Span[i])
            .OrderBy(group => group.Key))
        {
            foreach (int record in label)
            {
                dealt[next++ % rounds].Add(record);
            }
        }

        return [.. dealt.Select((chosen, round) =>
        {
            chosen.Sort();
            byte[] own = SHA256.HashData([.. hidden, (byte)round, (byte)(round >> 8)]);
            return Create(records.Select(CollectionsMarshal.AsSpan(chosen)), own);
        })];
    }

    /// <summary>Reads a set and holds it to the specification's commitment.</summary>
    /// <exception cref="InvalidDataException">The bytes are not those committed to, or not an
    /// evaluation set.</exception>
    public static EvaluationSet Parse(ContentHash commitment, byte[] bytes, string source = "evaluation set")
    {
        ContentHash actual = ContentHash.Of(bytes);
        if (actual != commitment)
        {
            throw new InvalidDataException($"{source}: expected SHA-256 {commitment}, got {actual}.");
        }

        SafetensorsFile file = Safetensors.Read(bytes, source);
        IntegerTensors.CheckMetadata(file, "format", Format, source);
        Dataset records = ReadRecords(file, source);
        if (records.Count == 0)
        {
            throw new InvalidDataException($"{source}: expected one record or more, got none.");
        }

        return new EvaluationSet(records, bytes);
    }

    private static Dataset ReadRecords(SafetensorsFile file, string source)
    {
        string classes = file.Metadata.GetValueOrDefault("classes", "");
        if (!int.TryParse(classes, NumberStyles.None, CultureInfo.InvariantCulture, out int count))
        {
            throw new InvalidDataException($"{source}: metadata classes: expected a whole number, got '{classes}'.");
        }

        try
        {
            SafeTensor inputs = file["inputs"];
            return new Dataset(
                inputs.ToArray<float>(), file["labels"].ToArray<int>(), [.. inputs.Shape.Skip(1)], count);
        }
        catch (Exception malformed)
            when (malformed is ArgumentException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"{source}: {malformed.Message}", malformed);
        }
    }
}
