using System.Net;
using System.Net.Http.Headers;

namespace Research.Storage.Ipfs;

/// <summary>A form with one file (RFC 7578), written piece by piece, so that the deadline sees that it moves.</summary>
internal sealed class UploadContent : HttpContent
{
    private const int PieceBytes = 64 << 10;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly TransferDeadline _deadline;
    private readonly byte[] _head;
    private readonly byte[] _tail;

    public UploadContent(ReadOnlyMemory<byte> file, TransferDeadline deadline)
    {
        // A boundary must not occur in the file (RFC 2046, 5.1.1): 128 bits that its author cannot have known.
        string boundary = $"research-{Guid.NewGuid():N}";
        _file = file;
        _deadline = deadline;
        _head = System.Text.Encoding.ASCII.GetBytes(
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"blob\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n");
        _tail = System.Text.Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        Headers.ContentType = new MediaTypeHeaderValue("multipart/form-data")
        {
            Parameters = { new NameValueHeaderValue("boundary", boundary) },
        };
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_head, cancellationToken).ConfigureAwait(false);
        for (int start = 0; start < _file.Length; start += PieceBytes)
        {
            ReadOnlyMemory<byte> piece = _file.Slice(start, Math.Min(PieceBytes, _file.Length - start));
            await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            _deadline.Passed(piece.Length);
        }

        await stream.WriteAsync(_tail, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = (long)_head.Length + _file.Length + _tail.Length;
        return true;
    }
}
