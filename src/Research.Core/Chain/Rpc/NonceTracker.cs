using System.Collections.Concurrent;
using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>Gives each transaction of a sender its own nonce, one at a time.</summary>
/// <remarks>
/// The node's count may lag behind what it took a moment ago, so the higher of its count and ours is used.
/// </remarks>
internal sealed class NonceTracker : IDisposable
{
    private readonly ConcurrentDictionary<Address, Sender> _senders = [];

    public async Task<Bytes32> UseNextAsync(
        Address address,
        Func<Task<ulong>> countOnNode,
        Func<ulong, Task<Bytes32>> send,
        CancellationToken cancellationToken)
    {
        Sender sender = _senders.GetOrAdd(address, _ => new Sender());
        await sender.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ulong nonce = Math.Max(await countOnNode().ConfigureAwait(false), sender.Next);
            sender.Next = 0; // Trust nothing of ours until the node has taken this one.
            Bytes32 hash = await send(nonce).ConfigureAwait(false);
            sender.Next = nonce + 1;
            return hash;
        }
        finally
        {
            sender.Turn.Release();
        }
    }

    public void Forget(Address address)
    {
        if (_senders.TryGetValue(address, out Sender? sender))
        {
            sender.Next = 0;
        }
    }

    public void Dispose()
    {
        foreach (Sender sender in _senders.Values)
        {
            sender.Turn.Dispose();
        }
    }

    private sealed class Sender
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public ulong Next { get; set; }
    }
}
