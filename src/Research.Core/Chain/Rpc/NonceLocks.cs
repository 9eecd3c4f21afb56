using System.Collections.Concurrent;
using System.Security.Cryptography;
using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>Gives each transaction of an account its own nonce: one at a time in this process and on this machine.</summary>
/// <remarks>
/// Processes take turns by a file that is open while a nonce is asked for and used; the system closes it with a process
/// however that ends, and who used it last is written there: many transactions in a row need not ask for each. Where
/// the folder cannot be written, only the threads of this process take turns.
/// </remarks>
internal sealed class NonceLocks(string? folder, TimeProvider time) : IDisposable
{
    private const int MarkBytes = 16;

    // Long enough for a row of sends; short, because a program on another machine may have the same key.
    private static readonly TimeSpan CountLifetime = TimeSpan.FromMilliseconds(100);

    // How long a node may lag behind another of the same address before what it does not know is taken for lost.
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(2);

    private readonly byte[] _mark = RandomNumberGenerator.GetBytes(MarkBytes);
    private readonly ConcurrentDictionary<(ulong Chain, Address Account), Turn> _turns = [];

    /// <summary>Uses the next nonce of an account.</summary>
    /// <param name="chainId">The chain.</param>
    /// <param name="account">The account.</param>
    /// <param name="countOnNode">Asks how many transactions the account has sent, waiting ones included.</param>
    /// <param name="isOnNode">Asks whether a transaction is waiting or mined.</param>
    /// <param name="use">Signs and sends with a nonce.</param>
    /// <param name="cancellationToken">Stops waiting for the turn.</param>
    public async Task<SentTransaction> UseNextAsync(
        ulong chainId,
        Address account,
        Func<Task<ulong>> countOnNode,
        Func<Bytes32, Task<bool>> isOnNode,
        Func<ulong, Task<SentTransaction>> use,
        CancellationToken cancellationToken)
    {
        Turn turn = _turns.GetOrAdd((chainId, account), _ => new Turn());
        await turn.Threads.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using FileStream? held = await HoldAsync($"{chainId}-{account}.lock", cancellationToken).ConfigureAwait(false);
            bool isAlone = held is not null && TakeOver(held);
            ulong nonce = turn.Next;
            if (!isAlone || nonce == 0 || time.GetElapsedTime(turn.AskedAt) > CountLifetime)
            {
                nonce = await AskAsync(turn, countOnNode, isOnNode, cancellationToken).ConfigureAwait(false);
                turn.AskedAt = time.GetTimestamp();
            }

            turn.Next = 0; // Trust nothing of ours until the node has taken this one.
            SentTransaction sent = await use(nonce).ConfigureAwait(false);
            turn.Next = nonce + 1;
            turn.Last = sent.Hash;
            return sent;
        }
        finally
        {
            turn.Threads.Release();
        }
    }

    /// <summary>Forgets an account's count: the node may have dropped what it took.</summary>
    public void Forget(ulong chainId, Address account)
    {
        if (_turns.TryGetValue((chainId, account), out Turn? turn))
        {
            turn.Next = 0;
        }
    }

    public void Dispose()
    {
        foreach (Turn turn in _turns.Values)
        {
            turn.Threads.Dispose();
        }
    }

    // The node's count may lag behind what it took a moment ago; or a reorganisation took that away for good, and then
    // what is sent with a count of ours would wait behind a gap for ever. The last transaction tells one from the other.
    private async Task<ulong> AskAsync(
        Turn turn, Func<Task<ulong>> countOnNode, Func<Bytes32, Task<bool>> isOnNode, CancellationToken cancellationToken)
    {
        for (long start = time.GetTimestamp(); ;)
        {
            ulong count = await countOnNode().ConfigureAwait(false);
            if (count >= turn.Next || time.GetElapsedTime(start) > Lag)
            {
                return count;
            }

            if (await isOnNode(turn.Last).ConfigureAwait(false))
            {
                return turn.Next;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken).ConfigureAwait(false);
        }
    }

    // Tells whether nobody else has used the account's nonces since this did, and says there that this did.
    private bool TakeOver(FileStream held)
    {
        Span<byte> mark = stackalloc byte[MarkBytes];
        try
        {
            if (RandomAccess.Read(held.SafeFileHandle, mark, 0) == MarkBytes && mark.SequenceEqual(_mark))
            {
                return true;
            }

            RandomAccess.Write(held.SafeFileHandle, _mark, 0);
        }
        catch (IOException)
        {
            // A full disk: then the node is asked each time.
        }

        return false;
    }

    private async Task<FileStream?> HoldAsync(string name, CancellationToken cancellationToken)
    {
        string path;
        try
        {
            path = Path.Combine(Directory.CreateDirectory(folder ?? DefaultFolder()).FullName, name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }

        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (UnauthorizedAccessException)
            {
                return null;
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(3), cancellationToken).ConfigureAwait(false);
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    private static string DefaultFolder() => Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "research",
        "nonces");

    private sealed class Turn
    {
        public SemaphoreSlim Threads { get; } = new(1, 1);

        /// <summary>Gets or sets the nonce after <see cref="Last"/>'s; 0 where it is not known.</summary>
        public ulong Next { get; set; }

        /// <summary>Gets or sets the transaction that was sent last.</summary>
        public Bytes32 Last { get; set; }

        public long AskedAt { get; set; }
    }
}
