using System.Globalization;
using System.Text.Json;

namespace Research.Chain;

/// <summary>What a whole state file of anvil's says about its chain.</summary>
/// <param name="BlockNumber">The newest block's number.</param>
/// <param name="GenesisTime">The first block's time in Unix seconds; null where the file does not hold it.</param>
internal readonly record struct ChainState(ulong BlockNumber, ulong? GenesisTime)
{
    private const int LongestToken = 64 << 20;

    // As deep as anvil's own reader goes (serde_json's).
    private static readonly JsonReaderOptions Json = new() { MaxDepth = 128 };

    /// <summary>Reads a file from end to end, a piece at a time.</summary>
    /// <exception cref="InvalidDataException">It is no state file, or not a whole one; the message says why, as the
    /// end of a sentence about the file.</exception>
    public static async Task<ChainState> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        Reading reading = new();
        JsonReaderState state = new(Json);
        byte[] buffer = new byte[64 << 10];
        int filled = 0;
        bool isLast = false;
        try
        {
            while (!isLast)
            {
                if (filled == buffer.Length)
                {
                    Array.Resize(ref buffer, Larger(buffer.Length)); // A token does not fit: a contract's code.
                }

                int count = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
                isLast = count == 0;
                filled += count;
                int used = Consume(buffer.AsSpan(0, filled), isLast, reading, ref state);
                buffer.AsSpan(used, filled - used).CopyTo(buffer);
                filled -= used;
            }
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                isLast ? "it ends in the middle or is no JSON" : $"it is no JSON from line {e.LineNumber + 1} on", e);
        }

        return reading.ToState();
    }

    private static int Larger(int length) => length < LongestToken
        ? length * 2
        : throw new InvalidDataException($"it holds a text of more than {LongestToken} bytes");

    private static int Consume(ReadOnlySpan<byte> bytes, bool isLast, Reading reading, ref JsonReaderState state)
    {
        Utf8JsonReader json = new(bytes, isLast, state);
        while (json.Read())
        {
            reading.Next(ref json);
        }

        state = json.CurrentState;
        return (int)json.BytesConsumed;
    }

    // Where in the document it is: the names of the properties that lead there, as far as they matter.
    private sealed class Reading
    {
        private const int DepthOfHeader = 4; // Within the document, "blocks", a block and its "header".

        private readonly string?[] _names = new string?[DepthOfHeader + 1];
        private bool _hasAccounts;
        private bool _headerIsFirst;
        private ulong? _headerTime;
        private ulong? _number;
        private ulong? _best;
        private ulong? _genesisTime;

        public void Next(ref Utf8JsonReader json)
        {
            int depth = json.CurrentDepth;
            if (depth == 0 && json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.EndObject))
            {
                throw new InvalidDataException("it is no saved chain");
            }

            if (json.TokenType == JsonTokenType.PropertyName)
            {
                if (depth <= DepthOfHeader)
                {
                    _names[depth] = json.ValueSpan.Length <= 32 ? json.GetString() : null;
                }
            }
            else if (depth == 1)
            {
                _hasAccounts |= _names[1] == "accounts" && json.TokenType == JsonTokenType.StartObject;
                _best = _names[1] == "best_block_number" ? Number(ref json) ?? _best : _best;
            }
            else if (depth == 2 && _names[1] == "block")
            {
                _number = _names[2] == "number" ? Number(ref json) : _number;
            }
            else if (_names[1] == "blocks" && depth >= DepthOfHeader - 1 && _names[3] == "header")
            {
                Header(ref json, depth);
            }
        }

        // A file that an older version wrote may hold one first block for each start; the true one is the oldest.
        private void Header(ref Utf8JsonReader json, int depth)
        {
            if (depth == DepthOfHeader)
            {
                _headerIsFirst |= _names[DepthOfHeader] == "number" && Number(ref json) == 0;
                _headerTime = _names[DepthOfHeader] == "timestamp" ? Number(ref json) : _headerTime;
            }
            else if (depth == DepthOfHeader - 1 && json.TokenType == JsonTokenType.EndObject)
            {
                if (_headerIsFirst && _headerTime is ulong time && (_genesisTime is not ulong oldest || time < oldest))
                {
                    _genesisTime = time;
                }

                _headerIsFirst = false;
                _headerTime = null;
            }
        }

        // anvil writes quantities in both ways.
        private static ulong? Number(ref Utf8JsonReader json)
        {
            if (json.TokenType == JsonTokenType.Number && json.TryGetUInt64(out ulong number))
            {
                return number;
            }

            return json.TokenType == JsonTokenType.String
                && json.ValueSpan.Length is > 2 and <= 18
                && json.GetString() is string text
                && text.StartsWith("0x", StringComparison.Ordinal)
                && ulong.TryParse(
                    text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
                ? number
                : null;
        }

        // anvil reads the numbers one after another while it mines: where they differ, it was between two blocks.
        public ChainState ToState() => (_hasAccounts, _number, _best) switch
        {
            (true, ulong number, null) => new ChainState(number, _genesisTime),
            (true, ulong number, ulong best) when number == best => new ChainState(best, _genesisTime),
            (true, ulong number, ulong best) => throw new InvalidDataException(
                string.Create(CultureInfo.InvariantCulture, $"it is half at block {number} and half at block {best}")),
            _ => throw new InvalidDataException("it is no saved chain"),
        };
    }
}
