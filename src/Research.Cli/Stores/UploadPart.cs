using System.Security.Cryptography;

namespace Research.Cli.Stores;

/// <summary>The bytes of an upload so far: a file that grows, one request at a time.</summary>
internal sealed class UploadPart(UploadId upload, string path) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private CancellationTokenSource? _request;

    /// <summary>Gets which upload it is.</summary>
    public UploadId Upload { get; } = upload;

    /// <summary>Gets the file.</summary>
    public string Path { get; } = path;

    /// <summary>Gets or sets the file's length, in bytes.</summary>
    public long Size { get; set; }

    /// <summary>Gets or sets what the quota counts for it.</summary>
    public long Held { get; set; }

    /// <summary>Gets or sets when it was last written to; a timestamp of the server's clock.</summary>
    public long LastUsed { get; set; }

    /// <summary>Gets or sets the hash of its first <see cref="Hashed"/> bytes.</summary>
    public IncrementalHash? Hash { get; set; }

    /// <summary>Gets or sets how many bytes were hashed.</summary>
    public long Hashed { get; set; }

    /// <summary>Gets or sets whether it was thrown away, or has become a blob.</summary>
    public bool IsGone { get; set; }

    /// <summary>Takes the part if no request has it.</summary>
    public bool TryTake() => _turn.Wait(0, CancellationToken.None);

    /// <summary>Takes the part from the request that has it: its sender has a new one, so that one is dead.</summary>
    /// <param name="request">Is cancelled when a later request wants it.</param>
    /// <param name="patience">How long the other may take to let go.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<bool> TakeAsync(
        CancellationTokenSource request, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _request) is { } other)
        {
            try
            {
                await other.CancelAsync().ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                // It has just ended.
            }
        }

        if (!await _turn.WaitAsync(patience, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        Volatile.Write(ref _request, request);
        return true;
    }

    /// <summary>Lets the next request have it.</summary>
    public void Release()
    {
        Volatile.Write(ref _request, null);
        _turn.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => Hash?.Dispose(); // Not the semaphore: somebody may wait for it, to be told that it is gone.
}
