using System.Text.Json.Nodes;
using Research.Kernel.Messages;
using Research.Kernel.Zmtp;

namespace Research.Kernel;

/// <summary>A channel on which clients ask and get answers: shell, control or stdin.</summary>
internal sealed class RequestChannel
{
    private readonly string _name;
    private readonly MessageReader _reader;
    private readonly MessageWriter _writer;
    private readonly Action<Request> _received;
    private readonly Action<string> _log;

    /// <param name="name">The channel's name, for the log.</param>
    /// <param name="reader">Checks and parses what comes.</param>
    /// <param name="writer">Signs what goes.</param>
    /// <param name="received">Gets each request, on its client's own thread.</param>
    /// <param name="log">Told what was dropped and why.</param>
    public RequestChannel(
        string name, MessageReader reader, MessageWriter writer, Action<Request> received, Action<string> log)
    {
        (_name, _reader, _writer, _received, _log) = (name, reader, writer, received, log);
        Socket = new RouterSocket(Receive);
    }

    /// <summary>Gets what the socket does with its peers.</summary>
    public RouterSocket Socket { get; }

    /// <summary>Answers a request.</summary>
    public void Reply(Request request, JsonObject content) => Send(request.ReplyType, request, content);

    /// <summary>Sends a message to the client of a request; false when it is not connected here.</summary>
    public bool Send(string type, Request parent, JsonObject content) =>
        Socket.Send(parent.Identity, _writer.Write(null, type, parent, content));

    private void Receive(string identity, IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        Request request;
        try
        {
            request = _reader.Read(identity, frames);
        }
        catch (MessageException exception)
        {
            _log($"{_name}: ignored a message: {exception.Message}"); // Nobody to answer, or nobody we trust.
            return;
        }

        _received(request);
    }
}
