using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Accounts;
using Nethereum.RPC.AccountSigning;
using Nethereum.RPC.NonceServices;
using Nethereum.RPC.TransactionManagers;
using Nethereum.Web3;
using Research.Chain.Signing;

namespace Research.Chain.Rpc;

/// <summary>Nethereum's <see cref="IWeb3"/> over an <see cref="EthereumClient"/>, whose guards hold for all it does.</summary>
/// <remarks>
/// Nethereum's own clients lose errors' bodies, follow a call to an address without code, leave holes in the nonces and
/// return a failed receipt as if nothing had happened.
/// </remarks>
internal static class GuardedWeb3
{
    public static IWeb3 Create(EthereumClient client, ISigner? signer)
    {
        GuardedRpc rpc = new(client);
        return signer is null ? new Web3(rpc) : new Web3(new Account(client, signer, rpc), rpc);
    }

    /// <summary>An account whose key nothing shows: it has none, only a signer.</summary>
    private sealed class Account : IAccount
    {
        private readonly string _address;

        public Account(EthereumClient client, ISigner signer, IClient rpc)
        {
            _address = signer.Address.ToString();
            TransactionManager = new GuardedTransactions(client, signer, rpc, this);
        }

        public string Address => _address;

        public ITransactionManager TransactionManager { get; }

        /// <summary>Gets or sets nothing: nonces are the connection's.</summary>
        public INonceService NonceService
        {
            get => null!;
            set => throw new NotSupportedException("Nonces are given by the connection.");
        }

        /// <summary>Gets nothing: messages are signed by <see cref="PrivateKeyAccount.SignMessage"/>.</summary>
        public IAccountSigningService AccountSigningService => null!;

        public override string ToString() => _address;
    }
}
