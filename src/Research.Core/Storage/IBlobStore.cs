namespace Research.Storage;

/// <summary>Content-addressed blobs, wherever they are: in a folder, behind HTTP, on IPFS, or in several of those.</summary>
/// <remarks>
/// A blob's name is the SHA-256 of its bytes, and every store hashes what it is about to return: nothing else comes back.
/// A named entry is found by a name that was agreed upon, because its hash is not known beforehand; it is written once and
/// never trusted: whoever reads it holds it to something.
/// </remarks>
public interface IBlobStore
{
    /// <summary>Gets what messages call the store: a folder, an address.</summary>
    string Name { get; }

    /// <summary>Gets whether anything can be stored here; false for what only reads.</summary>
    bool TakesWrites => true;

    /// <summary>Gets this store with those that a specification names behind it, where it is one that takes more.</summary>
    /// <param name="named">What the specification names.</param>
    IBlobStore WithNamed(IReadOnlyList<StoreAddress> named) => this;

    /// <summary>Gets a blob; null where the store does not have it.</summary>
    /// <param name="hash">Its name.</param>
    /// <param name="mostBytes">How many bytes it may have; no more are ever fetched.</param>
    /// <param name="cancellationToken">Stops fetching.</param>
    /// <exception cref="InvalidDataException">What the store gives under that name is something else, or has more
    /// bytes.</exception>
    /// <exception cref="StoreException">The store cannot be asked.</exception>
    Task<byte[]?> FindAsync(ContentHash hash, long mostBytes, CancellationToken cancellationToken = default);

    /// <summary>Stores a blob and returns its name; storing it again changes nothing.</summary>
    /// <exception cref="ArgumentException"><paramref name="content"/> is over <see cref="BlobLimits.MostBytes"/>.</exception>
    /// <exception cref="StoreException">The store did not take it.</exception>
    Task<ContentHash> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>Gets a named entry; null where the store has none.</summary>
    /// <param name="name">Its name; see <see cref="EntryName"/>.</param>
    /// <param name="mostBytes">How many bytes it may have.</param>
    /// <param name="check">Holds the bytes, which are anybody's, to what they must be: throws
    /// <see cref="InvalidDataException"/> where they are something else.</param>
    /// <param name="cancellationToken">Stops fetching.</param>
    /// <exception cref="InvalidDataException">What the store gives is not right, or has more bytes.</exception>
    /// <exception cref="StoreException">The store cannot be asked.</exception>
    Task<byte[]?> FindNamedAsync(
        string name,
        long mostBytes,
        Action<byte[]> check,
        CancellationToken cancellationToken = default);

    /// <summary>Stores an entry under a name, once: the same bytes again change nothing.</summary>
    /// <exception cref="ArgumentException"><paramref name="content"/> is too large, or the name is no name.</exception>
    /// <exception cref="StoreException">The store did not take it, or the name has other bytes already.</exception>
    Task PutNamedAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);
}
