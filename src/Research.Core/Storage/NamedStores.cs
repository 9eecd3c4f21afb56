using System.Collections.Concurrent;

namespace Research.Storage;

/// <summary>The stores that specifications name, each opened once.</summary>
/// <param name="open">Opens one.</param>
internal sealed class NamedStores(Func<StoreAddress, IBlobStore> open) : IDisposable
{
    private readonly ConcurrentDictionary<StoreAddress, Lazy<IBlobStore>> _stores = [];

    /// <summary>Gets the stores at some addresses, in their order; nothing is asked yet.</summary>
    public IEnumerable<IBlobStore> Open(IEnumerable<StoreAddress> named) =>
        named.Select(address => _stores.GetOrAdd(address, one => new Lazy<IBlobStore>(() => open(one))).Value);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Lazy<IBlobStore> store in _stores.Values.Where(one => one.IsValueCreated))
        {
            (store.Value as IDisposable)?.Dispose();
        }
    }
}
