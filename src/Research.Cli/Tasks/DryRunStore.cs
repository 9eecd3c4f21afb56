using System.Collections.Concurrent;
using Research.Storage;

namespace Research.Cli.Tasks;

/// <summary>A store to which a dry run only seems to write: what is put is there for this run, and nobody else sees it.</summary>
internal sealed class DryRunStore(IBlobStore store) : IBlobStore
{
    private readonly ConcurrentDictionary<ContentHash, byte[]> _blobs = [];
    private readonly ConcurrentDictionary<string, byte[]> _named = [];

    public string Name => store.Name;

    public bool TakesWrites => store.TakesWrites;

    public async Task<byte[]?> FindAsync(ContentHash hash, long mostBytes, CancellationToken cancellationToken = default) =>
        _blobs.TryGetValue(hash, out byte[]? content) && content.Length <= mostBytes
            ? content
            : await store.FindAsync(hash, mostBytes, cancellationToken).ConfigureAwait(false);

    public Task<ContentHash> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        ContentHash hash = ContentHash.Of(content.Span);
        _blobs[hash] = content.ToArray();
        return Task.FromResult(hash);
    }

    public async Task<byte[]?> FindNamedAsync(
        string name, long mostBytes, Action<byte[]> check, CancellationToken cancellationToken = default)
    {
        if (_named.TryGetValue(name, out byte[]? content))
        {
            check(content);
            return content;
        }

        return await store.FindNamedAsync(name, mostBytes, check, cancellationToken).ConfigureAwait(false);
    }

    public Task PutNamedAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        _named[name] = content.ToArray();
        return Task.CompletedTask;
    }
}
