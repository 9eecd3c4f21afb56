using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Scripting.Outputs;

namespace Research.Scripting.Comms;

/// <summary>One end of a line between a cell and code in the front end's page, beside the cell's outputs.</summary>
/// <remarks>
/// A cell opens one with <see cref="Open"/>, where the page has registered the target; or registers a target itself
/// with <see cref="RegisterTarget"/>, for comms that the page opens. Messages from the page run as cells do, one after
/// another, and what their handlers print goes below the cell that the page names.
/// </remarks>
public sealed class Comm
{
    private readonly CommRegistry _registry;
    private readonly OutputChannel _channel;

    internal Comm(CommRegistry registry, OutputChannel channel, string id, string targetName)
    {
        (_registry, _channel) = (registry, channel);
        (Id, TargetName) = (id, targetName);
    }

    /// <summary>Raised for each message from the page.</summary>
    public event EventHandler<CommMessage>? Received;

    /// <summary>Raised when the page closes the comm.</summary>
    public event EventHandler<CommMessage>? Closed;

    /// <summary>Gets the comm's name, the same at both ends.</summary>
    public string Id { get; }

    /// <summary>Gets the name by which the other end was found.</summary>
    public string TargetName { get; }

    /// <summary>Gets whether neither end has closed it.</summary>
    public bool IsOpen => _registry.Contains(this);

    /// <summary>Opens a comm to code in the page.</summary>
    /// <param name="targetName">The target that the page registered.</param>
    /// <param name="data">The first message: JSON, or what JSON can be made of.</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static Comm Open(string targetName, object? data = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(targetName);
        (OutputChannel channel, CommRegistry registry) = Ambient();
        Comm comm = new(registry, channel, Guid.NewGuid().ToString("N"), targetName);
        registry.Add(comm);
        comm.Emit(CommAction.Open, data, []);
        return comm;
    }

    /// <summary>Lets the page open comms to this session.</summary>
    /// <param name="targetName">The name the page asks for.</param>
    /// <param name="opened">Gets each new comm and the page's first message.</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static void RegisterTarget(string targetName, Action<Comm, CommMessage> opened)
    {
        ArgumentException.ThrowIfNullOrEmpty(targetName);
        ArgumentNullException.ThrowIfNull(opened);
        Ambient().Registry.Register(targetName, opened);
    }

    /// <summary>Sends a message to the page.</summary>
    /// <param name="data">JSON, or what JSON can be made of.</param>
    /// <param name="buffers">Binary data beside it.</param>
    /// <exception cref="InvalidOperationException">The comm is closed.</exception>
    public void Send(object? data, params ReadOnlyMemory<byte>[] buffers)
    {
        if (!IsOpen)
        {
            throw new InvalidOperationException($"The comm to {TargetName} is closed.");
        }

        Emit(CommAction.Message, data, buffers ?? []);
    }

    /// <summary>Closes the comm at both ends; once is enough.</summary>
    /// <param name="data">A last message.</param>
    public void Close(object? data = null)
    {
        if (_registry.Remove(this))
        {
            Emit(CommAction.Close, data, []);
        }
    }

    internal void Receive(CommMessage message) => Received?.Invoke(this, message);

    internal void ReceiveClose(CommMessage message) => Closed?.Invoke(this, message);

    private static (OutputChannel Channel, CommRegistry Registry) Ambient() =>
        OutputChannel.Current is { Comms: { } registry } channel
            ? (channel, registry)
            : throw new InvalidOperationException("Comms belong to cells; no cell is running.");

    private void Emit(CommAction action, object? data, ReadOnlyMemory<byte>[] buffers)
    {
        JsonNode? json = data as JsonNode ?? JsonSerializer.SerializeToNode(data) ?? new JsonObject();
        OutputChannel channel = OutputChannel.Current ?? _channel;
        channel.Emit(new CommOutput(action, Id, TargetName, new CommMessage(json.DeepClone(), [], buffers)));
    }
}
