namespace Research.Tests.Storage.Ipfs;

/// <summary>The tests that share two real nodes.</summary>
[CollectionDefinition(nameof(IpfsNodes))]
public sealed class IpfsNodes : ICollectionFixture<IpfsNodeFixture>;
