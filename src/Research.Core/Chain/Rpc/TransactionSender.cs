using Research.Chain.Primitives;
using Research.Chain.Signing;

namespace Research.Chain.Rpc;

/// <summary>Sends transactions, each once and with a nonce of its own, and waits until they count.</summary>
internal sealed class TransactionSender(EthereumClient client, EthereumClientOptions options) : IDisposable
{
    private const int NonceAttempts = 5;
    private const int ReplacedChecks = 3; // One node behind an address may know a count before another knows a receipt.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CheckAfter = TimeSpan.FromSeconds(5);

    private readonly SentJournal? _journal =
        options.SentFolder is string folder ? new SentJournal(folder) : null;

    private readonly NonceLocks _nonces = new(options.NonceFolder, options.Time);
    private readonly FeePolicy _fees = new(client, options.MaximumFeePerGas, options.Time);
    private readonly BlockPace _pace = new(client, options);

    public void Dispose() => _nonces.Dispose();

    /// <summary>Learns of the newest block, whoever asked for it.</summary>
    public void Observe(Block block) => _pace.Observe(block);

    /// <summary>Signs and sends; see <see cref="EthereumClient.SendAsync"/> for what it throws.</summary>
    public async Task<SentTransaction> SubmitAsync(
        ISigner signer, CallRequest request, CancellationToken cancellationToken)
    {
        request = request with { From = signer.Address };
        await client.RequireCodeAsync(request, cancellationToken).ConfigureAwait(false);
        Task<FeeEstimate> fees = _fees.OfferAsync(cancellationToken);
        ulong gasLimit = request.GasLimit
            ?? await client.EstimateGasAsync(request, cancellationToken).ConfigureAwait(false) * 5 / 4;
        FeeEstimate fee = await fees.ConfigureAwait(false);
        ulong chainId = await client.GetChainIdAsync(cancellationToken).ConfigureAwait(false);
        Eip1559Transaction transaction = new(
            chainId,
            Nonce: 0, // Given when it is this transaction's turn.
            fee.MaxPriorityFeePerGas,
            fee.MaxFeePerGas,
            gasLimit,
            request.To,
            request.Value,
            request.Data);
        if (options.IsDryRun)
        {
            throw new DryRunException(transaction, request, gasLimit, fee);
        }

        await client.RequireAgreementAsync(signer.Address, request.To, cancellationToken).ConfigureAwait(false);
        return await SendNextAsync(signer, transaction, fee, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until a transaction lies as deep as <see cref="EthereumClientOptions.Confirmations"/> asks.</summary>
    /// <param name="hash">The transaction.</param>
    /// <param name="sent">What was sent, if by this client: it is sent again where a reorganisation dropped it, and
    /// replaced where its fee is too low.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <exception cref="TimeoutException">It was not, within the time.</exception>
    /// <exception cref="ReplacedTransactionException">Another with its nonce was mined.</exception>
    public async Task<TransactionReceipt> WaitAsync(
        Bytes32 hash, SentTransaction? sent, CancellationToken cancellationToken) =>
        await WaitForAnyAsync([hash], sent, cancellationToken).ConfigureAwait(false);

    private async Task<TransactionReceipt> WaitForAnyAsync(
        List<Bytes32> hashes, SentTransaction? sent, CancellationToken cancellationToken)
    {
        Bytes32 hash = hashes[^1]; // All of one nonce, so that at most one of them is ever mined.
        TransactionReceipt? seen = null;
        long start = options.Time.GetTimestamp();
        long lastSent = start;
        long lastCheck = start;
        int timesReplaced = 0;
        if (sent is not null)
        {
            await _pace.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        for (int look = 0; ; look++)
        {
            ulong head = options.Confirmations > 1
                ? await client.GetBlockNumberAsync(cancellationToken).ConfigureAwait(false)
                : ulong.MaxValue;
            TransactionReceipt? receipt = await FindAsync(hashes, cancellationToken).ConfigureAwait(false);
            if (seen is not null && seen.BlockHash != receipt?.BlockHash)
            {
                await ReorganisedAsync(seen, receipt, sent, cancellationToken).ConfigureAwait(false);
            }

            if (receipt is not null && receipt.BlockNumber + (ulong)Math.Max(1, options.Confirmations) - 1 <= head)
            {
                await ForgetSentAsync(sent, cancellationToken).ConfigureAwait(false);
                return receipt;
            }

            seen = receipt;
            if (options.Time.GetElapsedTime(start) > options.ReceiptTimeout)
            {
                Forget(sent);
                throw new TimeoutException(
                    receipt is null
                        ? $"Transaction {hash} was sent but not mined within {options.ReceiptTimeout}. It may still be."
                        : $"Transaction {hash} is in block {receipt.BlockNumber}, but not {options.Confirmations} blocks "
                        + $"deep within {options.ReceiptTimeout}.");
            }

            if (receipt is null && sent is not null && options.Time.GetElapsedTime(lastCheck) > CheckAfter)
            {
                lastCheck = options.Time.GetTimestamp();
                bool isReplaced = await IsReplacedAsync(sent, hashes, cancellationToken).ConfigureAwait(false);
                timesReplaced = isReplaced ? timesReplaced + 1 : 0;
                if (timesReplaced == ReplacedChecks)
                {
                    Forget(sent);
                    await ForgetSentAsync(sent, cancellationToken).ConfigureAwait(false);
                    throw new ReplacedTransactionException(hash, sent.Signer.Address, sent.Transaction.Nonce);
                }
            }

            if (receipt is null && sent is not null
                && options.Time.GetElapsedTime(lastSent) > options.ReplaceAfter)
            {
                lastSent = options.Time.GetTimestamp();
                if (await ReplaceAsync(sent, cancellationToken).ConfigureAwait(false) is SentTransaction next)
                {
                    sent = next;
                    hashes.Add(next.Hash);
                }
            }

            await _pace.WaitAsync(look, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Waits for what an earlier run of this account sent and did not see mined; what no node has is forgotten.
    /// </summary>
    /// <remarks>Nothing is sent here but the same again for a higher fee. What is forgotten, and lies with some other node all
    /// the same, has the nonce that the account's next transaction takes: only one of the two can happen.</remarks>
    /// <returns>The receipts of those that were mined, by nonce.</returns>
    /// <exception cref="TimeoutException">One is still waiting to be mined.</exception>
    /// <exception cref="ChainException">The node cannot say: what is not known to be gone is kept.</exception>
    public async Task<IReadOnlyList<TransactionReceipt>> SettleAsync(ISigner signer, CancellationToken cancellationToken)
    {
        if (_journal is null || options.IsDryRun)
        {
            return [];
        }

        ulong chainId = await client.GetChainIdAsync(cancellationToken).ConfigureAwait(false);
        Bytes32 genesis = await client.GetGenesisAsync(cancellationToken).ConfigureAwait(false);
        List<TransactionReceipt> receipts = [];
        foreach (IGrouping<ulong, SentTransaction> offers in
            _journal.Read(chainId, genesis, signer).GroupBy(sent => sent.Transaction.Nonce))
        {
            SentTransaction last = offers.Last();
            List<Bytes32> hashes = [.. offers.Select(sent => sent.Hash)];
            switch (await StandingAsync(last, hashes, cancellationToken).ConfigureAwait(false))
            {
                case SentStanding.Alive:
                    receipts.Add(await WaitForAnyAsync(hashes, last, cancellationToken).ConfigureAwait(false));
                    break;
                case SentStanding.Gone:
                    _journal.Forget(last, genesis);
                    break;
                case SentStanding.BehindAGap:
                    options.Notices?.Report(
                        $"Transaction {last.Hash}, which an earlier run sent, waits for one before it that is nowhere: it may "
                        + "still happen when others were sent.");
                    break;
            }
        }

        return receipts;
    }

    // One node behind an address may know a count before another knows a receipt: gone is what is so each time.
    private async Task<SentStanding> StandingAsync(
        SentTransaction last, List<Bytes32> hashes, CancellationToken cancellationToken)
    {
        for (int look = 1; ; look++)
        {
            if (await FindAsync(hashes, cancellationToken).ConfigureAwait(false) is not null)
            {
                return SentStanding.Alive;
            }

            ulong nonce = last.Transaction.Nonce;
            ulong mined = await client.GetTransactionCountAsync(last.Signer.Address, isPending: false, cancellationToken)
                .ConfigureAwait(false);
            ulong next = await client.GetTransactionCountAsync(last.Signer.Address, cancellationToken).ConfigureAwait(false);
            bool isKnown = false;
            foreach (Bytes32 hash in hashes)
            {
                isKnown |= await client.LookUpAsync(hash, cancellationToken).ConfigureAwait(false);
            }

            if (mined <= nonce && (isKnown || next > nonce))
            {
                if (next <= nonce)
                {
                    return SentStanding.BehindAGap;
                }

                options.Notices?.Report($"Waiting for transaction {last.Hash}, which an earlier run sent.");
                return SentStanding.Alive;
            }

            if (look == ReplacedChecks)
            {
                return SentStanding.Gone; // Another has its nonce, or none has it and it is free.
            }

            await Task.Delay(BetweenLooks, options.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    // Replicas lag: that a transaction is nowhere is believed when it is so each time. Throws where a node cannot say.
    private async Task<bool> IsNowhereAsync(Bytes32 hash, CancellationToken cancellationToken)
    {
        for (int look = 1; look <= ReplacedChecks; look++)
        {
            if (await client.LookUpAsync(hash, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            await Task.Delay(BetweenLooks, options.Time, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Sends a transaction with the sender's next nonce.</summary>
    private async Task<SentTransaction> SendNextAsync(
        ISigner signer, Eip1559Transaction transaction, FeeEstimate fee, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await _nonces.UseNextAsync(
                    transaction.ChainId,
                    signer.Address,
                    () => client.GetTransactionCountAsync(signer.Address, cancellationToken),
                    hash => client.LookUpAsync(hash, cancellationToken),
                    nonce => SendAsync(signer, transaction with { Nonce = nonce }, fee, cancellationToken),
                    cancellationToken).ConfigureAwait(false);
            }
            catch (RpcException exception) when (exception.IsNonceTaken && attempt < NonceAttempts)
            {
                // Another machine has the same key, or the node's count is behind: nothing was taken, so ask again.
                await Task.Delay(TimeSpan.FromMilliseconds(20 * attempt), options.Time, cancellationToken)
                    .ConfigureAwait(false);
            }
        }
    }

    // Another program with the same key may offer more for the same nonce: then these will never be mined. They are not
    // sent again with another nonce: were that a mistake, money would go out twice.
    private async Task<bool> IsReplacedAsync(
        SentTransaction sent, List<Bytes32> hashes, CancellationToken cancellationToken)
    {
        ulong mined = await client.GetTransactionCountAsync(sent.Signer.Address, isPending: false, cancellationToken)
            .ConfigureAwait(false);
        return mined > sent.Transaction.Nonce
            && await FindAsync(hashes, cancellationToken).ConfigureAwait(false) is null; // Asked again: mined meanwhile?
    }

    private async Task<SentTransaction> SendAsync(
        ISigner signer, Eip1559Transaction transaction, FeeEstimate fee, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> raw = await signer.SignAsync(transaction, cancellationToken).ConfigureAwait(false);
        SentTransaction sent = new(Keccak256.Hash(raw.Span), signer, transaction, fee, raw);
        if (_journal is not null)
        {
            _journal.Keep(sent, await client.GetGenesisAsync(cancellationToken).ConfigureAwait(false));
        }

        try
        {
            await client.SendRawTransactionAsync(raw, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException exception) when (exception.IsNonceTaken)
        {
            // By this very transaction, where a connection broke and the bytes went out twice? Then it is sent.
            if (await IsNowhereAsync(sent.Hash, cancellationToken).ConfigureAwait(false))
            {
                throw;
            }
        }

        return sent;
    }

    private async Task<TransactionReceipt?> FindAsync(List<Bytes32> hashes, CancellationToken cancellationToken)
    {
        foreach (Bytes32 hash in hashes)
        {
            if (await client.GetReceiptAsync(hash, cancellationToken).ConfigureAwait(false) is { } receipt)
            {
                return receipt;
            }
        }

        return null;
    }

    private async Task ReorganisedAsync(
        TransactionReceipt seen, TransactionReceipt? now, SentTransaction? sent, CancellationToken cancellationToken)
    {
        string what = $"The chain was reorganised: block {seen.BlockNumber} with transaction {seen.TransactionHash} is gone";
        if (now is not null)
        {
            options.Notices?.Report($"{what}; the transaction is in block {now.BlockNumber} now.");
            return;
        }

        options.Notices?.Report(
            $"{what}; the transaction does not count yet{(sent is null ? "" : " and is sent again")}.");
        if (sent is null)
        {
            return;
        }

        try
        {
            // The same bytes: whatever becomes of both, the nonce lets only one of them happen.
            await client.SendRawTransactionAsync(sent.Raw, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException)
        {
            return; // The node still has it waiting, or has mined it again: the receipt tells.
        }
    }

    private async Task<SentTransaction?> ReplaceAsync(SentTransaction sent, CancellationToken cancellationToken)
    {
        if (await _fees.ReplacementAsync(sent.Fee, cancellationToken).ConfigureAwait(false) is not FeeEstimate fee)
        {
            options.Notices?.Report(
                $"Transaction {sent.Hash} is not mined yet, and the fee cap forbids to offer more: still waiting.");
            return null;
        }

        Eip1559Transaction transaction = sent.Transaction with
        {
            MaxPriorityFeePerGas = fee.MaxPriorityFeePerGas,
            MaxFeePerGas = fee.MaxFeePerGas,
        };
        try
        {
            SentTransaction next = await SendAsync(sent.Signer, transaction, fee, cancellationToken).ConfigureAwait(false);
            options.Notices?.Report(
                $"Transaction {sent.Hash} was not mined within {options.ReplaceAfter}: sent again as {next.Hash} "
                + "with a higher fee and the same nonce.");
            return next;
        }
        catch (RpcException)
        {
            return null; // The node has mined one of them meanwhile, or wants more than a usual bump: look again.
        }
    }

    private async Task ForgetSentAsync(SentTransaction? sent, CancellationToken cancellationToken)
    {
        if (_journal is not null && sent is not null)
        {
            _journal.Forget(sent, await client.GetGenesisAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    // The node may have dropped it; the next one must not wait behind a gap.
    private void Forget(SentTransaction? sent)
    {
        if (sent is not null)
        {
            _nonces.Forget(sent.Transaction.ChainId, sent.Signer.Address);
        }
    }
}
