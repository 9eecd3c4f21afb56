using Nethereum.RPC.Accounts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Signing;

/// <summary>Signs by an account of Nethereum's: of a key vault, a hardware wallet, or one written by its user.</summary>
/// <remarks>Only its signature is used: nonces, fees, sending and receipts are this library's.</remarks>
public sealed class AccountSigner : ISigner
{
    private readonly IAccount _account;

    /// <summary>Takes an account.</summary>
    /// <param name="account">The account; its transaction manager must be able to sign without sending.</param>
    /// <param name="client">The node that the account may ask, where it has none of its own.</param>
    public AccountSigner(IAccount account, EthereumClient client)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(client);
        _account = account;
        Address = Address.Parse(account.Address);
        account.TransactionManager.Client ??= new GuardedRpc(client); // Nethereum's own signs nothing without one.
    }

    /// <inheritdoc/>
    public Address Address { get; }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> SignAsync(
        Eip1559Transaction transaction, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        string signed;
        try
        {
            signed = await _account.TransactionManager.SignTransactionAsync(transaction.ToInput(Address))
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new SignerException($"The account {Address} did not sign: {exception.Message}", exception);
        }

        return transaction.Require(Address, Hex.Decode(signed));
    }

    /// <summary>Gets the address.</summary>
    public override string ToString() => Address.ToString();
}
