using Nethereum.RPC.Accounts;
using Research.Chain.Primitives;

namespace Research.Chain.Signing;

/// <summary>Signs by an account of Nethereum's: of a key vault, a hardware wallet, or one written by its user.</summary>
/// <remarks>Only its signature is used: nonces, fees, sending and receipts are this library's.</remarks>
/// <param name="account">The account; its transaction manager must be able to sign without sending.</param>
public sealed class AccountSigner(IAccount account) : ISigner
{
    /// <inheritdoc/>
    public Address Address { get; } = Address.Parse(account.Address);

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> SignAsync(
        Eip1559Transaction transaction, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        string signed;
        try
        {
            signed = await account.TransactionManager.SignTransactionAsync(transaction.ToInput(Address))
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
