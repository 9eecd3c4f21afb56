using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Research.Storage;

/// <summary>Bytes that go out in small pieces, each counted once it has gone; as they are, or as the one file of a
/// form.</summary>
internal sealed class UploadContent : HttpContent
{
    /// <summary>The size of a piece, in bytes.</summary>
    public const int PieceBytes = 64 << 10;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Action<int, long> _went;
    private readonly byte[] _head;
    private readonly byte[] _tail;

    /// <summary>Sends the bytes as they are.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="went">Hears of each piece: how many bytes it had, and how many went by then.</param>
    public UploadContent(ReadOnlyMemory<byte> bytes, Action<int, long> went)
        : this(bytes, went, [], [], new MediaTypeHeaderValue("application/octet-stream"))
    {
    }

    private UploadContent(
        ReadOnlyMemory<byte> bytes, Action<int, long> went, byte[] head, byte[] tail, MediaTypeHeaderValue type)
    {
        _bytes = bytes;
        _went = went;
        _head = head;
        _tail = tail;
        Headers.ContentType = type;
    }

    /// <summary>Sends the bytes as a form's only file (RFC 7578).</summary>
    /// <param name="file">The bytes.</param>
    /// <param name="went">Hears of each piece of the file.</param>
    public static UploadContent FormOf(ReadOnlyMemory<byte> file, Action<int, long> went)
    {
        // A boundary must not occur in the file (RFC 2046, 5.1.1): 128 bits that its author cannot have known.
        string boundary = $"research-{Guid.NewGuid():N}";
        byte[] head = Encoding.ASCII.GetBytes(
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"blob\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n");
        byte[] tail = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        MediaTypeHeaderValue type = new("multipart/form-data")
        {
            Parameters = { new NameValueHeaderValue("boundary", boundary) },
        };
        return new UploadContent(file, went, head, tail, type);
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_head, cancellationToken).ConfigureAwait(false);
        for (int from = 0; from < _bytes.Length; from += PieceBytes)
        {
            ReadOnlyMemory<byte> piece = _bytes.Slice(from, Math.Min(PieceBytes, _bytes.Length - from));
            await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            _went(piece.Length, from + piece.Length);
        }

        await stream.WriteAsync(_tail, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = (long)_head.Length + _bytes.Length + _tail.Length;
        return true;
    }
}
