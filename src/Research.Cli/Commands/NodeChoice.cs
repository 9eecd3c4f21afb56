using Research.Chain.Networks;

namespace Research.Cli.Commands;

/// <summary>Who is asked for a chain, and which chain that must be.</summary>
/// <param name="Endpoints">The nodes' addresses, in order; at least one. They may hold keys.</param>
/// <param name="Network">The network that was named; null where an address was.</param>
internal sealed record NodeChoice(IReadOnlyList<Uri> Endpoints, EthereumNetwork? Network)
{
    /// <summary>Throws where transactions cannot be sent there.</summary>
    /// <exception cref="CommandException">They cannot.</exception>
    public void RequireSending()
    {
        if (Network is { IsEip1559: false })
        {
            throw new CommandException(
                $"--network: expected a chain that takes transactions of type 2 (EIP-1559), {Network.Name} takes only older ones, "
                + "which are not sent here. Nothing was sent.");
        }

        if (Network?.Unsuited is string why)
        {
            throw new CommandException($"--network: tasks cannot be run on {Network.Name}: {why}. Nothing was sent.");
        }
    }
}
