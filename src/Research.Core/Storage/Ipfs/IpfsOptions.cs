namespace Research.Storage.Ipfs;

/// <summary>How a node or a gateway is asked.</summary>
public sealed record IpfsOptions
{
    private readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private readonly IReadOnlyList<IBlobStore> _names = [];

    /// <summary>Gets for how long the network may be searched for one block: 1 s to 1 h; 30 s unless given.</summary>
    /// <remarks>
    /// IPFS never knows that something is absent, only that it was not found in this time. A transfer may take as much
    /// longer as its bytes take at 64 KiB a second.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is shorter or longer.</exception>
    public TimeSpan Patience
    {
        get => _patience;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1));
            _patience = value;
        }
    }

    /// <summary>Gets the stores whose named entries say under which CIDs blobs over 1 MiB are; none unless given.</summary>
    /// <remarks>
    /// The entry is <c>ipfs-</c> and the blob's hash, its bytes the CID's text. It is not trusted: what is found by it is
    /// hashed, so that a wrong one costs a search and nothing else. All of them are read, and all are written to: give a
    /// folder so that this machine knows, and a store that strangers read so that they do.
    /// </remarks>
    public IReadOnlyList<IBlobStore> Names
    {
        get => _names;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            _names = [.. value];
        }
    }

    /// <summary>Gets the Authorization header of each request, such as <c>Bearer …</c>; none unless given.</summary>
    /// <remarks>It is sent to the address given and to nobody else, and no message shows it.</remarks>
    public string? Authorization { get; init; }

    /// <summary>Gets who is told how far blobs have come; null for nobody.</summary>
    public IProgress<BlobProgress>? Progress { get; init; }

    /// <summary>Gets whether it is connected to on the public internet only; see
    /// <see cref="HttpStoreOptions.PublicOnly"/>. False unless given.</summary>
    public bool PublicOnly { get; init; }

    /// <summary>Gets the clock that deadlines run by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Shows neither the header nor anything in it.</summary>
    public override string ToString() => $"{nameof(IpfsOptions)} {{ Patience = {Patience}, Names = {Names.Count} }}";
}
