using System.Text.Json;
using System.Text.Unicode;

namespace Research.Kernel.Messages;

/// <summary>Turns frames into requests: checks the signature, refuses replays, then parses strictly.</summary>
internal sealed class MessageReader(MessageSigner signer)
{
    private const int SignedFrames = 4;
    private const int LongestHeader = 64 << 10;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 128 };

    private readonly SeenSignatures _seen = new();

    /// <summary>Gets what separates routing frames from the message.</summary>
    public static ReadOnlySpan<byte> Delimiter => "<IDS|MSG>"u8;

    /// <summary>Reads a request.</summary>
    /// <param name="identity">The peer that sent it.</param>
    /// <param name="frames">What it sent.</param>
    /// <exception cref="MessageException">It is not a message, not signed with the key, or was seen before.</exception>
    public Request Read(string identity, IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        int start = 0;
        while (start < frames.Count && !frames[start].Span.SequenceEqual(Delimiter))
        {
            start++;
        }

        if (frames.Count - start < 2 + SignedFrames)
        {
            throw new MessageException($"Expected <IDS|MSG>, a signature and 4 frames, got {frames.Count} frames.");
        }

        ReadOnlyMemory<byte>[] signed = [.. frames.Skip(start + 2).Take(SignedFrames)];
        Authenticate(frames[start + 1].Span, signed);
        JsonElement header = ParseObject("header", signed[0]);
        if (signed[0].Length > LongestHeader)
        {
            throw new MessageException($"Expected a header of at most {LongestHeader} bytes, got {signed[0].Length}.");
        }

        RequestContent fields = new(header);
        return new Request(
            identity,
            signed[0],
            fields.Text("msg_id"),
            fields.Text("msg_type"),
            new RequestContent(ParseObject("content", signed[3])),
            ParseObject("metadata", signed[2]),
            [.. frames.Skip(start + 2 + SignedFrames)]);
    }

    private void Authenticate(ReadOnlySpan<byte> signature, ReadOnlyMemory<byte>[] signed)
    {
        if (!signer.Verify(signature, signed))
        {
            throw new MessageException("Expected a signature made with the connection file's key.");
        }

        if (signer.IsOn && !_seen.Add(signature))
        {
            throw new MessageException("Expected a new message, got one that was received before.");
        }
    }

    private static JsonElement ParseObject(string name, ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span))
        {
            throw new MessageException($"{name}: expected UTF-8.");
        }

        try
        {
            // Never disposed: the request lives as long as what refers to it, and the collector takes it then.
            JsonElement root = JsonDocument.Parse(json, Strict).RootElement;
            return root.ValueKind == JsonValueKind.Object
                ? root
                : throw new MessageException($"{name}: expected an object, got {root.ValueKind}.");
        }
        catch (JsonException exception)
        {
            throw new MessageException($"{name}: expected JSON: {exception.Message}");
        }
    }
}
