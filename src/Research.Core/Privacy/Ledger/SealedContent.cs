using System.Globalization;
using System.Text.Json;
using Research.Privacy.Accounting;

namespace Research.Privacy.Ledger;

/// <summary>What a sealed file holds: the artefact, and all that its charge needs, for a crash may come before it.</summary>
internal sealed record SealedContent
{
    private const int NameLength = 16;

    public required string Receipt { get; init; }

    public required string Kind { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required ReleasePurpose Purpose { get; init; }

    public required IReadOnlyList<PrivacyEvent> Plan { get; init; }

    public required bool IsNoiseSecret { get; init; }

    /// <summary>Gets each record's name, with the rows that it is charged for.</summary>
    public required Dictionary<UInt128, int> Records { get; init; }

    public required byte[] Artefact { get; init; }

    public byte[] Write()
    {
        using MemoryStream bytes = new(Artefact.Length + (Records.Count * (NameLength + 1)) + 1024);
        using BinaryWriter writer = new(bytes);
        using (MemoryStream header = new())
        {
            using (Utf8JsonWriter json = new(header))
            {
                json.WriteStartObject();
                json.WriteString("receipt", Receipt);
                json.WriteString("kind", Kind);
                json.WriteString("time", Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
                json.WriteString("purpose", Purpose.Text);
                json.WriteString("spec", Purpose.Specification);
                json.WriteNumber("round", Purpose.Round);
                json.WriteNumber("rounds", Purpose.Rounds);
                json.WriteBoolean("secretNoise", IsNoiseSecret);
                LedgerEvent.Write(json, "plan", Plan);
                json.WriteEndObject();
            }

            writer.Write7BitEncodedInt((int)header.Length);
            writer.Write(header.GetBuffer().AsSpan(0, (int)header.Length));
        }

        writer.Write7BitEncodedInt(Records.Count);
        foreach ((UInt128 name, int rows) in Records)
        {
            writer.Write((ulong)(name >> 64));
            writer.Write((ulong)name);
            writer.Write7BitEncodedInt(rows);
        }

        writer.Write7BitEncodedInt(Artefact.Length);
        writer.Write(Artefact);
        return bytes.ToArray();
    }

    /// <exception cref="FormatException">The bytes are no such content.</exception>
    public static SealedContent Read(byte[] bytes)
    {
        try
        {
            using BinaryReader reader = new(new MemoryStream(bytes));
            using JsonDocument json = JsonDocument.Parse(Bytes(reader, bytes.Length));
            JsonElement root = json.RootElement;
            Dictionary<UInt128, int> records = [];
            for (int count = Bounded(reader, bytes.Length / NameLength); count > 0; count--)
            {
                ulong high = reader.ReadUInt64();
                records.Add(new UInt128(high, reader.ReadUInt64()), Math.Max(1, reader.Read7BitEncodedInt()));
            }

            return new SealedContent
            {
                Receipt = root.GetProperty("receipt").GetString()!,
                Kind = root.GetProperty("kind").GetString()!,
                Time = DateTimeOffset.ParseExact(
                    root.GetProperty("time").GetString()!,
                    "O",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.RoundtripKind),
                Purpose = ReleasePurpose.Of(
                    root.GetProperty("purpose").GetString()!,
                    root.GetProperty("spec").GetString(),
                    root.GetProperty("round").GetInt32(),
                    root.GetProperty("rounds").GetInt32()),
                IsNoiseSecret = root.GetProperty("secretNoise").GetBoolean(),
                Plan = LedgerEvent.ReadPlan(root.GetProperty("plan")),
                Records = records,
                Artefact = Bytes(reader, bytes.Length),
            };
        }
        catch (Exception e) when (e is EndOfStreamException or JsonException or KeyNotFoundException
            or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"not a sealed artefact: {e.Message}", e);
        }
    }

    private static byte[] Bytes(BinaryReader reader, int most)
    {
        int length = Bounded(reader, most);
        byte[] bytes = reader.ReadBytes(length);
        return bytes.Length == length ? bytes : throw new EndOfStreamException("expected more bytes");
    }

    private static int Bounded(BinaryReader reader, int most)
    {
        int length = reader.Read7BitEncodedInt();
        return length >= 0 && length <= most
            ? length
            : throw new FormatException(FormattableString.Invariant($"expected a length of 0 to {most}, got {length}"));
    }
}
