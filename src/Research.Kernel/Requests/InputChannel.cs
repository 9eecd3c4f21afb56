using System.Text.Json.Nodes;
using Research.Kernel.Messages;
using Research.Scripting.Input;

namespace Research.Kernel.Requests;

/// <summary>Asks the user of the running cell for a line: <c>input_request</c> on stdin.</summary>
internal sealed class InputChannel : IDisposable
{
    private const string EndOfInput = "\u0004"; // What front ends send for Ctrl-D.

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _gate = new();
    private readonly Action<string> _log;
    private Request? _cell;
    private bool _allowed;
    private (string Identity, TaskCompletionSource<string?> Line)? _asked;

    public InputChannel(MessageReader reader, MessageWriter writer, Action<string> log)
    {
        _log = log;
        Channel = new RequestChannel("stdin", reader, writer, Receive, log);
    }

    /// <summary>Gets the channel.</summary>
    public RequestChannel Channel { get; }

    /// <summary>Starts a cell.</summary>
    /// <param name="cell">The request whose client is asked.</param>
    /// <param name="allowed">Whether that client can ask its user.</param>
    public void Begin(Request cell, bool allowed)
    {
        lock (_gate)
        {
            (_cell, _allowed) = (cell, allowed);
        }
    }

    /// <summary>Ends the cell: nobody is asked from now on.</summary>
    public void End()
    {
        lock (_gate)
        {
            _cell = null;
        }
    }

    /// <summary>Asks for a line.</summary>
    /// <returns>The line, or null at the end of input.</returns>
    /// <exception cref="InputUnavailableException">The client cannot ask its user.</exception>
    public async Task<string?> AskAsync(InputRequest input, CancellationToken interrupted)
    {
        await _turn.WaitAsync(interrupted).ConfigureAwait(false);
        try
        {
            Request cell = Asker();
            TaskCompletionSource<string?> line = new(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                _asked = (cell.Identity, line);
            }

            JsonObject content = new() { ["prompt"] = input.Prompt, ["password"] = input.IsPassword };
            if (!Channel.Send("input_request", cell, content))
            {
                throw new InputUnavailableException(
                    "Input was asked for, but the front end is not connected to the kernel's stdin channel.");
            }

            return await line.Task.WaitAsync(interrupted).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _asked = null;
            }

            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private Request Asker()
    {
        lock (_gate)
        {
            if (_cell is null)
            {
                throw new InputUnavailableException("Input was asked for after the cell's end, when nobody listens.");
            }

            return _allowed
                ? _cell
                : throw new InputUnavailableException(
                    "Input was asked for, but this front end does not support input (allow_stdin is false).");
        }
    }

    private void Receive(Request reply)
    {
        if (reply.Type != "input_reply")
        {
            _log($"stdin: unknown message {reply.Type}.");
            MessageException unknown = new($"Unknown message type {reply.Type} on the stdin channel.");
            Channel.Reply(reply, ReplyContent.Error(unknown));
            return;
        }

        string? value;
        try
        {
            value = reply.Content.Text("value");
        }
        catch (MessageException exception)
        {
            _log($"stdin: ignored an input_reply: {exception.Message}");
            return;
        }

        lock (_gate)
        {
            // Clients do not name the request they answer: what nobody waits for is late, and dropped.
            if (_asked is { } asked && asked.Identity == reply.Identity)
            {
                asked.Line.TrySetResult(value == EndOfInput ? null : value);
            }
        }
    }
}
