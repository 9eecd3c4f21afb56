namespace Research.Chain;

/// <summary>How a <see cref="DevChain"/> starts.</summary>
public sealed record DevChainOptions
{
    /// <summary>Gets the number of accounts, each with 10,000 ETH; 1 to 2,000.</summary>
    public int Accounts { get; init; } = 10;

    /// <summary>Gets the loopback port to listen on, 1 to 65,535; 0 lets the system pick a free one.</summary>
    public int Port { get; init; }

    /// <summary>Gets the first block's time, where no chain is loaded; null for now.</summary>
    public DateTimeOffset? GenesisTime { get; init; }

    /// <summary>
    /// Gets whether each block is a second after the one before, whatever the time: with <see cref="GenesisTime"/> the same
    /// transactions then give the same block hashes.
    /// </summary>
    public bool IsReproducible { get; init; }

    /// <summary>
    /// Gets the file that the chain is loaded from, if it exists, and saved to after each block and when it stops; null
    /// to forget it all.
    /// </summary>
    /// <remarks>
    /// It is replaced as a whole, and the one before is kept beside it, with <c>.previous</c> behind its name. Only one
    /// chain at a time may have it.
    /// </remarks>
    public string? StateFile { get; init; }

    /// <summary>Gets the anvil program; null to look for it (see <see cref="DevChain.StartAsync"/>).</summary>
    public string? AnvilPath { get; init; }

    /// <summary>Gets how long starting may take, once the program is there. 20 s.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(20);
}
