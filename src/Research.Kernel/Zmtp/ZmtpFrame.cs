using System.Buffers.Binary;

namespace Research.Kernel.Zmtp;

/// <summary>One frame as it was read.</summary>
/// <param name="IsCommand">Whether it is a command rather than part of a message.</param>
/// <param name="HasMore">Whether another frame of the same message follows.</param>
/// <param name="Body">Its bytes.</param>
internal readonly record struct ZmtpFrame(bool IsCommand, bool HasMore, byte[] Body)
{
    public const byte MoreFlag = 1;
    public const byte LongFlag = 2;
    public const byte CommandFlag = 4;

    private const int LongestHeader = 9;

    /// <summary>Encodes a message as one block of bytes, so that it leaves in one write.</summary>
    public static byte[] Encode(IReadOnlyList<ReadOnlyMemory<byte>> message)
    {
        long total = 0;
        foreach (ReadOnlyMemory<byte> body in message)
        {
            total += LongestHeader + body.Length;
        }

        byte[] encoded = new byte[total];
        int position = 0;
        for (int i = 0; i < message.Count; i++)
        {
            byte flags = i + 1 < message.Count ? MoreFlag : (byte)0;
            position += Write(encoded.AsSpan(position), flags, message[i].Span);
        }

        Array.Resize(ref encoded, position);
        return encoded;
    }

    public static byte[] EncodeCommand(ReadOnlySpan<byte> body)
    {
        byte[] encoded = new byte[LongestHeader + body.Length];
        Array.Resize(ref encoded, Write(encoded, CommandFlag, body));
        return encoded;
    }

    private static int Write(Span<byte> target, byte flags, ReadOnlySpan<byte> body)
    {
        int header;
        if (body.Length <= byte.MaxValue)
        {
            target[0] = flags;
            target[1] = (byte)body.Length;
            header = 2;
        }
        else
        {
            target[0] = (byte)(flags | LongFlag);
            BinaryPrimitives.WriteInt64BigEndian(target[1..], body.Length);
            header = LongestHeader;
        }

        body.CopyTo(target[header..]);
        return header + body.Length;
    }
}
