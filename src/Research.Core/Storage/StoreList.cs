using System.Collections.Concurrent;

namespace Research.Storage;

/// <summary>Several stores in order: what one does not have, gives wrongly or cannot be asked for, the next is.</summary>
/// <remarks>
/// What comes from another store is kept in the first folder of the list, so that whoever scored once has it all. What is
/// stored goes into every store that takes writes. A store that does not answer is asked last for half a minute; one that
/// gives something else under a name is named, and is not asked for it for five. One that is slow does not hold up the next,
/// which is asked beside it after ten seconds.
/// </remarks>
public sealed class StoreList : IBlobStore, IDisposable
{
    private const int MostAtOnce = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Quarantine = TimeSpan.FromMinutes(5);

    private readonly IBlobStore[] _stores;
    private readonly int _own; // How many of them, the first, the user named.
    private readonly FolderStore? _near;
    private readonly IProgress<string>? _notices;
    private readonly TimeProvider _time;
    private readonly NamedStores? _named;
    private readonly ConcurrentDictionary<(IBlobStore Store, ContentHash Hash, long Most), (string Why, long Since)>
        _quarantine = [];

    private readonly ConcurrentDictionary<IBlobStore, long> _silentSince = [];

    /// <summary>Makes the list.</summary>
    /// <param name="stores">The stores, those that are asked first in front; at least one. They stay the caller's.</param>
    /// <param name="notices">Told of each store that lies, does not answer or does not take something, a line each.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="openNamed">Opens what a specification names, which is a stranger's choice; null to ask none of it. See
    /// <see cref="StoreAddress.Open"/>.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public StoreList(
        IReadOnlyList<IBlobStore> stores,
        IProgress<string>? notices = null,
        TimeProvider? time = null,
        Func<StoreAddress, IBlobStore>? openNamed = null)
    {
        ArgumentNullException.ThrowIfNull(stores);
        if (stores.Count == 0)
        {
            throw new ArgumentException("Expected at least one store; got none.", nameof(stores));
        }

        _stores = [.. stores];
        _own = _stores.Length;
        _near = stores.OfType<FolderStore>().FirstOrDefault();
        _notices = notices;
        _time = time ?? TimeProvider.System;
        _named = openNamed is null ? null : new NamedStores(openNamed);
    }

    // What is known of a store holds wherever it stands in a list.
    private StoreList(StoreList own, IReadOnlyList<IBlobStore> named)
    {
        _stores = [.. own._stores, .. named];
        _own = own._own;
        (_near, _notices, _time) = (own._near, own._notices, own._time);
        (_quarantine, _silentSince) = (own._quarantine, own._silentSince);
    }

    /// <inheritdoc/>
    public string Name => string.Join(", then ", _stores.Select(store => store.Name));

    /// <inheritdoc/>
    public bool TakesWrites => _stores.Any(store => store.TakesWrites);

    /// <summary>Closes what was opened because a specification named it.</summary>
    public void Dispose() => _named?.Dispose();

    /// <inheritdoc/>
    public IBlobStore WithNamed(IReadOnlyList<StoreAddress> named)
    {
        ArgumentNullException.ThrowIfNull(named);
        IBlobStore[] more =
        [
            .. (_named?.Open(named) ?? []).Where(one => _stores.All(own => own.Name != one.Name)).DistinctBy(one => one.Name),
        ];
        return more.Length == 0 ? this : new StoreList(this, more);
    }

    /// <inheritdoc/>
    public async Task<byte[]?> FindAsync(
        ContentHash hash, long mostBytes, CancellationToken cancellationToken = default)
    {
        (byte[]? found, IBlobStore? source) = await AskAsync(
            $"the blob {hash}",
            (hash, mostBytes),
            (store, stop) => store.FindAsync(hash, mostBytes, stop),
            cancellationToken).ConfigureAwait(false);
        if (found is not null && _near is not null && source != _near)
        {
            await KeepAsync($"the blob {hash}", near => near.PutAsync(found, cancellationToken)).ConfigureAwait(false);
        }

        return found;
    }

    /// <inheritdoc/>
    public async Task<ContentHash> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        BlobLimits.Require(content);
        ContentHash hash = ContentHash.Of(content.Span);
        await TellAsync($"the blob {hash}", (store, stop) => store.PutAsync(content, stop), cancellationToken)
            .ConfigureAwait(false);
        return hash;
    }

    /// <inheritdoc/>
    public async Task<byte[]?> FindNamedAsync(
        string name, long mostBytes, Action<byte[]> check, CancellationToken cancellationToken = default)
    {
        EntryName.Require(name);
        (byte[]? found, IBlobStore? source) = await AskAsync(
            $"the entry {name}",
            null,
            (store, stop) => store.FindNamedAsync(name, mostBytes, check, stop),
            cancellationToken).ConfigureAwait(false);
        if (found is not null && _near is not null && source != _near)
        {
            await KeepAsync($"the entry {name}", near => near.PutNamedAsync(name, found, cancellationToken))
                .ConfigureAwait(false);
        }

        return found;
    }

    /// <inheritdoc/>
    public Task PutNamedAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        EntryName.Require(name);
        BlobLimits.Require(content);
        return TellAsync(
            $"the entry {name}", (store, stop) => store.PutNamedAsync(name, content, stop), cancellationToken);
    }

    private async Task<(byte[]? Found, IBlobStore? Source)> AskAsync(
        string what,
        (ContentHash Hash, long Most)? blob,
        Func<IBlobStore, CancellationToken, Task<byte[]?>> ask,
        CancellationToken cancellationToken)
    {
        List<string> wrong = [];
        List<string> silent = [];
        Queue<IBlobStore> waiting = new(_stores.OrderBy(IsResting)); // Stable: the order is kept among the others.
        List<Task<Answer>> asked = [];
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (waiting.Count + asked.Count > 0)
            {
                if (asked.Count < MostAtOnce && waiting.TryDequeue(out IBlobStore? next))
                {
                    asked.Add(AnswerAsync(next, what, blob, ask, stop.Token));
                }

                Task<Answer>? first = await FirstAsync(asked, waiting.Count > 0 && asked.Count < MostAtOnce, cancellationToken)
                    .ConfigureAwait(false);
                if (first is null)
                {
                    continue; // Too slow: the next one is asked beside it.
                }

                asked.Remove(first);
                Answer answer = await first.ConfigureAwait(false);
                if (answer.Content is not null)
                {
                    return (answer.Content, answer.Source);
                }

                wrong.AddRange(answer.Wrong is null ? [] : [answer.Wrong]);
                silent.AddRange(answer.Silent is null ? [] : [answer.Silent]);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(asked)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return silent.Count > 0
            ? throw new StoreException(Name, $"{what} was not found; {string.Join(" ", silent.Concat(wrong))}")
            : wrong.Count > 0
            ? throw new InvalidDataException(string.Join(" ", wrong))
            : (null, null);
    }

    // The first that is done; null where none is in time, and another could be asked.
    private async Task<Task<Answer>?> FirstAsync(
        List<Task<Answer>> asked, bool isBounded, CancellationToken cancellationToken)
    {
        Task<Task<Answer>> first = Task.WhenAny(asked);
        try
        {
            return await first
                .WaitAsync(isBounded ? Patience : Timeout.InfiniteTimeSpan, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private async Task<Answer> AnswerAsync(
        IBlobStore store,
        string what,
        (ContentHash Hash, long Most)? blob,
        Func<IBlobStore, CancellationToken, Task<byte[]?>> ask,
        CancellationToken cancellationToken)
    {
        if (blob is { } known
            && _quarantine.TryGetValue((store, known.Hash, known.Most), out (string Why, long Since) before)
            && _time.GetElapsedTime(before.Since) < Quarantine)
        {
            return new Answer(store) { Wrong = before.Why };
        }

        try
        {
            byte[]? content = await ask(store, cancellationToken).ConfigureAwait(false);
            _silentSince.TryRemove(store, out _);
            return new Answer(store) { Content = content };
        }
        catch (InvalidDataException e)
        {
            if (blob is { } asked && store is not FolderStore) // A folder's file can be mended, by storing it again.
            {
                _quarantine[(store, asked.Hash, asked.Most)] = (e.Message, _time.GetTimestamp());
            }

            Notice($"The store {store.Name} gives something else for {what}, and is not believed: {e.Message}");
            return new Answer(store) { Wrong = e.Message };
        }
        catch (StoreException e)
        {
            if (_silentSince.TryAdd(store, _time.GetTimestamp()))
            {
                Notice(e.Message);
            }

            return new Answer(store) { Silent = e.Message };
        }
    }

    // Into each, all at once; it is stored when somebody else can have it, or, where all of one's own are folders, when one has
    // it: a store that a stranger names cannot make it fail.
    private async Task TellAsync(
        string what, Func<IBlobStore, CancellationToken, Task> put, CancellationToken cancellationToken)
    {
        IBlobStore[] writable = [.. _stores.Where(store => store.TakesWrites)];
        bool needsFar = _stores.Take(_own).Any(store => store.TakesWrites && store is not FolderStore);
        using CancellationTokenSource late = new(Timeout.InfiniteTimeSpan, _time);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        string?[] refusals = await Task.WhenAll(writable.Select(StoreAsync)).ConfigureAwait(false);
        bool isStored = writable
            .Zip(refusals)
            .Any(one => one.Second is null && (!needsFar || one.First is not FolderStore));
        if (!isStored)
        {
            throw new StoreException(
                Name,
                writable.Length == 0
                    ? $"{what} cannot be stored: none of them takes writes. Name a folder or a server with --store."
                    : $"{what} is in no store that others can read: {string.Join(" ", refusals.OfType<string>())}");
        }

        foreach (string refusal in refusals.OfType<string>())
        {
            Notice(refusal);
        }

        // Null where it is stored.
        async Task<string?> StoreAsync(IBlobStore store)
        {
            try
            {
                await put(store, stop.Token).ConfigureAwait(false);
                _silentSince.TryRemove(store, out _);
                if (store is not FolderStore)
                {
                    late.CancelAfter(Grace); // The slowest of several holds up nobody for long.
                }

                return null;
            }
            catch (StoreException e)
            {
                return e.Message;
            }
            catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                return $"The store {store.Name} had not taken {what} {Grace.TotalMinutes:0} minutes after another.";
            }
        }
    }

    private async Task KeepAsync(string what, Func<FolderStore, Task> put)
    {
        try
        {
            await put(_near!).ConfigureAwait(false);
        }
        catch (StoreException e)
        {
            Notice($"A copy of {what} was not kept here: {e.Message}");
        }
    }

    // Asked in its turn again after a while, and named again where it still does not answer.
    private bool IsResting(IBlobStore store)
    {
        if (!_silentSince.TryGetValue(store, out long since))
        {
            return false;
        }

        bool isResting = _time.GetElapsedTime(since) < Rest;
        if (!isResting)
        {
            _silentSince.TryRemove(store, out _);
        }

        return isResting;
    }

    private void Notice(string line) => _notices?.Report(line);

    /// <summary>What one store says: the bytes, or what is wrong with them, or why it cannot be asked, or that it has none.</summary>
    private sealed record Answer(IBlobStore Source)
    {
        public byte[]? Content { get; init; }

        public string? Wrong { get; init; }

        public string? Silent { get; init; }
    }
}
