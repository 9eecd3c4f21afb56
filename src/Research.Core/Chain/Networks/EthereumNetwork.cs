namespace Research.Chain.Networks;

/// <summary>A chain that has a name: its number, who answers for it, and what it is like.</summary>
/// <param name="Name">Its name: lower-case letters, digits and hyphens.</param>
/// <param name="ChainId">Its number (EIP-155), which every node of it must say.</param>
/// <param name="Endpoints">Its nodes, in the order in which they are asked; 1 to 16.</param>
/// <param name="Explorer">Where hashes can be looked at; null for nowhere.</param>
/// <param name="Symbol">What its own currency is called.</param>
/// <param name="Confirmations">In how many blocks a transaction must lie before it counts; 1 to 1,000.</param>
/// <param name="IsEip1559">Whether it takes transactions of type 2 (EIP-1559), the only ones sent here.</param>
/// <param name="BlockSeconds">Seconds between two blocks, about; above 0, at most 3,600.</param>
/// <param name="IsTestnet">Whether its currency is worth nothing.</param>
/// <param name="Unsuited">Why tasks cannot be run there, in words; null where they can.</param>
public sealed record EthereumNetwork(
    string Name,
    ulong ChainId,
    IReadOnlyList<NetworkEndpoint> Endpoints,
    BlockExplorer? Explorer,
    string Symbol,
    int Confirmations,
    bool IsEip1559,
    double BlockSeconds,
    bool IsTestnet,
    string? Unsuited = null)
{
    /// <summary>Gets the addresses of its nodes, in order; those whose key the environment lacks are left out.</summary>
    /// <param name="variable">Gets an environment variable's value; null where it is not set.</param>
    /// <exception cref="InvalidDataException">None is left, or a value is no key; the message names the variables.</exception>
    public IReadOnlyList<Uri> Addresses(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        Uri[] found = [.. Endpoints.Select(endpoint => endpoint.Resolve(variable)).OfType<Uri>()];
        return found.Length > 0
            ? found
            : throw new InvalidDataException(
                $"The network {Name}: expected a key in the environment variable "
                + string.Join(" or ", Endpoints.SelectMany(endpoint => endpoint.Variables).Distinct(StringComparer.Ordinal))
                + ", got none: all of its endpoints want one.");
    }
}
