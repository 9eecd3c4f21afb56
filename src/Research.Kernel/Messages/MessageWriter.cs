using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Research.Kernel.Messages;

/// <summary>Turns what the kernel says into signed frames.</summary>
internal sealed class MessageWriter(MessageSigner signer, TimeProvider time)
{
    /// <summary>The version of the protocol that is spoken.</summary>
    public const string ProtocolVersion = "5.4";

    // Front ends parse JSON; nothing is pasted into a page, so that no more than JSON asks for is escaped.
    private static readonly JsonWriterOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly string _session = Guid.NewGuid().ToString();
    private long _count;

    /// <summary>Gets the frames of a message.</summary>
    /// <param name="route">What comes before the delimiter: a topic, or nothing.</param>
    /// <param name="type">The <c>msg_type</c>.</param>
    /// <param name="parent">What it answers, or null.</param>
    /// <param name="content">What it says.</param>
    /// <param name="metadata">Notes about it, or null.</param>
    /// <param name="buffers">Binary data beside the content, or null.</param>
    public IReadOnlyList<ReadOnlyMemory<byte>> Write(
        ReadOnlyMemory<byte>? route,
        string type,
        Request? parent,
        JsonObject content,
        JsonObject? metadata = null,
        IReadOnlyList<ReadOnlyMemory<byte>>? buffers = null)
    {
        ReadOnlyMemory<byte>[] signed =
        [
            Header(type),
            parent?.Header ?? "{}"u8.ToArray(),
            metadata is null ? "{}"u8.ToArray() : Serialize(metadata),
            Serialize(content),
        ];
        List<ReadOnlyMemory<byte>> frames = new(8);
        if (route is { } first)
        {
            frames.Add(first);
        }

        frames.Add(MessageReader.Delimiter.ToArray());
        frames.Add(signer.Sign(signed));
        frames.AddRange(signed);
        frames.AddRange(buffers ?? []);
        return frames;
    }

    private byte[] Header(string type)
    {
        ArrayBufferWriter<byte> buffer = new(256);
        using Utf8JsonWriter writer = new(buffer, Relaxed);
        writer.WriteStartObject();
        writer.WriteString("msg_id"u8, $"{_session}_{Interlocked.Increment(ref _count)}");
        writer.WriteString("session"u8, _session);
        writer.WriteString("username"u8, "kernel"u8);
        writer.WriteString("date"u8, time.GetUtcNow().UtcDateTime);
        writer.WriteString("msg_type"u8, type);
        writer.WriteString("version"u8, ProtocolVersion);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Serialize(JsonObject json)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using Utf8JsonWriter writer = new(buffer, Relaxed);
        json.WriteTo(writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
