using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Chain.Networks;
using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>A contract's events up to a block, as they are kept in a file: complete from <see cref="From"/> to <see cref="Tip"/>.</summary>
/// <remarks>
/// The file begins with the SHA-256 of the rest. Checkpoints are blocks with their hashes, ever farther apart the older they
/// are: where a chain was reorganised, the newest that still holds is what is gone back to.
/// </remarks>
internal sealed class LogBook(ulong chainId, Address address, ulong from)
{
    public const int MostBytes = 64 << 20;
    public const int MostLogs = 100_000;
    private const int MostCheckpoints = 64;
    private const int Dense = 16; // The newest so many checkpoints all stay.

    private static readonly string[] Fields = ["version", "chainId", "address", "from", "checkpoints", "logs"];
    private static readonly string[] CheckpointFields = ["block", "hash"];

    private readonly List<(ulong Block, Bytes32 Hash)> _checkpoints = [];
    private readonly List<EventLog> _logs = [];
    private long _bytes;

    public ulong ChainId => chainId;

    public Address Address => address;

    public ulong From => from;

    /// <summary>Gets the last block that is kept; null where none is.</summary>
    public ulong? Tip => _checkpoints.Count == 0 ? null : _checkpoints[^1].Block;

    public IReadOnlyList<(ulong Block, Bytes32 Hash)> Checkpoints => _checkpoints;

    public IReadOnlyList<EventLog> Logs => _logs;

    /// <summary>Adds all events of the blocks after <see cref="Tip"/> up to one; false where they are too many, and none is added.</summary>
    public bool TryAdd(Block tip, IReadOnlyList<EventLog> logs)
    {
        long bytes = logs.Sum(log => 600L + (2 * log.Data.Length)); // As JSON, at most.
        if (_logs.Count + logs.Count > MostLogs || _bytes + bytes > MostBytes - (1 << 20))
        {
            return false;
        }

        _bytes += bytes;
        _logs.AddRange(logs);
        _checkpoints.Add((tip.Number, tip.Hash));
        if (_checkpoints.Count > MostCheckpoints)
        {
            int old = _checkpoints.Count - Dense;
            (ulong, Bytes32)[] left = [.. _checkpoints.Where((_, i) => i >= old || i % 2 == 0)];
            _checkpoints.Clear();
            _checkpoints.AddRange(left);
        }

        return true;
    }

    /// <summary>Forgets the newest checkpoint, and the events after the one before.</summary>
    public void GoBack()
    {
        _checkpoints.RemoveAt(_checkpoints.Count - 1);
        _logs.RemoveAll(log => Tip is not ulong tip || log.BlockNumber > tip);
        _bytes = _logs.Sum(log => 600L + (2 * log.Data.Length));
    }

    public static LogBook Parse(ReadOnlyMemory<byte> file, ulong chainId, Address address)
    {
        const int HashBytes = 65; // 64 hex digits and a line's end.
        if (file.Length < HashBytes
            || Convert.ToHexStringLower(SHA256.HashData(file.Span[HashBytes..]))
                != System.Text.Encoding.ASCII.GetString(file.Span[..(HashBytes - 1)]))
        {
            throw new InvalidDataException("expected a SHA-256 and what hashes to it, got something else");
        }

        try
        {
            return StrictObject.Parse(file[HashBytes..], root => Read(root, chainId, address));
        }
        catch (ChainException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    public byte[] ToBytes()
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 1);
            json.WriteNumber("chainId", chainId);
            json.WriteString("address", address.ToString());
            json.WriteNumber("from", from);
            json.WriteStartArray("checkpoints");
            foreach ((ulong block, Bytes32 hash) in _checkpoints)
            {
                json.WriteStartObject();
                json.WriteNumber("block", block);
                json.WriteString("hash", hash.ToString());
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("logs");
            foreach (EventLog log in _logs)
            {
                ToJson(log).WriteTo(json);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        byte[] head = System.Text.Encoding.ASCII.GetBytes(
            Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan)) + "\n");
        return [.. head, .. buffer.WrittenSpan];
    }

    private static LogBook Read(JsonElement root, ulong chainId, Address address)
    {
        StrictObject file = new(root, "$", Fields);
        file.Whole("version", 1, 1);
        file.Whole("chainId", chainId, chainId);
        if (file.Account("address") != address)
        {
            throw new InvalidDataException($"$.address: expected {address}, got {file.Account("address")}.");
        }

        LogBook book = new(chainId, address, file.Whole("from", 0, long.MaxValue));
        foreach ((JsonElement item, string path) in file.Items("checkpoints", MostCheckpoints))
        {
            StrictObject one = new(item, path, CheckpointFields);
            ulong block = one.Whole("block", book.Tip + 1 ?? book.From, long.MaxValue);
            book._checkpoints.Add((block, one.Hash("hash")));
        }

        ulong last = book.From;
        foreach ((JsonElement item, string path) in file.Items("logs", MostLogs))
        {
            EventLog log = EventLog.Read(item);
            if (log.Address != address || log.BlockNumber < last || book.Tip is not ulong tip || log.BlockNumber > tip)
            {
                throw new InvalidDataException($"{path}: expected an event of {address} from block {last} to {book.Tip}, got another.");
            }

            last = log.BlockNumber;
            book._logs.Add(log);
            book._bytes += 600L + (2 * log.Data.Length);
        }

        return book;
    }

    private static JsonObject ToJson(EventLog log) => new()
    {
        ["address"] = log.Address.ToString(),
        ["topics"] = new JsonArray([.. log.Topics.Select(topic => JsonValue.Create(topic.ToString()))]),
        ["data"] = Hex.Encode(log.Data.Span),
        ["blockNumber"] = RpcJson.Quantity(log.BlockNumber),
        ["transactionHash"] = log.TransactionHash.ToString(),
        ["logIndex"] = RpcJson.Quantity(log.LogIndex),
    };
}
