namespace Research.Storage.Ipfs;

/// <summary>A link from an inner node of a file to what comes next in it.</summary>
/// <param name="Cid">The block below.</param>
/// <param name="FileBytes">How many bytes of the file are below.</param>
/// <param name="TotalBytes">The bytes of all blocks below, as dag-pb's Tsize: a hint that nothing relies on.</param>
internal readonly record struct UnixFsLink(Cid Cid, long FileBytes, long TotalBytes);
