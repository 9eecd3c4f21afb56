using System.Text;
using System.Text.Json.Nodes;
using Research.Kernel.Messages;
using Research.Kernel.Zmtp;

namespace Research.Kernel;

/// <summary>The channel on which every client sees what goes on.</summary>
/// <remarks>One message after another: all clients see them in the order of the calls.</remarks>
internal sealed class IOPub
{
    private readonly MessageWriter _writer;
    private readonly Lock _gate = new();

    public IOPub(MessageWriter writer, ZmtpLimits limits, Action<string> log)
    {
        _writer = writer;
        Socket = new PublisherSocket(limits, Welcome, log);
    }

    /// <summary>Gets what the socket does with its peers.</summary>
    public PublisherSocket Socket { get; }

    /// <summary>Publishes a message.</summary>
    /// <param name="type">Its type; also its topic.</param>
    /// <param name="parent">What it belongs to, or null.</param>
    /// <param name="content">What it says.</param>
    /// <param name="metadata">Notes about it, or null.</param>
    /// <param name="buffers">Binary data beside the content, or null.</param>
    public void Publish(
        string type,
        Request? parent,
        JsonObject content,
        JsonObject? metadata = null,
        IReadOnlyList<ReadOnlyMemory<byte>>? buffers = null)
    {
        lock (_gate)
        {
            Socket.Send(_writer.Write(Encoding.UTF8.GetBytes(type), type, parent, content, metadata, buffers));
        }
    }

    /// <summary>Publishes the kernel's state.</summary>
    /// <param name="state"><c>starting</c>, <c>busy</c> or <c>idle</c>.</param>
    /// <param name="parent">The request that it is busy with.</param>
    public void PublishStatus(string state, Request? parent) =>
        Publish("status", parent, new JsonObject { ["execution_state"] = state });

    // Jupyter's enhancement proposal 65: a subscriber learns that it misses nothing from here on.
    private void Welcome(ZmtpConnection subscriber, byte[] topic)
    {
        JsonObject content = new() { ["subscription"] = Encoding.UTF8.GetString(topic) };
        subscriber.Send(ZmtpFrame.Encode(_writer.Write(topic, "iopub_welcome", null, content)));
    }
}
