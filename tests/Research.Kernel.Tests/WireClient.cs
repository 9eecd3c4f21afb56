using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Research.Tests;

/// <summary>A client written from the protocols' texts alone, with none of the kernel's code.</summary>
internal sealed class WireClient : IDisposable
{
    private readonly TcpClient _tcp;
    private readonly NetworkStream _stream;
    private readonly byte[] _key;

    private WireClient(int port, byte[] key)
    {
        // Timeouts only so that nothing waits for ever.
        _tcp = new TcpClient { NoDelay = true, ReceiveTimeout = 300_000, SendTimeout = 300_000 };
        _tcp.Connect(IPAddress.Loopback, port);
        _stream = _tcp.GetStream();
        _key = key;
    }

    public static byte[] Greeting
    {
        get
        {
            byte[] greeting = new byte[64];
            greeting[0] = 0xff;
            greeting[8] = 1;
            greeting[9] = 0x7f;
            greeting[10] = 3;
            "NULL"u8.CopyTo(greeting.AsSpan(12));
            return greeting;
        }
    }

    public NetworkStream Stream => _stream;

    public static WireClient Connect(int port, string socketType, string identity, byte[] key)
    {
        WireClient client = Raw(port, key);
        client.Write(Greeting);
        client.Write(Command(Ready(socketType, identity)));
        client.ReadExactly(64);
        (byte flags, byte[] ready) = client.ReadFrame();
        Assert.Equal(4, flags & 4);
        Assert.Equal("\u0005READY", Encoding.ASCII.GetString(ready, 0, 6));
        return client;
    }

    /// <summary>Connects without a handshake.</summary>
    public static WireClient Raw(int port, byte[]? key = null) => new(port, key ?? []);

    public static byte[] Ready(string socketType, string identity) =>
        [.. "\u0005READY"u8, .. Property("Socket-Type", socketType), .. Property("Identity", identity)];

    public static byte[] Command(byte[] body) => [4, (byte)body.Length, .. body];

    public static byte[] Message(params byte[][] frames)
    {
        List<byte> bytes = [];
        for (int i = 0; i < frames.Length; i++)
        {
            byte more = (byte)(i + 1 < frames.Length ? 1 : 0);
            if (frames[i].Length < 256)
            {
                bytes.AddRange([more, (byte)frames[i].Length]);
            }
            else
            {
                byte[] length = new byte[8];
                BinaryPrimitives.WriteInt64BigEndian(length, frames[i].Length);
                bytes.AddRange([(byte)(more | 2), .. length]);
            }

            bytes.AddRange(frames[i]);
        }

        return [.. bytes];
    }

    /// <summary>Makes the frames of a signed request.</summary>
    public byte[][] Request(string type, string content, out string id)
    {
        id = Guid.NewGuid().ToString();
        string header = $$"""
            {"msg_id":"{{id}}","session":"s","username":"u","date":"2026-01-01T00:00:00Z",
             "msg_type":"{{type}}","version":"5.4"}
            """;
        byte[][] signed = [.. ((string[])[header, "{}", "{}", content]).Select(Encoding.UTF8.GetBytes)];
        byte[] all = [.. signed.SelectMany(frame => frame)];
        byte[] digest = HMACSHA256.HashData(_key, all);
        return [[.. "<IDS|MSG>"u8], Encoding.ASCII.GetBytes(Convert.ToHexStringLower(digest)), .. signed];
    }

    /// <summary>Sends a request and gives its reply's type and content.</summary>
    public (string Type, JsonNode Content) Ask(string type, string content)
    {
        Write(Message(Request(type, content, out string id)));
        while (true)
        {
            (string replyType, JsonNode parent, JsonNode reply) = ReadJupyter();
            if ((string?)parent["msg_id"] == id)
            {
                return (replyType, reply);
            }
        }
    }

    /// <summary>Reads a Jupyter message; checks its signature.</summary>
    public (string Type, JsonNode Parent, JsonNode Content) ReadJupyter()
    {
        List<byte[]> frames = ReadMessage();
        int start = frames.FindIndex(frame => frame.AsSpan().SequenceEqual("<IDS|MSG>"u8));
        byte[] all = [.. frames.Skip(start + 2).Take(4).SelectMany(frame => frame)];
        byte[] digest = HMACSHA256.HashData(_key, all);
        Assert.Equal(Convert.ToHexStringLower(digest), Encoding.ASCII.GetString(frames[start + 1]));
        return (
            (string)JsonNode.Parse(frames[start + 2])!["msg_type"]!,
            JsonNode.Parse(frames[start + 3])!,
            JsonNode.Parse(frames[start + 5])!);
    }

    public List<byte[]> ReadMessage()
    {
        List<byte[]> frames = [];
        while (true)
        {
            (byte flags, byte[] body) = ReadFrame();
            frames.Add(body);
            if ((flags & 1) == 0)
            {
                return frames;
            }
        }
    }

    public (byte Flags, byte[] Body) ReadFrame()
    {
        byte flags = ReadExactly(1)[0];
        long size = (flags & 2) == 0
            ? ReadExactly(1)[0]
            : BinaryPrimitives.ReadInt64BigEndian(ReadExactly(8));
        return (flags, ReadExactly((int)size));
    }

    public void Write(byte[] bytes) => _stream.Write(bytes);

    public byte[] ReadExactly(int count)
    {
        byte[] bytes = new byte[count];
        _stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Tells whether the kernel ends the connection; what it still sends is read away.</summary>
    public bool IsEnded()
    {
        byte[] rest = new byte[4096];
        try
        {
            while (_stream.Read(rest) > 0)
            {
                // Greeting, READY or ERROR before the end.
            }

            return true;
        }
        catch (IOException exception) when (
            exception.InnerException is SocketException { SocketErrorCode: not SocketError.TimedOut })
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Dispose() => _tcp.Dispose();

    private static byte[] Property(string name, string value)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, value.Length);
        return [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), .. length, .. Encoding.ASCII.GetBytes(value)];
    }
}
