namespace Research.Storage;

/// <summary>How far a blob has come on its way from or to a store.</summary>
/// <param name="Store">The store's <see cref="IBlobStore.Name"/>.</param>
/// <param name="Hash">The blob.</param>
/// <param name="Direction">Which way it goes.</param>
/// <param name="Done">Bytes that went so far; fewer again where a store has lost some.</param>
/// <param name="Total">Bytes of all; null where the store does not say.</param>
public sealed record BlobProgress(string Store, ContentHash Hash, BlobDirection Direction, long Done, long? Total);
