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

    /// <summary>Gets the longest pause between two looks for a receipt; the first is 1 ms. 1 s.</summary>
    public TimeSpan LongestPollingPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets the largest answer accepted, in bytes. 32 MiB.</summary>
    public int MaximumResponseBytes { get; init; } = 32 << 20;

    /// <summary>
    /// Gets how many blocks one log query spans at most; the client narrows it where the node asks for less. 10,000.
    /// </summary>
    public ulong LogBlockRange { get; init; } = 10_000;

    /// <summary>Gets the clock of all of these.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;
}
