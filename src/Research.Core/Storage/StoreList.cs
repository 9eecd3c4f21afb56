using System.Collections.Concurrent;

namespace Research.Storage;

/// <summary>Several stores in order: what one does not have, gives wrongly or cannot be asked for, the next is.</summary>
/// <remarks>
/// What comes from another store is kept in the first folder of the list, so that whoever scored once has it all. What is
/// stored goes into every store that takes writes. A store that does not answer is asked last for half a minute; one that
/// gives something else under a name is named, and is not asked for it for five.
/// </remarks>
public sealed class StoreList : IBlobStore
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Quarantine = TimeSpan.FromMinutes(5);

    private readonly IBlobStore[] _stores;
    private readonly FolderStore? _near;
    private readonly IProgress<string>? _notices;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<(IBlobStore Store, ContentHash Hash, long Most), (string Why, long Since)>
        _quarantine = [];

    private readonly ConcurrentDictionary<IBlobStore, long> _silentSince = [];

    /// <summary>Makes the list.</summary>
    /// <param name="stores">The stores, those that are asked first in front; at least one.</param>
    /// <param name="notices">Told of each store that lies, does not answer or does not take something, a line each.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public StoreList(
        IReadOnlyList<IBlobStore> stores, IProgress<string>? notices = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(stores);
        if (stores.Count == 0)
        {
            throw new ArgumentException("Expected at least one store; got none.", nameof(stores));
        }

        _stores = [.. stores];
        _near = stores.OfType<FolderStore>().FirstOrDefault();
        _notices = notices;
        _time = time ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public string Name => string.Join(", then ", _stores.Select(store => store.Name));

    /// <inheritdoc/>
    public bool TakesWrites => _stores.Any(store => store.TakesWrites);

    /// <inheritdoc/>
    public async Task<byte[]?> FindAsync(
        ContentHash hash, long mostBytes, CancellationToken cancellationToken = default)
    {
        (byte[]? found, IBlobStore? source) = await AskAsync(
            $"the blob {hash}",
            (hash, mostBytes),
            store => store.FindAsync(hash, mostBytes, cancellationToken)).ConfigureAwait(false);
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
        await TellAsync($"the blob {hash}", store => store.PutAsync(content, cancellationToken)).ConfigureAwait(false);
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
            store => store.FindNamedAsync(name, mostBytes, check, cancellationToken)).ConfigureAwait(false);
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
        return TellAsync($"the entry {name}", store => store.PutNamedAsync(name, content, cancellationToken));
    }

    private async Task<(byte[]? Found, IBlobStore? Source)> AskAsync(
        string what, (ContentHash Hash, long Most)? blob, Func<IBlobStore, Task<byte[]?>> ask)
    {
        List<string> wrong = [];
        List<string> silent = [];
        foreach (IBlobStore store in _stores.OrderBy(IsResting)) // Stable: the order is kept among the others.
        {
            if (blob is { } known
                && _quarantine.TryGetValue((store, known.Hash, known.Most), out (string Why, long Since) before)
                && _time.GetElapsedTime(before.Since) < Quarantine)
            {
                wrong.Add(before.Why);
                continue;
            }

            try
            {
                byte[]? found = await ask(store).ConfigureAwait(false);
                _silentSince.TryRemove(store, out _);
                if (found is not null)
                {
                    return (found, store);
                }
            }
            catch (InvalidDataException e)
            {
                wrong.Add(e.Message);
                if (blob is { } asked && store is not FolderStore) // A folder's file can be mended, by storing it again.
                {
                    _quarantine[(store, asked.Hash, asked.Most)] = (e.Message, _time.GetTimestamp());
                }

                Notice($"The store {store.Name} gives something else for {what}, and is not believed: {e.Message}");
            }
            catch (StoreException e)
            {
                silent.Add(e.Message);
                if (_silentSince.TryAdd(store, _time.GetTimestamp()))
                {
                    Notice(e.Message);
                }
            }
        }

        return silent.Count > 0
            ? throw new StoreException(Name, $"{what} was not found; {string.Join(" ", silent.Concat(wrong))}")
            : wrong.Count > 0
            ? throw new InvalidDataException(string.Join(" ", wrong))
            : (null, null);
    }

    // Into each; it is stored when somebody else can have it, or, where all are folders, when one has it.
    private async Task TellAsync(string what, Func<IBlobStore, Task> put)
    {
        IBlobStore[] writable = [.. _stores.Where(store => store.TakesWrites)];
        List<string> refusals = [];
        bool isFar = false;
        bool isNear = false;
        foreach (IBlobStore store in writable)
        {
            try
            {
                await put(store).ConfigureAwait(false);
                _silentSince.TryRemove(store, out _);
                (isNear, isFar) = store is FolderStore ? (true, isFar) : (isNear, true);
            }
            catch (StoreException e)
            {
                refusals.Add(e.Message);
            }
        }

        bool isStored = writable.All(store => store is FolderStore) ? isNear : isFar;
        if (!isStored)
        {
            throw new StoreException(
                Name,
                writable.Length == 0
                    ? $"{what} cannot be stored: none of them takes writes. Name a folder or a server with --store."
                    : $"{what} is in no store that others can read: {string.Join(" ", refusals)}");
        }

        foreach (string refusal in refusals)
        {
            Notice(refusal);
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
}
