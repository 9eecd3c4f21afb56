using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Primitives;

namespace Research.Interactive.Chains;

/// <summary>A local chain with a market on it, which may be kept in a file.</summary>
internal sealed class LocalChain : IAsyncDisposable
{
    private readonly FileStream? _held;

    private LocalChain(DevChain chain, Address market, FileStream? held)
    {
        Chain = chain;
        Market = market;
        _held = held;
    }

    /// <summary>Gets the chain.</summary>
    public DevChain Chain { get; }

    /// <summary>Gets the market.</summary>
    public Address Market { get; }

    /// <summary>Gets whether the chain has ended by itself.</summary>
    public bool HasEnded => Chain.HasEnded;

    /// <summary>Gets the newest block that the state file holds; null where there is none.</summary>
    public ulong? KeptBlock => Chain.KeptBlock;

    /// <summary>Starts a chain, and deploys a market unless the chain has one from before.</summary>
    /// <param name="options">How; a state file is held so that no other chain saves over it.</param>
    /// <param name="progress">Told what is installed.</param>
    /// <param name="cancellationToken">Stops the start; nothing is left running.</param>
    /// <exception cref="RefusedException">Another chain runs with the state file, or it is a folder.</exception>
    /// <exception cref="DevChainException">anvil cannot be found, installed or started.</exception>
    public static async Task<LocalChain> StartAsync(
        DevChainOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        FileStream? held = options.StateFile is string file ? Hold(file) : null;
        DevChain? chain = null;
        try
        {
            chain = await DevChain.StartAsync(options, progress, cancellationToken).ConfigureAwait(false);
            Address market = await MarketAsync(chain, cancellationToken).ConfigureAwait(false);
            return new LocalChain(chain, market, held);
        }
        catch
        {
            await StopAsync(chain, held).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits until the chain has ended by itself.</summary>
    public Task WaitForEndAsync(CancellationToken cancellationToken) => Chain.WaitForEndAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => StopAsync(Chain, _held);

    private static async ValueTask StopAsync(DevChain? chain, FileStream? held)
    {
        if (chain is not null)
        {
            await chain.DisposeAsync().ConfigureAwait(false);
        }

        if (held is not null)
        {
            await held.DisposeAsync().ConfigureAwait(false); // Last: the chain saves its state as it stops.
        }
    }

    // Two chains with one file would each save over the other's.
    private static FileStream Hold(string file)
    {
        if (Directory.Exists(file))
        {
            throw new RefusedException($"--state: expected a file, got the folder {file}.");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            return new FileStream($"{file}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new RefusedException($"--state: another chain runs with {file}; name another file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"--state: {file} cannot be kept there: {e.Message}", e);
        }
    }

    // The system lets go of the lock of a process that was killed. ERROR_SHARING_VIOLATION; EWOULDBLOCK of Linux and of
    // macOS.
    private static bool IsHeld(IOException exception) => (exception.HResult & 0xFFFF) is 32 or 11 or 35;

    // The first account's first transaction on a new chain deploys the market, so its address follows from that
    // account.
    private static async Task<Address> MarketAsync(DevChain chain, CancellationToken cancellationToken)
    {
        Address first = Address.OfDeployment(chain.Accounts[0].Address, 0);
        byte[] code = await chain.Client.GetCodeAsync(first, cancellationToken).ConfigureAwait(false);
        if (code.Length > 0)
        {
            return first;
        }

        TrainingMarket market = await TrainingMarket.DeployAsync(chain.Client, chain.Accounts[0], cancellationToken)
            .ConfigureAwait(false);
        return market.Address;
    }
}
