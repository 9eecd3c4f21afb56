using System.CommandLine;
using Research.Chain.Networks;
using Research.Cli.Commands;

namespace Research.Cli.Tasks;

/// <summary>What is known of the chain that a node speaks for: its symbol, its explorer.</summary>
internal static class ChainNetwork
{
    /// <summary>Finds it: the network that was named, else the user's own or a well-known one of that number.</summary>
    /// <param name="named">The network that was named; null where a node's address was.</param>
    /// <param name="chainId">The chain's number, as its node says.</param>
    /// <param name="notices">Told where the user's own list cannot be read; the well-known ones serve then.</param>
    public static EthereumNetwork? Find(EthereumNetwork? named, ulong chainId, IProgress<string>? notices)
    {
        if (named is not null)
        {
            return named;
        }

        try
        {
            return NetworkList.Load().Find(chainId);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            notices?.Report($"{e.Message} It is not used.");
            return NetworkList.WellKnown.Find(chainId);
        }
    }

    /// <summary>Finds that of a command line that was read before, and whose node gave a chain's number.</summary>
    public static EthereumNetwork? Find(ParseResult parse, ulong chainId) => Find(
        NodeOption.NameIn(parse) is string name
        && NetworkList.Load().Find(name) is { } named
        && named.ChainId == chainId
            ? named
            : null,
        chainId,
        notices: null);
}
