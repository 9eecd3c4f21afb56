using System.Buffers.Binary;
using System.Text;

namespace Research.Kernel.Zmtp;

/// <summary>Greeting and <c>READY</c> of ZMTP 3.0 with the NULL mechanism (RFC 23/ZMTP).</summary>
internal static class ZmtpHandshake
{
    private const int GreetingBytes = 64;
    private const int LongestIdentity = 255;

    /// <summary>Gets what a server says first: version 3.0, mechanism NULL.</summary>
    public static byte[] Greeting
    {
        get
        {
            byte[] greeting = new byte[GreetingBytes];
            greeting[0] = 0xff;
            greeting[9] = 0x7f;
            greeting[10] = 3;
            "NULL"u8.CopyTo(greeting.AsSpan(12));
            return greeting;
        }
    }

    /// <summary>Makes the <c>READY</c> command.</summary>
    public static byte[] Ready(string socketType, ReadOnlySpan<byte> identity)
    {
        byte[] body = [.. "\x05READY"u8, .. Property("Socket-Type"u8, Encoding.ASCII.GetBytes(socketType)),
            .. Property("Identity"u8, identity)];
        return ZmtpFrame.EncodeCommand(body);
    }

    /// <summary>Makes the <c>ERROR</c> command, which tells a peer why its connection ends.</summary>
    public static byte[] Error(string reason) => ZmtpFrame.EncodeCommand(
        [.. "\x05ERROR"u8, (byte)reason.Length, .. Encoding.ASCII.GetBytes(reason)]);

    /// <summary>Reads the peer's greeting.</summary>
    public static void ReadGreeting(ZmtpReader reader)
    {
        Span<byte> greeting = stackalloc byte[GreetingBytes];
        reader.ReadExactly(greeting[..11]); // An older peer sends no more than this before it waits.
        if (greeting[0] != 0xff || (greeting[9] & 1) == 0 || greeting[10] < 3)
        {
            throw new ZmtpException("Expected the greeting of ZMTP 3.");
        }

        reader.ReadExactly(greeting[11..]);
        ReadOnlySpan<byte> mechanism = greeting.Slice(12, 20).TrimEnd((byte)0);
        if (!mechanism.SequenceEqual("NULL"u8))
        {
            throw new ZmtpException("Expected the NULL mechanism.");
        }
    }

    /// <summary>Reads the peer's <c>READY</c>.</summary>
    /// <returns>Its identity, perhaps empty.</returns>
    public static byte[] ReadReady(ZmtpReader reader, ZmtpSocketType own)
    {
        ZmtpFrame frame = reader.ReadFrame(0);
        if (!frame.IsCommand || !frame.Body.AsSpan().StartsWith("\x05READY"u8))
        {
            throw new ZmtpException("Expected READY.");
        }

        byte[] identity = [];
        bool accepted = false;
        ReadOnlySpan<byte> rest = frame.Body.AsSpan(6);
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> name = Take(ref rest, Take(ref rest, 1)[0]);
            ReadOnlySpan<byte> value = Take(ref rest, BinaryPrimitives.ReadUInt32BigEndian(Take(ref rest, 4)));
            if (Ascii.EqualsIgnoreCase(name, "Socket-Type"u8))
            {
                accepted = own.Accepts(value);
            }
            else if (Ascii.EqualsIgnoreCase(name, "Identity"u8))
            {
                identity = value.Length <= LongestIdentity
                    ? value.ToArray()
                    : throw new ZmtpException($"Expected an identity of at most {LongestIdentity} bytes.");
            }
        }

        return accepted ? identity : throw new ZmtpException($"Expected a peer of {own.Name}.");
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, uint count)
    {
        if (count > (uint)rest.Length)
        {
            throw new ZmtpException("Expected whole properties in READY.");
        }

        ReadOnlySpan<byte> taken = rest[..(int)count];
        rest = rest[(int)count..];
        return taken;
    }

    private static byte[] Property(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, value.Length);
        return [(byte)name.Length, .. name, .. length, .. value];
    }
}
