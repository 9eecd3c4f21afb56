namespace Research.Storage.Ipfs;

/// <summary>Who has blocks: a node or a gateway.</summary>
internal interface IBlockSource
{
    /// <summary>Gets what messages call it.</summary>
    string Name { get; }

    /// <summary>Gets a block whose bytes are those that its CID names; null where it was not found.</summary>
    /// <exception cref="InvalidDataException">It gives other bytes, or more than asked for.</exception>
    /// <exception cref="StoreException">It cannot be asked.</exception>
    Task<byte[]?> FindBlockAsync(Cid cid, long mostBytes, CancellationToken cancellationToken);
}
