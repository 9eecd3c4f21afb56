using System.Collections.Concurrent;
using System.Globalization;
using Research.Chain.Networks;
using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>Contracts' events in files of this user's own, so that a long chain is looked through once.</summary>
/// <remarks>
/// A file a chain and contract, of at most 64 MiB. It never holds what is less deep than confirmations ask; its newest block's
/// hash is held against the node's whenever the chain has grown, and where it differs the file goes back to an older
/// checkpoint. A damaged file is deleted and made again. What it lacks, the node is asked for; nothing is kept of a chain that
/// one query looks through. Safe for concurrent use; two processes may write one file, and the last wins.
/// </remarks>
/// <param name="folder">The folder; made when first written to.</param>
/// <param name="confirmations">How deep a block must lie to be kept; 1 or more.</param>
public sealed class EventIndex(string folder, int confirmations)
{
    private const int RangesAtOnce = 4;
    private const int StepsUnsaved = 25;

    private readonly ConcurrentDictionary<Address, Kept> _kept = [];

    /// <summary>Finds a contract's events, oldest first: those that are kept, and the newest from the node.</summary>
    /// <param name="client">The node.</param>
    /// <param name="filter">What to look for; up to the newest block.</param>
    /// <param name="topics">The events that are kept, by their own topics.</param>
    /// <param name="cancellationToken">Stops waiting; what was found so far is kept.</param>
    internal async Task<IReadOnlyList<EventLog>> LogsAsync(
        EthereumClient client, LogFilter filter, IReadOnlyList<Bytes32> topics, CancellationToken cancellationToken)
    {
        ulong newest = await client.GetBlockNumberAsync(cancellationToken).ConfigureAwait(false);
        ulong depth = (ulong)Math.Max(1, confirmations);
        if (newest < depth
            || newest - depth < filter.FromBlock + client.LogBlockRange
            || filter.Topics is not [Bytes32 topic, ..]
            || !topics.Contains(topic))
        {
            return await client.GetLogsAsync(filter, cancellationToken).ConfigureAwait(false);
        }

        Kept kept = _kept.GetOrAdd(filter.Address, _ => new Kept());
        await kept.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            LogBook book = await OpenAsync(kept, client, filter, cancellationToken).ConfigureAwait(false);
            if (kept.Checked != newest)
            {
                await RequireTipAsync(book, client, cancellationToken).ConfigureAwait(false);
                kept.Checked = newest;
            }

            ulong next = book.Tip + 1 ?? book.From;
            if (!kept.IsFull && newest - depth >= next && (book.Tip is null || newest - depth - next >= client.LogBlockRange / 2))
            {
                // For less, one question to the node costs no more than catching up.
                kept.IsFull = !await CatchUpAsync(book, client, topics, newest - depth, cancellationToken).ConfigureAwait(false);
                next = book.Tip + 1 ?? book.From;
            }

            EventLog[] old =
                [.. book.Logs.Where(log => log.BlockNumber >= filter.FromBlock && filter.Matches(log))];
            IReadOnlyList<EventLog> fresh = await client.GetLogsAsync(
                filter with { FromBlock = Math.Max(next, filter.FromBlock) }, cancellationToken).ConfigureAwait(false);
            return [.. old, .. fresh];
        }
        finally
        {
            kept.Turn.Release();
        }
    }

    private string PathOf(ulong chainId, Address address) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{chainId}-{address.ToString().ToLowerInvariant()}.events"));

    private async Task<LogBook> OpenAsync(
        Kept kept, EthereumClient client, LogFilter filter, CancellationToken cancellationToken)
    {
        ulong chainId = await client.GetChainIdAsync(cancellationToken).ConfigureAwait(false);
        kept.Book ??= Load(client, chainId, filter.Address);
        if (kept.Book is null || kept.Book.From > filter.FromBlock)
        {
            kept.Book = new LogBook(chainId, filter.Address, filter.FromBlock);
            kept.IsFull = false;
        }

        return kept.Book;
    }

    private LogBook? Load(EthereumClient client, ulong chainId, Address address)
    {
        string path = PathOf(chainId, address);
        try
        {
            return LocalFile.Read(path, LogBook.MostBytes) is { } bytes ? LogBook.Parse(bytes, chainId, address) : null;
        }
        catch (InvalidDataException e)
        {
            client.Options.Notices?.Report($"The index {path} is damaged and made again: {e.Message}");
            Delete(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            client.Options.Notices?.Report($"The index {path} cannot be read: {e.Message} The node is asked for all events.");
            return null;
        }
    }

    private static async Task RequireTipAsync(LogBook book, EthereumClient client, CancellationToken cancellationToken)
    {
        ulong? was = book.Tip;
        while (book.Checkpoints.Count > 0)
        {
            (ulong number, Bytes32 hash) = book.Checkpoints[^1];
            Block? block = await client.FindBlockAsync(number, cancellationToken).ConfigureAwait(false);
            if (block?.Hash == hash)
            {
                break;
            }

            book.GoBack();
        }

        if (was != book.Tip)
        {
            client.Options.Notices?.Report(
                $"The chain was reorganised, or is another: the index of {book.Address} goes back from block {was} to "
                + $"{(book.Tip is ulong tip ? $"block {tip}" : "its beginning")}.");
        }
    }

    // False where no more can be kept: the rest is asked of the node each time.
    private async Task<bool> CatchUpAsync(
        LogBook book, EthereumClient client, IReadOnlyList<Bytes32> topics, ulong target, CancellationToken cancellationToken)
    {
        TimeProvider time = client.Options.Time;
        long told = time.GetTimestamp();
        ulong step = Math.Max(1, client.LogBlockRange * RangesAtOnce);
        bool hasRoom = true;
        int unsaved = 0;
        try
        {
            for (ulong from = book.Tip + 1 ?? book.From; from <= target && hasRoom; from = book.Tip + 1 ?? book.From)
            {
                if (from == book.From || time.GetElapsedTime(told) > TimeSpan.FromSeconds(1))
                {
                    told = time.GetTimestamp();
                    client.Options.Notices?.Report(
                        $"The index of {book.Address} is at block {from} of {target}: {target - from} behind.");
                }

                ulong to = Math.Min(target, from + step - 1);
                Block before = await client.GetBlockAsync(to, cancellationToken).ConfigureAwait(false);
                IReadOnlyList<EventLog> logs = await client.GetLogsAsync(
                    new LogFilter(book.Address, [], from, to) { AnyEvent = topics }, cancellationToken).ConfigureAwait(false);
                Block after = await client.GetBlockAsync(to, cancellationToken).ConfigureAwait(false);
                if (before.Hash != after.Hash)
                {
                    break; // Reorganised meanwhile: of which branch the events are is not known.
                }

                hasRoom = book.TryAdd(after, logs);
                if (++unsaved % StepsUnsaved == 0)
                {
                    Save(book, client);
                }
            }
        }
        finally
        {
            Save(book, client); // Also where it was stopped: the next one goes on from there.
        }

        if (!hasRoom)
        {
            client.Options.Notices?.Report(
                $"The index of {book.Address} is full at block {book.Tip}: events after it are asked of the node each time.");
        }

        return hasRoom;
    }

    private void Save(LogBook book, EthereumClient client)
    {
        string path = PathOf(book.ChainId, book.Address);
        try
        {
            Directory.CreateDirectory(folder);
            LocalFile.Replace(path, book.ToBytes());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            client.Options.Notices?.Report($"The index {path} was not kept: {e.Message}");
        }
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is replaced when the index is next kept; until then it is only read in vain.
        }
    }

    private sealed class Kept
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public LogBook? Book { get; set; }

        /// <summary>Gets or sets the newest block when the tip's hash was last held against the node's.</summary>
        public ulong? Checked { get; set; }

        public bool IsFull { get; set; }
    }
}
