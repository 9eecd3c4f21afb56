using System.Collections.Concurrent;
using System.Numerics;
using Nethereum.Hex.HexTypes;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Accounts;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.RPC.Eth.Transactions;
using Nethereum.RPC.TransactionManagers;
using Nethereum.RPC.TransactionReceipts;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Signing;
using Receipt = Nethereum.RPC.Eth.DTOs.TransactionReceipt;

namespace Research.Chain.Rpc;

/// <summary>Sends Nethereum's transactions by an <see cref="EthereumClient"/>: its nonces, fees, and receipts.</summary>
internal sealed class GuardedTransactions : TransactionManagerBase
{
    private readonly EthereumClient _client;
    private readonly ISigner _signer;
    private readonly ConcurrentDictionary<Bytes32, SentTransaction> _sent = [];

    public GuardedTransactions(EthereumClient client, ISigner signer, IClient rpc, IAccount account)
    {
        (_client, _signer) = (client, signer);
        (Client, Account) = (rpc, account);
        TransactionReceiptService = new ReceiptService(this);
    }

    public override BigInteger DefaultGas { get; set; } = 21_000;

    public override async Task<HexBigInteger> EstimateGasAsync(CallInput callInput) =>
        new(await _client.EstimateGasAsync(Request(callInput), CancellationToken.None).ConfigureAwait(false) * 5 / 4);

    public override Task<string> SignTransactionAsync(TransactionInput transaction) =>
        throw new NotSupportedException("This connection signs only what it sends.");

    public override Task<Authorisation> SignAuthorisationAsync(Authorisation authorisation) =>
        throw new NotSupportedException("This connection signs no authorisations (EIP-7702).");

    public override Task<string> SendTransactionAsync(TransactionInput transaction) =>
        SendAsync(transaction, CancellationToken.None);

    private async Task<string> SendAsync(TransactionInput transaction, CancellationToken cancellationToken)
    {
        SentTransaction sent = await _client.SubmitAsync(_signer, Request(transaction), cancellationToken)
            .ConfigureAwait(false);
        _sent[sent.Hash] = sent;
        return sent.Hash.ToString();
    }

    private async Task<Receipt> WaitAsync(string hash, CancellationToken cancellationToken)
    {
        _sent.TryRemove(Bytes32.Parse(hash), out SentTransaction? sent);
        TransactionReceipt receipt = await _client.WaitAsync(Bytes32.Parse(hash), sent, cancellationToken)
            .ConfigureAwait(false);
        return receipt.Succeeded
            ? await new EthGetTransactionReceipt(Client).SendRequestAsync(receipt.TransactionHash.ToString())
                .ConfigureAwait(false)
            : throw await _client.ExplainAsync(
                sent is null ? new CallRequest { ParsedAbi = TrainingMarket.ParsedAbi } : RequestOf(sent), receipt, cancellationToken)
                .ConfigureAwait(false);
    }

    private static CallRequest RequestOf(SentTransaction sent) => new()
    {
        From = sent.Signer.Address,
        To = sent.Transaction.To,
        Value = sent.Transaction.Value,
        Data = sent.Transaction.Data,
        GasLimit = sent.Transaction.GasLimit,
        ParsedAbi = TrainingMarket.ParsedAbi,
    };

    private CallRequest Request(CallInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.From is { Length: > 0 } from && Address.Parse(from) != _signer.Address)
        {
            throw new ArgumentException($"from: expected the signer {_signer.Address}, got {from}.", nameof(input));
        }

        if (input is TransactionInput { Nonce: not null })
        {
            throw new ArgumentException("nonce: expected none, for the connection gives it.", nameof(input));
        }

        return new CallRequest
        {
            From = _signer.Address,
            To = input.To is { Length: > 0 } to ? Address.Parse(to) : null,
            Value = new Wei(input.Value?.Value ?? BigInteger.Zero),
            Data = Hex.Decode(input.Data ?? ""),
            GasLimit = input.Gas is { } gas ? (ulong)gas.Value : null,
            ParsedAbi = TrainingMarket.ParsedAbi,
        };
    }

    /// <summary>Waits as the connection does, and throws where a transaction failed.</summary>
    private sealed class ReceiptService(GuardedTransactions manager)
        : TransactionReceiptPollingService(manager), ITransactionReceiptService
    {
        Task<Receipt> ITransactionReceiptService.PollForReceiptAsync(string transaction, CancellationToken token) =>
            manager.WaitAsync(transaction, token);

        async Task<Receipt> ITransactionReceiptService.SendRequestAndWaitForReceiptAsync(
            TransactionInput transactionInput, CancellationToken tokenSource) =>
            await manager.WaitAsync(
                await manager.SendAsync(transactionInput, tokenSource).ConfigureAwait(false), tokenSource)
                .ConfigureAwait(false);

        async Task<Receipt> ITransactionReceiptService.SendRequestAndWaitForReceiptAsync(
            Func<Task<string>> transactionFunction, CancellationToken tokenSource)
        {
            tokenSource.ThrowIfCancellationRequested();
            return await manager.WaitAsync(await transactionFunction().ConfigureAwait(false), tokenSource)
                .ConfigureAwait(false);
        }

        async Task<List<Receipt>> ITransactionReceiptService.SendRequestsAndWaitForReceiptAsync(
            IEnumerable<TransactionInput> transactionInputs, CancellationToken tokenSource) =>
            [.. await Task.WhenAll(transactionInputs.Select(
                input => ((ITransactionReceiptService)this).SendRequestAndWaitForReceiptAsync(input, tokenSource)))
                .ConfigureAwait(false)];

        async Task<List<Receipt>> ITransactionReceiptService.SendRequestsAndWaitForReceiptAsync(
            IEnumerable<Func<Task<string>>> transactionFunctions, CancellationToken tokenSource) =>
            [.. await Task.WhenAll(transactionFunctions.Select(
                send => ((ITransactionReceiptService)this).SendRequestAndWaitForReceiptAsync(send, tokenSource)))
                .ConfigureAwait(false)];

        Task<Receipt> ITransactionReceiptService.DeployContractAndWaitForReceiptAsync(
            TransactionInput transactionInput, CancellationToken tokenSource) =>
            ((ITransactionReceiptService)this).SendRequestAndWaitForReceiptAsync(transactionInput, tokenSource);

        Task<Receipt> ITransactionReceiptService.DeployContractAndWaitForReceiptAsync(
            Func<Task<string>> deployFunction, CancellationToken tokenSource) =>
            ((ITransactionReceiptService)this).SendRequestAndWaitForReceiptAsync(deployFunction, tokenSource);

        async Task<string> ITransactionReceiptService.DeployContractAndGetAddressAsync(
            Func<Task<string>> deployFunction, CancellationToken tokenSource) =>
            (await ((ITransactionReceiptService)this).SendRequestAndWaitForReceiptAsync(deployFunction, tokenSource)
                .ConfigureAwait(false)).ContractAddress;
    }
}
