using System.Security.Cryptography;
using System.Text;
using Research.Kernel.Messages;

namespace Research.Tests.Messages;

public sealed class MessageReaderTests
{
    private const string Header = """{"msg_id":"m","msg_type":"kernel_info_request","session":"s"}""";

    private static readonly byte[] Key = [.. "key"u8];

    private readonly MessageReader _reader = new(new MessageSigner(Key));

    [Fact]
    public void Read_SignedMessage_IsRequest()
    {
        Request request = _reader.Read("peer", Frames(Header, "{}", "{}", """{"code":"1"}"""));

        Assert.Equal(("peer", "m", "kernel_info_request"), (request.Identity, request.Id, request.Type));
        Assert.Equal("kernel_info_reply", request.ReplyType);
        Assert.Equal("1", request.Content.Code());
    }

    [Fact]
    public void Read_SameMessageTwice_IsRefused()
    {
        ReadOnlyMemory<byte>[] frames = Frames(Header, "{}", "{}", "{}");
        _reader.Read("peer", frames);

        Assert.Contains("received before", Refused(frames), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ReplayInUpperCase_IsRefused()
    {
        ReadOnlyMemory<byte>[] frames = Frames(Header, "{}", "{}", "{}");
        _reader.Read("peer", frames);
        frames[1] = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(frames[1].Span).ToUpperInvariant());

        Assert.Contains("received before", Refused(frames), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("zz00000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public void Read_WrongSignature_IsRefused(string signature)
    {
        ReadOnlyMemory<byte>[] frames = Frames(Header, "{}", "{}", "{}");
        frames[1] = Encoding.ASCII.GetBytes(signature);

        Assert.Contains("signature", Refused(frames), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EmptyKey_TakesAnySignature()
    {
        MessageReader reader = new(new MessageSigner([]));
        ReadOnlyMemory<byte>[] frames = Frames(Header, "{}", "{}", "{}");
        frames[1] = default;

        Assert.Equal("m", reader.Read("peer", frames).Id);
        Assert.Equal("m", reader.Read("peer", frames).Id);
    }

    [Theory]
    [InlineData("[]", "{}", "header: expected an object")]
    [InlineData("""{"msg_type":"x"}""", "{}", "msg_id: expected a string, got nothing")]
    [InlineData("""{"msg_id":1,"msg_type":"x"}""", "{}", "msg_id: expected a string, got Number")]
    [InlineData("""{"msg_id":"\ud800","msg_type":"x"}""", "{}", "msg_id: expected a string of whole characters")]
    [InlineData(Header, "[", "content: expected JSON")]
    [InlineData(Header, "1", "content: expected an object")]
    public void Read_SignedButMalformed_SaysWhat(string header, string content, string expected) =>
        Assert.Contains(expected, Refused(Frames(header, "{}", "{}", content)), StringComparison.Ordinal);

    [Fact]
    public void Read_ContentNestedTooDeep_IsRefused()
    {
        string deep = """{"a":""" + new string('[', 1000) + new string(']', 1000) + "}";

        Assert.Contains("content: expected JSON", Refused(Frames(Header, "{}", "{}", deep)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_InvalidUtf8_IsRefused()
    {
        byte[] header = [.. Encoding.UTF8.GetBytes(Header), 0xff];
        ReadOnlyMemory<byte>[] signed = [header, "{}"u8.ToArray(), "{}"u8.ToArray(), "{}"u8.ToArray()];

        Assert.Contains("UTF-8", Refused(Sign(signed)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FewFrames_IsRefused()
    {
        Assert.Contains("Expected <IDS|MSG>", Refused([]), StringComparison.Ordinal);
        Assert.Contains(
            "Expected <IDS|MSG>", Refused(["<IDS|MSG>"u8.ToArray(), "{}"u8.ToArray()]), StringComparison.Ordinal);
    }

    [Fact]
    public void Signatures_BeyondCapacity_ForgetTheOldest()
    {
        SeenSignatures seen = new(capacity: 2);
        byte[][] signatures = [.. Enumerable.Range(1, 3).Select(i => Encoding.ASCII.GetBytes($"{i:x64}"))];
        signatures = [.. signatures.Select(signature => (byte[])[.. signature.AsSpan(32), .. signature.AsSpan(0, 32)])];

        Assert.All(signatures, signature => Assert.True(seen.Add(signature)));
        Assert.False(seen.Add(signatures[2]));
        Assert.False(seen.Add(signatures[1]));
        Assert.True(seen.Add(signatures[0]));
    }

    private string Refused(ReadOnlyMemory<byte>[] frames) =>
        Assert.Throws<MessageException>(() => _reader.Read("peer", frames)).Message;

    private static ReadOnlyMemory<byte>[] Frames(params string[] signed) =>
        Sign([.. signed.Select(text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text))]);

    private static ReadOnlyMemory<byte>[] Sign(ReadOnlyMemory<byte>[] signed)
    {
        byte[] all = [.. signed.SelectMany(frame => frame.ToArray())];
        byte[] digest = HMACSHA256.HashData(Key, all);
        return ["<IDS|MSG>"u8.ToArray(), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(digest)), .. signed];
    }
}
