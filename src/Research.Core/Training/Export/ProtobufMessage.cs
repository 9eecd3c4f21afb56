using Google.Protobuf;

namespace Research.Training.Export;

/// <summary>
/// A protobuf message whose fields are given by number, written in the order in which they were added.
/// </summary>
/// <remarks>
/// Wire format: protobuf.dev, "Encoding". Numbers are varints, and texts, messages and arrays carry their length. A
/// message must be complete when it is added to another.
/// </remarks>
internal sealed class ProtobufMessage
{
    private readonly List<Action<CodedOutputStream>> _fields = [];

    /// <summary>Gets the length in bytes.</summary>
    public long Length { get; private set; }

    public ProtobufMessage Add(int field, long value) => Add(
        CodedOutputStream.ComputeTagSize(field) + CodedOutputStream.ComputeInt64Size(value),
        stream =>
        {
            stream.WriteTag(field, WireFormat.WireType.Varint);
            stream.WriteInt64(value);
        });

    public ProtobufMessage Add(int field, float value) => Add(
        CodedOutputStream.ComputeTagSize(field) + sizeof(float),
        stream =>
        {
            stream.WriteTag(field, WireFormat.WireType.Fixed32);
            stream.WriteFloat(value);
        });

    public ProtobufMessage Add(int field, string text) => Add(
        CodedOutputStream.ComputeTagSize(field) + CodedOutputStream.ComputeStringSize(text),
        stream =>
        {
            stream.WriteTag(field, WireFormat.WireType.LengthDelimited);
            stream.WriteString(text);
        });

    public ProtobufMessage Add(int field, ProtobufMessage message) => Add(field, message.Length, message.WriteTo);

    /// <summary>Adds little-endian numbers back to back: a <c>bytes</c> field.</summary>
    public ProtobufMessage Add(int field, ReadOnlyMemory<float> numbers) => Add(
        field,
        (long)numbers.Length * sizeof(float),
        stream =>
        {
            foreach (float number in numbers.Span)
            {
                stream.WriteFloat(number);
            }
        });

    /// <inheritdoc cref="Add(int, ReadOnlyMemory{float})"/>
    public ProtobufMessage Add(int field, ReadOnlyMemory<long> numbers) => Add(
        field,
        (long)numbers.Length * sizeof(long),
        stream =>
        {
            foreach (long number in numbers.Span)
            {
                stream.WriteSFixed64(number);
            }
        });

    /// <summary>Writes the message.</summary>
    /// <exception cref="NotSupportedException">It is longer than an array may be, just under protobuf's 2 GiB; nothing
    /// was allocated.</exception>
    public byte[] ToArray()
    {
        if (Length > Array.MaxLength)
        {
            throw new NotSupportedException(
                $"Expected a message of at most {Array.MaxLength} bytes (protobuf ends at 2 GiB), got {Length}.");
        }

        byte[] bytes = new byte[Length];
        using CodedOutputStream stream = new(bytes);
        WriteTo(stream);
        stream.CheckNoSpaceLeft();
        return bytes;
    }

    private ProtobufMessage Add(int field, long length, Action<CodedOutputStream> write) => Add(
        CodedOutputStream.ComputeTagSize(field) + CodedOutputStream.ComputeInt64Size(length) + length,
        stream =>
        {
            stream.WriteTag(field, WireFormat.WireType.LengthDelimited);
            stream.WriteLength((int)length);
            write(stream);
        });

    private ProtobufMessage Add(long length, Action<CodedOutputStream> write)
    {
        Length += length;
        _fields.Add(write);
        return this;
    }

    private void WriteTo(CodedOutputStream stream)
    {
        foreach (Action<CodedOutputStream> write in _fields)
        {
            write(stream);
        }
    }
}
