using System.Net;
using System.Net.Sockets;

namespace Research.Cli.Stores;

/// <summary>The places of uploads: so many at once, and of one client's address a part of them, so that nobody takes
/// all.</summary>
/// <remarks>An address that has its part waits for its own places and holds none of the others'. Of IPv6 a whole /64
/// is one address, since whoever has one of it has all. Clients behind one proxy are one address.</remarks>
/// <param name="most">Places in all.</param>
/// <param name="mostOfOne">Places of one address.</param>
/// <param name="patience">How long one waits for a place.</param>
internal sealed class UploadTurns(int most, int mostOfOne, TimeSpan patience) : IDisposable
{
    private const int PrefixBytes = 8;

    private readonly SemaphoreSlim _all = new(most, most);
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Places> _clients = [];

    /// <summary>Does something in a place; says whether there was one in time.</summary>
    /// <param name="client">The client's address; null where it has none.</param>
    /// <param name="work">What is done.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<bool> TryRunAsync(IPAddress? client, Func<Task> work, CancellationToken cancellationToken)
    {
        IPAddress key = KeyOf(client ?? IPAddress.None);
        Places own = Enter(key);
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(patience);
        try
        {
            if (!await TryTakeAsync(own.Free, late.Token, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            try
            {
                return await TryRunInAllAsync(work, late.Token, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                own.Free.Release();
            }
        }
        finally
        {
            Leave(key, own);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _all.Dispose(); // Those of clients are disposed of by the last of each.

    /// <summary>Gets what counts as one client.</summary>
    internal static IPAddress KeyOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(PrefixBytes).Clear();
        return new IPAddress(bytes);
    }

    private async Task<bool> TryRunInAllAsync(
        Func<Task> work, CancellationToken late, CancellationToken cancellationToken)
    {
        if (!await TryTakeAsync(_all, late, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        try
        {
            await work().ConfigureAwait(false);
            return true;
        }
        finally
        {
            _all.Release();
        }
    }

    private static async Task<bool> TryTakeAsync(
        SemaphoreSlim places, CancellationToken late, CancellationToken cancellationToken)
    {
        try
        {
            await places.WaitAsync(late).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private Places Enter(IPAddress key)
    {
        lock (_gate)
        {
            if (!_clients.TryGetValue(key, out Places? own))
            {
                own = new Places(new SemaphoreSlim(mostOfOne, mostOfOne));
                _clients.Add(key, own);
            }

            own.Users++;
            return own;
        }
    }

    private void Leave(IPAddress key, Places own)
    {
        lock (_gate)
        {
            if (--own.Users == 0)
            {
                _clients.Remove(key);
                own.Free.Dispose();
            }
        }
    }

    private sealed class Places(SemaphoreSlim free)
    {
        public SemaphoreSlim Free { get; } = free;

        public int Users { get; set; }
    }
}
