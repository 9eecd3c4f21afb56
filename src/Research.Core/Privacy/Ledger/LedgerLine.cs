using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Research.Privacy.Ledger;

/// <summary>
/// The bytes of one line: JSON with members in one order, no spaces, shortest round-trip numbers, its hash last.
/// </summary>
/// <remarks>
/// What a line is read into is written again and must give the same bytes, so a line has one form only.
/// </remarks>
internal static class LedgerLine
{
    private const string HashMember = ",\"hash\":\"";
    private const int HashLength = 64;
    private const string RenyiFilterKind = "renyi";
    private const string GaussianFilterKind = "gaussian";

    /// <summary>Writes the header, hashed.</summary>
    public static byte[] Write(LedgerHeader header) => Seal(json =>
    {
        json.WriteString("format", LedgerHeader.CurrentFormat);
        json.WriteString("time", Text(header.Time));
        json.WriteNumber("epsilonCap", header.EpsilonCap);
        json.WriteNumber("delta", header.Delta);
        json.WriteString("neighbours", LedgerHeader.Neighbours);
        json.WriteStartObject("filter");
        json.WriteString("kind", header.Filter == LedgerFilter.Gaussian ? GaussianFilterKind : RenyiFilterKind);
        if (header.Order is double order)
        {
            json.WriteNumber("order", order);
        }

        json.WriteEndObject();
        json.WriteString("key", header.Key);
    });

    /// <summary>Writes an entry, hashed.</summary>
    public static byte[] Write(LedgerEntry entry) => Seal(json =>
    {
        json.WriteNumber("sequence", entry.Sequence);
        json.WriteString("time", Text(entry.Time));
        json.WriteString("purpose", entry.Purpose.Text);
        if (entry.Purpose.Specification is string specification)
        {
            json.WriteString("spec", specification);
            json.WriteNumber("round", entry.Purpose.Round);
            json.WriteNumber("rounds", entry.Purpose.Rounds);
            json.WriteBoolean("reserved", entry.IsReserved);
        }

        LedgerEvent.Write(json, "plan", entry.Plan);
        if (entry.Receipt is not null)
        {
            json.WriteString("receipt", entry.Receipt);
        }

        if (!entry.IsNoiseSecret)
        {
            json.WriteBoolean("secretNoise", false);
        }

        json.WriteNumber("epsilon", entry.Epsilon);
        json.WriteBase64String("records", entry.Records);
        json.WriteString("previous", entry.Previous);
    });

    /// <summary>Reads a header.</summary>
    /// <param name="line">Its bytes, without line feed.</param>
    /// <param name="problem">How the bytes differ from what the values would be written as, or null.</param>
    /// <exception cref="FormatException">It is not one; the message says how.</exception>
    public static LedgerHeader ReadHeader(ReadOnlySpan<byte> line, out string? problem) =>
        Read(line, out problem, Write, json => new LedgerHeader
        {
            Time = CheckFormat(json),
            EpsilonCap = json.GetProperty("epsilonCap").GetDouble(),
            Delta = json.GetProperty("delta").GetDouble(),
            Filter = json.GetProperty("filter").GetProperty("kind").GetString() == GaussianFilterKind
                ? LedgerFilter.Gaussian
                : LedgerFilter.Renyi,
            Order = json.GetProperty("filter").TryGetProperty("order", out JsonElement order)
                ? order.GetDouble()
                : null,
            Key = json.GetProperty("key").GetString()!,
            Hash = json.GetProperty("hash").GetString()!,
        });

    /// <summary>Reads an entry; whether its values are right is for the caller to say.</summary>
    /// <param name="line">Its bytes, without line feed.</param>
    /// <param name="problem">How the bytes differ from what the values would be written as, or null.</param>
    /// <exception cref="FormatException">It is not one; the message says how.</exception>
    public static LedgerEntry ReadEntry(ReadOnlySpan<byte> line, out string? problem) =>
        Read(line, out problem, Write, json => new LedgerEntry
        {
            Sequence = json.GetProperty("sequence").GetInt32(),
            Time = Time(json.GetProperty("time")),
            Purpose = Purpose(json),
            IsReserved = json.TryGetProperty("reserved", out JsonElement reserved) && reserved.GetBoolean(),
            Plan = LedgerEvent.ReadPlan(json.GetProperty("plan")),
            Receipt = json.TryGetProperty("receipt", out JsonElement receipt) ? receipt.GetString() : null,
            IsNoiseSecret = !json.TryGetProperty("secretNoise", out JsonElement secret) || secret.GetBoolean(),
            Epsilon = json.GetProperty("epsilon").GetDouble(),
            Records = json.GetProperty("records").GetBytesFromBase64(),
            Previous = json.GetProperty("previous").GetString()!,
            Hash = json.GetProperty("hash").GetString()!,
        });

    /// <summary>
    /// Says whether a file holds no more than the beginning of a header: nothing was ever charged there.
    /// </summary>
    public static bool IsUnfinishedHeader(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> start = Encoding.ASCII.GetBytes($"{{\"format\":\"{LedgerHeader.CurrentFormat}\"");
        int common = Math.Min(start.Length, bytes.Length);
        return bytes.IndexOf((byte)'\n') < 0 && bytes[..common].SequenceEqual(start[..common]) && !IsWhole(bytes);
    }

    /// <summary>Gets the hash at the end of a line written by this class.</summary>
    public static string HashOf(ReadOnlySpan<byte> line) =>
        Encoding.ASCII.GetString(line[^(HashLength + 2)..^2]);

    private static bool IsWhole(ReadOnlySpan<byte> line)
    {
        try
        {
            ReadHeader(line, out string? problem);
            return problem is null;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static DateTimeOffset CheckFormat(JsonElement json) => json.GetProperty("format").GetString() switch
    {
        LedgerHeader.CurrentFormat => Time(json.GetProperty("time")),
        LedgerHeader.FirstFormat => throw new FormatException(
            $"expected the format {LedgerHeader.CurrentFormat}, the ledger of an owner, got "
            + $"{LedgerHeader.FirstFormat}, the ledger of one data set. Move the file away and keep it as a record of "
            + "what it spent; make a new ledger, with a cap that is lower by the epsilon that it shows if its records "
            + "are used again"),
        string other => throw new FormatException(
            $"expected the format {LedgerHeader.CurrentFormat}, got {other[..Math.Min(other.Length, 60)]}"),
        null => throw new FormatException($"expected the format {LedgerHeader.CurrentFormat}, got none"),
    };

    private static ReleasePurpose Purpose(JsonElement json) => json.TryGetProperty("spec", out JsonElement spec)
        ? ReleasePurpose.Of(
            json.GetProperty("purpose").GetString()!,
            spec.GetString() ?? throw new FormatException("spec: expected a hash"),
            json.GetProperty("round").GetInt32(),
            json.GetProperty("rounds").GetInt32())
        : ReleasePurpose.FromString(json.GetProperty("purpose").GetString()!);

    private static T Read<T>(
        ReadOnlySpan<byte> line, out string? problem, Func<T, byte[]> write, Func<JsonElement, T> read)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line.ToArray());
            T value = read(json.RootElement);
            problem = Difference(line, write(value));
            return value;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException or ArgumentException)
        {
            throw new FormatException($"not a ledger line: {e.Message}", e);
        }
    }

    private static string? Difference(ReadOnlySpan<byte> line, ReadOnlySpan<byte> expected)
    {
        if (line.SequenceEqual(expected))
        {
            return null;
        }

        int content = expected.Length - HashMember.Length - HashLength - 2;
        return line.Length == expected.Length && line[..content].SequenceEqual(expected[..content])
            ? $"hash: expected {HashOf(expected)} (of the line as it stands), got {HashOf(line)}: the line was changed"
            : "the line is not in the one form in which entries are written: it was changed";
    }

    private static byte[] Seal(Action<Utf8JsonWriter> writeMembers)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
        return [.. buffer.WrittenSpan[..^1], .. Encoding.ASCII.GetBytes($"{HashMember}{hash}\"}}")];
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(JsonElement json) => DateTimeOffset.ParseExact(
        json.GetString()!, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}
