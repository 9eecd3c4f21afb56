using System.Collections.Concurrent;
using Research.Scripting.Compilation;
using Research.Scripting.Outputs;

namespace Research.Scripting.Comms;

/// <summary>A session's comms, for the front end that carries their messages.</summary>
public sealed class CommRegistry
{
    private readonly ConcurrentDictionary<string, Comm> _comms = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Action<Comm, CommMessage>> _targets = new(StringComparer.Ordinal);

    /// <summary>Gets the comms that are open.</summary>
    public IReadOnlyCollection<Comm> Comms => [.. _comms.Values];

    /// <summary>Opens a comm that the page asked for.</summary>
    /// <param name="id">The page's name for it.</param>
    /// <param name="targetName">Whom the page asks for.</param>
    /// <param name="message">The first message.</param>
    /// <param name="receive">Gets the outputs of the target's code.</param>
    /// <param name="cancellationToken">Interrupts that code.</param>
    /// <returns>Whether there is such a target; without one the page should be told that the comm is closed.</returns>
    public async Task<bool> OpenAsync(
        string id,
        string targetName,
        CommMessage message,
        Action<CellOutput> receive,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(targetName);
        if (!_targets.TryGetValue(targetName, out Action<Comm, CommMessage>? opened))
        {
            return false;
        }

        Comm? comm = null;
        try
        {
            await RunAsync(
                channel =>
                {
                    comm = new Comm(this, channel, id, targetName);
                    Add(comm);
                    opened(comm, message);
                },
                receive,
                cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch
        {
            comm?.Close(); // The page would talk to an end that never got ready.
            throw;
        }
    }

    /// <summary>Gives a comm a message from the page.</summary>
    /// <returns>Whether there is such a comm.</returns>
    /// <inheritdoc cref="OpenAsync"/>
    public async Task<bool> ReceiveAsync(
        string id, CommMessage message, Action<CellOutput> receive, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!_comms.TryGetValue(id, out Comm? comm))
        {
            return false;
        }

        await RunAsync(_ => comm.Receive(message), receive, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Closes a comm that the page closed.</summary>
    /// <returns>Whether there was such a comm.</returns>
    /// <inheritdoc cref="OpenAsync"/>
    public async Task<bool> CloseAsync(
        string id, CommMessage message, Action<CellOutput> receive, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!_comms.TryRemove(id, out Comm? comm))
        {
            return false;
        }

        await RunAsync(_ => comm.ReceiveClose(message), receive, cancellationToken).ConfigureAwait(false);
        return true;
    }

    internal bool Contains(Comm comm) => _comms.TryGetValue(comm.Id, out Comm? known) && known == comm;

    internal void Add(Comm comm) => _comms[comm.Id] = comm;

    internal bool Remove(Comm comm) => _comms.TryRemove(KeyValuePair.Create(comm.Id, comm));

    internal void Register(string targetName, Action<Comm, CommMessage> opened) => _targets[targetName] = opened;

    private async Task RunAsync(
        Action<OutputChannel> handler, Action<CellOutput> receive, CancellationToken cancellationToken)
    {
        using OutputChannel channel = new(receive, batched: true) { Comms = this };
        OutputChannel? outer = OutputChannel.Current;
        OutputChannel.Current = channel;
        try
        {
            await Interruptible.RunAsync(
                () =>
                {
                    handler(channel);
                    return Task.FromResult(true);
                },
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            OutputChannel.Current = outer;
        }
    }
}
