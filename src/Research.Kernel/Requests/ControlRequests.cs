using System.Text.Json.Nodes;
using Research.Kernel.Messages;

namespace Research.Kernel.Requests;

/// <summary>Requests that may not wait for a running cell; answered on their client's own thread.</summary>
internal sealed class ControlRequests
{
    private readonly IOPub _iopub;
    private readonly Interruption _interruption;
    private readonly Action _stop;
    private readonly Action<string> _log;

    /// <param name="reader">Checks and parses what comes.</param>
    /// <param name="writer">Signs what goes.</param>
    /// <param name="iopub">Where busy and idle are published.</param>
    /// <param name="interruption">Stops the running request.</param>
    /// <param name="stop">Ends the kernel; called when the reply has been sent.</param>
    /// <param name="log">Told of what is unknown.</param>
    public ControlRequests(
        MessageReader reader,
        MessageWriter writer,
        IOPub iopub,
        Interruption interruption,
        Action stop,
        Action<string> log)
    {
        (_iopub, _interruption, _stop, _log) = (iopub, interruption, stop, log);
        Channel = new RequestChannel("control", reader, writer, Receive, log);
    }

    /// <summary>Gets the channel.</summary>
    public RequestChannel Channel { get; }

    /// <summary>Answers <c>shutdown_request</c>, which older clients send on shell; the kernel ends after
    /// that.</summary>
    public JsonObject Shutdown(Request request)
    {
        JsonObject reply = ReplyContent.Ok();
        reply["restart"] = request.Content.Flag("restart", false);
        _iopub.Publish("shutdown_reply", request, (JsonObject)reply.DeepClone()); // So that other clients know.
        return reply;
    }

    private void Receive(Request request)
    {
        _iopub.PublishStatus("busy", request);
        JsonObject reply;
        try
        {
            reply = Answer(request);
        }
        catch (MessageException exception)
        {
            reply = ReplyContent.Error(exception);
        }

        Channel.Reply(request, reply);
        _iopub.PublishStatus("idle", request);
        if (request.Type == "shutdown_request" && !ExecuteRequests.IsError(reply))
        {
            _stop();
        }
    }

    private JsonObject Answer(Request request)
    {
        switch (request.Type)
        {
            case "interrupt_request":
                _interruption.Interrupt();
                return ReplyContent.Ok();
            case "shutdown_request":
                return Shutdown(request);
            case "kernel_info_request":
                return KernelInformation.Reply();
            case "debug_request":
                return RefuseToDebug(request);
            default:
                _log($"control: unknown message {request.Type}.");
                throw new MessageException($"Unknown message type {request.Type} on the control channel.");
        }
    }

    // In the form of the debug adapter protocol, which is what a debug_request carries.
    private static JsonObject RefuseToDebug(Request request) => new()
    {
        ["type"] = "response",
        ["request_seq"] = request.Content.OptionalNumber("seq") ?? 0,
        ["command"] = request.Content.OptionalText("command") ?? "",
        ["success"] = false,
        ["message"] = "This kernel has no debugger.",
    };
}
