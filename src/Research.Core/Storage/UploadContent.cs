using System.Net;

namespace Research.Storage;

/// <summary>Bytes that go out in small pieces, each counted once it has gone.</summary>
internal sealed class UploadContent : HttpContent
{
    /// <summary>The size of a piece, in bytes.</summary>
    public const int PieceBytes = 64 << 10;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Stall _stall;
    private readonly Action<long> _sent;

    public UploadContent(ReadOnlyMemory<byte> bytes, Stall stall, Action<long> sent)
    {
        _bytes = bytes;
        _stall = stall;
        _sent = sent;
        Headers.ContentType = new("application/octet-stream");
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        for (int from = 0; from < _bytes.Length; from += PieceBytes)
        {
            ReadOnlyMemory<byte> piece = _bytes.Slice(from, Math.Min(PieceBytes, _bytes.Length - from));
            await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            _stall.Count(piece.Length);
            _sent(from + piece.Length);
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }
}
