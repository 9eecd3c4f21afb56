using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain;

/// <summary>Keeps a running chain in its file: soon after each block, and once more when it stops.</summary>
/// <remarks>
/// It looks for a new block ten times a second, which costs a node next to nothing, and asks for the whole state only
/// where there is one. A state takes anvil 1.7.1 some 0.1 ms for each transaction that it holds, so a long chain is
/// kept less often: the pause is at least three times what the last one took.
/// </remarks>
internal sealed class ChainKeeper : IAsyncDisposable
{
    private const int Attempts = 3;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);

    private readonly EthereumClient _client;
    private readonly ChainStateFile _file;
    private readonly IProgress<string>? _progress;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _looking;
    private Bytes32? _keptHash;
    private bool _failed;
    private long _keptBlock;

    private ChainKeeper(EthereumClient client, ChainStateFile file, ChainState? kept, IProgress<string>? progress)
    {
        _keptBlock = kept is { } state ? (long)state.BlockNumber : -1;
        _client = client;
        _file = file;
        _progress = progress;
        _looking = Task.Run(LookAsync);
    }

    /// <summary>Gets the newest block that is safe in the file; null where there is none yet.</summary>
    public ulong? KeptBlock => Volatile.Read(ref _keptBlock) is >= 0 and long block ? (ulong)block : null;

    /// <summary>Starts to keep a chain.</summary>
    /// <param name="endpoint">anvil's address.</param>
    /// <param name="file">The file.</param>
    /// <param name="kept">What it holds; null where there is none yet.</param>
    /// <param name="progress">Told, once, when the chain cannot be kept, and when it can again.</param>
    public static ChainKeeper Start(
        Uri endpoint, ChainStateFile file, ChainState? kept, IProgress<string>? progress)
    {
        EthereumClientOptions options = new()
        {
            ContactTimeout = TimeSpan.FromSeconds(20),
            RequestTimeout = TimeSpan.FromSeconds(30),
            MaximumResponseBytes = 512 << 20,
        };
        return new ChainKeeper(new EthereumClient(endpoint, options), file, kept, progress);
    }

    /// <summary>Stops to look, once what is being written is.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _looking.WaitAsync(Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        _client.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Stops to look, and writes the chain as it is now, for what changed without a block too.</summary>
    public async Task KeepLastAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _looking.WaitAsync(Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        await TryKeepAsync().ConfigureAwait(false);
    }

    private async Task LookAsync()
    {
        TimeSpan pause = TimeSpan.Zero;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pause, _stopping.Token).ConfigureAwait(false);
                Block newest = await _client.GetBlockAsync(null, _stopping.Token).ConfigureAwait(false);
                long start = Stopwatch.GetTimestamp();
                pause = newest.Hash == _keptHash || await TryKeepAsync().ConfigureAwait(false)
                    ? Longer(Stopwatch.GetElapsedTime(start) * 3, ShortestPause)
                    : PauseAfterFailure;
            }
            catch (OperationCanceledException)
            {
                return; // The last time is KeepLastAsync's.
            }
            catch (ChainException)
            {
                pause = PauseAfterFailure; // anvil ends or is busy; whoever runs the chain sees which.
            }
        }
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    // A disk that is full must not end a chain that runs: the file stays as it was, and its user is told.
    private async Task<bool> TryKeepAsync()
    {
        try
        {
            await KeepAsync().ConfigureAwait(false);
            if (_failed)
            {
                _progress?.Report($"The chain is kept in {_file.Path} again.");
            }

            _failed = false;
            return true;
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or InvalidDataException or ChainException)
        {
            if (!_failed)
            {
                _progress?.Report(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The chain cannot be kept in {_file.Path} now ({e.Message.TrimEnd('.')}): it goes on, and the "
                    + $"file stays {(KeptBlock is ulong block ? $"at block {block}" : "as it was")}."));
            }

            _failed = true;
            return false;
        }
    }

    private async Task KeepAsync()
    {
        if (await AttemptAsync().ConfigureAwait(false) is not null
            && await AttemptHeldAsync().ConfigureAwait(false) is { } failure)
        {
            throw failure;
        }
    }

    // Null, or why it did not succeed at last.
    private async Task<InvalidDataException?> AttemptAsync()
    {
        InvalidDataException? failure = null;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            try
            {
                await WriteAsync().ConfigureAwait(false);
                return null;
            }
            catch (InvalidDataException e)
            {
                failure = e;
            }
        }

        return failure;
    }

    // Where blocks come faster than states, transactions wait in the pool for the length of one.
    private async Task<InvalidDataException?> AttemptHeldAsync()
    {
        JsonElement mining = await _client.ReadAsync("anvil_getAutomine", [], default).ConfigureAwait(false);
        if (mining.ValueKind != JsonValueKind.True)
        {
            return await AttemptAsync().ConfigureAwait(false); // Whoever mines by hand is not held up.
        }

        await _client.ReadAsync("evm_setAutomine", [false], default).ConfigureAwait(false);
        try
        {
            return await AttemptAsync().ConfigureAwait(false);
        }
        finally
        {
            await _client.ReadAsync("evm_setAutomine", [true], default).ConfigureAwait(false); // Mines what waits.
        }
    }

    // anvil gathers its state while it mines: the accounts of one block with the list of another. It is the state at
    // one block where no block came meanwhile.
    private async Task WriteAsync()
    {
        Block before = await _client.GetBlockAsync().ConfigureAwait(false);
        JsonElement dump = await _client.ReadAsync("anvil_dumpState", [false], default).ConfigureAwait(false);
        Block after = await _client.GetBlockAsync().ConfigureAwait(false);
        if (after.Hash != before.Hash)
        {
            throw new InvalidDataException("blocks come faster than they can be kept");
        }

        await _file.WriteAsync(RpcJson.ReadBytes(dump, "anvil_dumpState"), before.Number, default)
            .ConfigureAwait(false);
        _keptHash = before.Hash;
        Volatile.Write(ref _keptBlock, (long)before.Number);
    }
}
