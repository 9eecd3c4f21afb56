using System.Buffers.Binary;
using System.Text;

namespace Research.Tests.Training.Export;

/// <summary>One field of a protobuf message, read by the wire format alone (protobuf.dev, "Encoding").</summary>
internal readonly record struct ProtobufField(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    public IReadOnlyList<ProtobufField> Fields => Read(Bytes);

    /// <summary>Cuts a message into its fields; throws where it is not one.</summary>
    public static IReadOnlyList<ProtobufField> Read(ReadOnlyMemory<byte> message)
    {
        List<ProtobufField> fields = [];
        for (int at = 0; at < message.Length;)
        {
            ulong tag = Varint(message.Span, ref at);
            (ulong value, int length) = (tag & 7) switch
            {
                0 => (Varint(message.Span, ref at), 0),
                2 => (0ul, (int)Varint(message.Span, ref at)),
                5 => (BinaryPrimitives.ReadUInt32LittleEndian(message.Span[at..]), 4),
                _ => throw new InvalidDataException($"Wire type {tag & 7} at byte {at}."),
            };
            fields.Add(new ProtobufField((int)(tag >> 3), value, message.Slice(at, length)));
            at += length;
        }

        return fields;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            value |= (ulong)(bytes[at] & 0x7f) << shift;
            if (bytes[at++] < 0x80)
            {
                return value;
            }
        }
    }
}
