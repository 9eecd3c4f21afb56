using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>Limits and patience of an <see cref="EthereumClient"/>.</summary>
public sealed record EthereumClientOptions
{
    /// <summary>
    /// Gets how long the first answer may take, retries included; after it the address counts as wrong. 4 s.
    /// </summary>
    public TimeSpan ContactTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Gets how long a later request may take, retries included. 60 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets how long to wait for a transaction to be mined. 10 minutes.</summary>
    public TimeSpan ReceiptTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Gets in how many blocks, its own included, a transaction must lie before it counts as mined. 1, for a chain of
    /// one's own; a public chain wants more, for its newest blocks may be replaced by others (a reorganisation).
    /// </summary>
    public int Confirmations { get; init; } = 1;

    /// <summary>
    /// Gets the chain that every node must be of, by its number; null for whatever chain the first that answers is of.
    /// </summary>
    public ulong? ChainId { get; init; }

    /// <summary>
    /// Gets whether nothing is sent: what would be is thrown as a <see cref="DryRunException"/>, once all is known but a
    /// signature.
    /// </summary>
    public bool IsDryRun { get; init; }

    /// <summary>Gets the most that is offered for a unit of gas, base fee and tip together. 500 gwei.</summary>
    public Wei MaximumFeePerGas { get; init; } = new(500_000_000_000);

    /// <summary>
    /// Gets after how long without being mined a transaction is sent again with a higher fee, in the place of the one
    /// before; never above <see cref="MaximumFeePerGas"/>. 1 minute.
    /// </summary>
    public TimeSpan ReplaceAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets who is told of reorganisations and of transactions sent again; null for nobody.</summary>
    public IProgress<string>? Notices { get; init; }

    /// <summary>
    /// Gets the folder of the files that keep two processes of this machine from using one nonce of one account; null
    /// for <c>research/nonces</c> in the user's application data.
    /// </summary>
    public string? NonceFolder { get; init; }

    /// <summary>
    /// Gets the folder of what was signed and not seen to its end, which <see cref="EthereumClient.SettleAsync"/> takes up
    /// after a crash; null to keep nothing.
    /// </summary>
    public string? SentFolder { get; init; }

    /// <summary>Gets the longest pause between two looks for a receipt. 15 s, more than a block of the main chain.</summary>
    public TimeSpan LongestPollingPause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets the largest answer accepted, in bytes. 32 MiB.</summary>
    public int MaximumResponseBytes { get; init; } = 32 << 20;

    /// <summary>
    /// Gets how many blocks one log query spans at most; the client narrows it where the node asks for less. 10,000.
    /// </summary>
    public ulong LogBlockRange { get; init; } = 10_000;

    /// <summary>Gets who is told the method of each request, once for all of its attempts.</summary>
    internal Action<string>? Asked { get; init; }

    /// <summary>Gets the clock of all of these.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;
}
