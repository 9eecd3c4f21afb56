using System.Globalization;
using NBitcoin;
using Research.Chain.Rpc;
using Research.Chain.Signing;

namespace Research.Chain;

/// <summary>
/// A local Ethereum chain with funded accounts, for trying things out; it ends with this object or this process.
/// </summary>
/// <remarks>
/// It listens on the loopback interface only, on a port that the system picks unless told otherwise, and mines each
/// transaction at once. With a state file, what was mined is in it a fraction of a second later, so a process that is
/// killed, or ends without disposing the chain, loses no more than that.
/// Warning: everybody knows the accounts' keys; never send anything of value to them on another chain.
/// </remarks>
public sealed class DevChain : IAsyncDisposable
{
    /// <summary>The chain's number, by which wallets know a development chain.</summary>
    public const ulong ChainId = 31337;

    // Foundry's and Hardhat's well-known development mnemonic.
    private const string Words = "test test test test test test test test test test test junk";

    private const int MostAccounts = 2000;

    // It is this machine, and mines at once; but its clock is not ours, so that it has no pace to wait by.
    private static readonly TimeSpan PollingPause = TimeSpan.FromMilliseconds(20);

    private readonly AnvilProcess _process;
    private readonly ChainKeeper? _keeper;
    private int _disposed;

    private DevChain(
        AnvilProcess process, EthereumClient client, IReadOnlyList<PrivateKeyAccount> accounts, ChainKeeper? keeper)
    {
        _process = process;
        _keeper = keeper;
        Client = client;
        Accounts = accounts;
    }

    /// <summary>Gets the node's JSON-RPC address.</summary>
    public Uri Endpoint => Client.Endpoint;

    /// <summary>Gets a client of the node; disposed with the chain.</summary>
    public EthereumClient Client { get; }

    /// <summary>Gets the funded accounts, in the order of Foundry's and Hardhat's.</summary>
    public IReadOnlyList<PrivateKeyAccount> Accounts { get; }

    /// <summary>Gets whether anvil has ended, by itself too.</summary>
    internal bool HasEnded => _process.HasEnded;

    /// <summary>Gets the newest block that the state file holds; null without a file.</summary>
    internal ulong? KeptBlock => _keeper?.KeptBlock;

    /// <summary>
    /// Gets the private keys of the first accounts, 64 hex digits each, for other programs on this machine.
    /// </summary>
    /// <remarks>
    /// These are Foundry's and Hardhat's published development keys, the same everywhere: secrets of nobody.
    /// </remarks>
    /// <param name="accounts">How many; 1 to 2,000.</param>
    public static IReadOnlyList<string> PublicKnowledgeKeys(int accounts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(accounts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(accounts, MostAccounts);
        return [.. DevelopmentKeys(accounts).Select(key => Primitives.Hex.Encode(key))];
    }

    /// <summary>Starts a chain.</summary>
    /// <remarks>
    /// anvil is the program named by <c>RESEARCH_ANVIL</c>, or on PATH, or in <c>contracts/node_modules</c> of a folder
    /// above the current one or the application's; else the pinned package is installed from npm, once per user.
    /// </remarks>
    /// <param name="options">How; null for ten accounts and nothing kept.</param>
    /// <param name="progress">Told what is installed.</param>
    /// <param name="cancellationToken">Stops the start; nothing is left running.</param>
    /// <exception cref="DevChainException">anvil cannot be found, installed or started; the
    /// message says what is needed.</exception>
    public static async Task<DevChain> StartAsync(
        DevChainOptions? options = null,
        IProgress<string>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new DevChainOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Accounts, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Accounts, MostAccounts, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Port, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Port, ushort.MaxValue, nameof(options));
        ChainStateFile? file = options.StateFile is string path ? new ChainStateFile(path) : null;
        ChainState? kept = file is null
            ? null
            : await file.OpenAsync(progress, cancellationToken).ConfigureAwait(false);
        await LoopbackPort.RequireFreeAsync(options.Port, cancellationToken).ConfigureAwait(false);
        string anvil = options.AnvilPath
            ?? await AnvilBinary.FindOrInstallAsync(progress, cancellationToken).ConfigureAwait(false);
        Task<PrivateKeyAccount[]> deriving = Task.Run(
            () => DevelopmentKeys(options.Accounts).Select(key => new PrivateKeyAccount(key)).ToArray(), cancellationToken);
        AnvilProcess process = AnvilProcess.Start(anvil, Arguments(options, file, kept));
        EthereumClient? client = null;
        try
        {
            // What was just started there is no wrong address, however busy the machine is.
            client = new EthereumClient(
                await process.WaitUntilReadyAsync(options.StartTimeout, cancellationToken).ConfigureAwait(false),
                new EthereumClientOptions
                {
                    ContactTimeout = options.StartTimeout,
                    LongestPollingPause = PollingPause,
                });
            await client.GetChainIdAsync(cancellationToken).ConfigureAwait(false);
            if (kept is ChainState state)
            {
                await ResumeAsync(client, state, file!, cancellationToken).ConfigureAwait(false);
            }

            if (options.IsReproducible)
            {
                await client.ReadAsync("anvil_setBlockTimestampInterval", [1], cancellationToken).ConfigureAwait(false);
            }

            return new DevChain(
                process,
                client,
                await deriving.ConfigureAwait(false),
                file is null ? null : ChainKeeper.Start(client.Endpoint, file, kept, progress));
        }
        catch (Exception exception)
        {
            client?.Dispose();
            await process.DisposeAsync().ConfigureAwait(false);
            if (exception is TimeoutException)
            {
                throw new DevChainException(
                    $"{anvil} was not ready within {options.StartTimeout}: {process.Reason()}", exception);
            }

            if (exception is DevChainException && process.HasEnded)
            {
                throw Explain(exception, process.Reason(), options.Port, kept is null ? null : file);
            }

            throw;
        }
    }

    /// <summary>Mines a block at <paramref name="time"/>; nothing if the chain is already there or past it.</summary>
    public Task AdvanceToAsync(DateTimeOffset time, CancellationToken cancellationToken = default) =>
        AdvanceToAsync((ulong)Math.Max(0, time.ToUnixTimeSeconds()), cancellationToken);

    /// <summary>
    /// Mines a block at <paramref name="timestamp"/>; nothing if the chain is already there or past it.
    /// </summary>
    /// <param name="timestamp">Unix seconds. Later blocks count on from there in real time.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task AdvanceToAsync(ulong timestamp, CancellationToken cancellationToken = default)
    {
        Rpc.Block newest = await Client.GetBlockAsync(null, cancellationToken).ConfigureAwait(false);
        if (newest.Timestamp < timestamp)
        {
            await ChainClock.MineAtAsync(Client, timestamp, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Mines empty blocks.</summary>
    public async Task MineAsync(int blocks = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blocks);
        await Client.ReadAsync("anvil_mine", [RpcJson.Quantity(blocks)], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops the chain, saving it first if it has a state file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        if (_keeper is not null)
        {
            if (!_process.HasEnded)
            {
                await _keeper.KeepLastAsync().ConfigureAwait(false);
            }

            await _keeper.DisposeAsync().ConfigureAwait(false);
        }

        Client.Dispose();
        await _process.DisposeAsync().ConfigureAwait(false);
    }

    private static IEnumerable<byte[]> DevelopmentKeys(int count)
    {
        ExtKey parent = new Mnemonic(Words).DeriveExtKey().Derive(new KeyPath("m/44'/60'/0'/0"));
        return Enumerable.Range(0, count).Select(i => parent.Derive((uint)i).PrivateKey.ToBytes());
    }

    /// <summary>Waits until anvil has ended, by itself too.</summary>
    internal Task WaitForEndAsync(CancellationToken cancellationToken) => _process.WaitForEndAsync(cancellationToken);

    // anvil may leave out what it does not understand and start a new chain, which would then be saved over this one.
    private static async Task ResumeAsync(
        EthereumClient client, ChainState kept, ChainStateFile file, CancellationToken cancellationToken)
    {
        ulong loaded = await client.GetBlockNumberAsync(cancellationToken).ConfigureAwait(false);
        if (loaded != kept.BlockNumber)
        {
            throw new DevChainException(string.Create(
                CultureInfo.InvariantCulture,
                $"The chain's state in {file.Path} cannot be used: expected block {kept.BlockNumber}, anvil loaded "
                + $"block {loaded}. {LeftAsItIs(file)}"));
        }

        await ChainClock.ResumeAsync(client, cancellationToken).ConfigureAwait(false);
        await client.ReadAsync("evm_setAutomine", [true], cancellationToken).ConfigureAwait(false);
    }

    private static DevChainException Explain(Exception exception, string reason, int port, ChainStateFile? loaded)
    {
        // As Unix and as Windows word it; the port was free a moment ago.
        if (reason.Contains("in use", StringComparison.Ordinal)
            || reason.Contains("Only one usage of each socket address", StringComparison.Ordinal))
        {
            return LoopbackPort.InUse(port, exception);
        }

        return loaded is not null && reason.Contains("state", StringComparison.Ordinal)
            ? new DevChainException(
                $"The chain's state in {loaded.Path} cannot be used: anvil says \"{reason}\". {LeftAsItIs(loaded)}",
                exception)
            : (DevChainException)exception;
    }

    private static string LeftAsItIs(ChainStateFile file) =>
        "It is left as it is: move it away to start a new chain there, "
        + (File.Exists(file.PreviousPath) ? $"put {file.PreviousPath} in its place, " : "") + "or name another file.";

    private static List<string> Arguments(DevChainOptions options, ChainStateFile? file, ChainState? kept)
    {
        List<string> arguments =
        [
            "--host", "127.0.0.1", "--port", options.Port.ToString(CultureInfo.InvariantCulture),
            "--chain-id", ChainId.ToString(CultureInfo.InvariantCulture),
            "--accounts", options.Accounts.ToString(CultureInfo.InvariantCulture),
            "--mnemonic", Words,
        ];

        // A first block at another time would be another one, and anvil would save both.
        long? genesisTime = kept is ChainState state
            ? (long?)state.GenesisTime
            : options.GenesisTime?.ToUnixTimeSeconds();
        if (genesisTime is long time)
        {
            arguments.AddRange(["--timestamp", time.ToString(CultureInfo.InvariantCulture)]);
        }

        if (kept is not null)
        {
            // Nothing is mined before the clock is set; what is sent meanwhile waits.
            arguments.AddRange(["--load-state", file!.Path, "--no-mining"]);
        }

        return arguments;
    }
}
