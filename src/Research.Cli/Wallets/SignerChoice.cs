using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;

namespace Research.Cli.Wallets;

/// <summary>A program that signs for one command and keeps its keys to itself.</summary>
/// <param name="Endpoint">Where it listens.</param>
/// <param name="Account">Which of its accounts; null for its only one.</param>
internal sealed record SignerChoice(Uri Endpoint, Address? Account)
{
    /// <summary>Asks it for its accounts.</summary>
    /// <exception cref="CommandException">It does not hold the account, or more than one and none was named, or
    /// does not answer.</exception>
    public async Task<NodeSigner> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await NodeSigner.ConnectAsync(Endpoint, Account, cancellationToken).ConfigureAwait(false);
        }
        catch (SignerException e)
        {
            throw new CommandException(
                $"{SignerOptionSet.EndpointName}: {e.Message} Name one with {SignerOptionSet.AccountName}.", innerException: e);
        }
        catch (Exception e) when (e is RpcConnectionException or RpcException or RpcFormatException)
        {
            throw new CommandException($"{SignerOptionSet.EndpointName}: {e.Message}", innerException: e);
        }
    }
}
