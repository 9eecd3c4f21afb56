using System.Text.Json.Nodes;
using System.Threading.Channels;
using Research.Kernel.Messages;

namespace Research.Kernel.Requests;

/// <summary>Requests that wait for each other, in the order in which they came.</summary>
/// <remarks>
/// Around each, <c>busy</c> and <c>idle</c> are published; all that its code shows is published before its reply is
/// sent, and that before <c>idle</c>. When a cell fails, those that were asked for before its reply left are aborted.
/// </remarks>
internal sealed class ShellRequests
{
    private const int LongestQueue = 10_000;

    private readonly Channel<(Request Request, long Arrival)> _queue =
        System.Threading.Channels.Channel.CreateUnbounded<(Request Request, long Arrival)>(
            new UnboundedChannelOptions { SingleReader = true });

    private readonly IOPub _iopub;
    private readonly Interruption _interruption;
    private readonly Action _stop;
    private readonly Action<string> _log;
    private readonly Dictionary<string, Func<Request, CancellationToken, Task<JsonObject?>>> _answers = [];
    private long _arrivals;
    private long _answered;
    private long _abortedThrough;

    /// <param name="reader">Checks and parses what comes.</param>
    /// <param name="writer">Signs what goes.</param>
    /// <param name="iopub">Where busy and idle are published.</param>
    /// <param name="interruption">Stops the request that is running.</param>
    /// <param name="stop">Ends the kernel, after a shutdown.</param>
    /// <param name="log">Told of what is unknown and what fails.</param>
    public ShellRequests(
        MessageReader reader,
        MessageWriter writer,
        IOPub iopub,
        Interruption interruption,
        Action stop,
        Action<string> log)
    {
        (_iopub, _interruption, _stop, _log) = (iopub, interruption, stop, log);
        Channel = new RequestChannel("shell", reader, writer, Receive, log);
    }

    /// <summary>Gets the channel.</summary>
    public RequestChannel Channel { get; }

    /// <summary>Adds what answers a type of request at once.</summary>
    public void Answer(string type, Func<Request, JsonObject> answer) =>
        _answers[type] = (request, _) => Task.FromResult<JsonObject?>(answer(request));

    /// <summary>Adds what answers a type of request.</summary>
    public void Answer(string type, Func<Request, CancellationToken, Task<JsonObject>> answer) =>
        _answers[type] = async (request, interrupted) => await answer(request, interrupted).ConfigureAwait(false);

    /// <summary>Adds what takes a type of message that has no reply.</summary>
    public void Take(string type, Func<Request, CancellationToken, Task> take) =>
        _answers[type] = async (request, interrupted) =>
        {
            await take(request, interrupted).ConfigureAwait(false);
            return null;
        };

    /// <summary>Answers requests until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach ((Request request, long arrival) in
            _queue.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            await HandleAsync(request, arrival).ConfigureAwait(false);
            Interlocked.Increment(ref _answered);
            if (request.Type == "shutdown_request")
            {
                _stop();
            }
        }
    }

    private void Receive(Request request)
    {
        if (Interlocked.Read(ref _arrivals) - Interlocked.Read(ref _answered) >= LongestQueue)
        {
            MessageException full = new($"Expected at most {LongestQueue} requests to wait.");
            Channel.Reply(request, ReplyContent.Error(full));
            return;
        }

        _queue.Writer.TryWrite((request, Interlocked.Increment(ref _arrivals)));
    }

    private async Task HandleAsync(Request request, long arrival)
    {
        _iopub.PublishStatus("busy", request);
        if (request.Type == "execute_request" && arrival <= _abortedThrough)
        {
            Channel.Reply(request, new JsonObject { ["status"] = "aborted" });
        }
        else if (await AnswerAsync(request).ConfigureAwait(false) is { } reply)
        {
            if (request.Type == "execute_request" && ExecuteRequests.IsError(reply) && StopsOnError(request))
            {
                _abortedThrough = Interlocked.Read(ref _arrivals);
            }

            Channel.Reply(request, reply);
        }

        _iopub.PublishStatus("idle", request);
    }

    private async Task<JsonObject?> AnswerAsync(Request request)
    {
        if (!_answers.TryGetValue(request.Type, out Func<Request, CancellationToken, Task<JsonObject?>>? answer))
        {
            _log($"shell: unknown message {request.Type}.");
            return ReplyContent.Error(
                new MessageException($"Unknown message type {request.Type} on the shell channel."));
        }

        try
        {
            return await answer(request, _interruption.Begin()).ConfigureAwait(false);
        }
        catch (MessageException exception)
        {
            return ReplyContent.Error(exception);
        }
        catch (Exception exception) // Whatever goes wrong, the client gets its reply, and the next request its turn.
        {
            _log($"shell: {request.Type} failed: {exception}");
            return ReplyContent.Error(exception);
        }
        finally
        {
            _interruption.End();
        }
    }

    private static bool StopsOnError(Request request)
    {
        try
        {
            return request.Content.Flag("stop_on_error", true);
        }
        catch (MessageException)
        {
            return true;
        }
    }
}
