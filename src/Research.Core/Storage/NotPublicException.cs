namespace Research.Storage;

/// <summary>Thrown where a store that a stranger named is not on the public internet.</summary>
/// <param name="host">The host that was named.</param>
internal sealed class NotPublicException(string host) : IOException(
    $"{host} is on this machine or in its own network, where a store that a specification names is never asked. Name it "
    + "with --store if it is yours");
