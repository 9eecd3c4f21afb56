using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Kernel.Messages;
using Research.Scripting;
using Research.Scripting.Comms;

namespace Research.Kernel.Requests;

/// <summary>Carries what a page says to its comms; these messages have no replies.</summary>
internal sealed class CommRequests(Task<ScriptSession> session, IOPub iopub, Action<string> log)
{
    public async Task<JsonObject> ListAsync(Request request, CancellationToken interrupted)
    {
        string? target = request.Content.OptionalText("target_name");
        ScriptSession running = await session.WaitAsync(interrupted).ConfigureAwait(false);
        JsonObject comms = [];
        foreach (Comm comm in running.Comms.Comms)
        {
            if (target is null || target == comm.TargetName)
            {
                comms[comm.Id] = new JsonObject { ["target_name"] = comm.TargetName };
            }
        }

        JsonObject reply = ReplyContent.Ok();
        reply["comms"] = comms;
        return reply;
    }

    public Task OpenAsync(Request request, CancellationToken interrupted) => RunAsync(
        request,
        async (comms, publisher, id) =>
        {
            string target = request.Content.Text("target_name");
            if (!await comms.OpenAsync(id, target, MessageOf(request), publisher.Receive, interrupted)
                .ConfigureAwait(false))
            {
                log($"comm_open: no cell has registered the target {target}.");
                Close(request, id);
            }
        },
        interrupted);

    public Task ReceiveAsync(Request request, CancellationToken interrupted) => RunAsync(
        request,
        async (comms, publisher, id) =>
        {
            if (!await comms.ReceiveAsync(id, MessageOf(request), publisher.Receive, interrupted)
                .ConfigureAwait(false))
            {
                log($"comm_msg: there is no comm {id}.");
            }
        },
        interrupted);

    public Task CloseAsync(Request request, CancellationToken interrupted) => RunAsync(
        request,
        (comms, publisher, id) => comms.CloseAsync(id, MessageOf(request), publisher.Receive, interrupted),
        interrupted);

    private async Task RunAsync(
        Request request, Func<CommRegistry, CellPublisher, string, Task> act, CancellationToken interrupted)
    {
        string id = request.Content.Text("comm_id");
        ScriptSession running = await session.WaitAsync(interrupted).ConfigureAwait(false);
        try
        {
            await act(running.Comms, new CellPublisher(iopub, request), id).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not MessageException)
        {
            // The handler is the user's code. Nobody waits for a reply, so that its error is shown where a cell's is.
            JsonObject error = ReplyContent.Error(exception);
            error.Remove("status");
            iopub.Publish("error", request, error);
        }
    }

    private void Close(Request request, string id) => iopub.Publish(
        "comm_close", request, new JsonObject { ["comm_id"] = id, ["data"] = new JsonObject() });

    private static CommMessage MessageOf(Request request) => new(
        request.Content.Json("data") is { } data ? NodeOf(data) : new JsonObject(),
        (JsonObject)NodeOf(request.Metadata)!,
        request.Buffers);

    private static JsonNode? NodeOf(JsonElement json) => JsonNode.Parse(json.GetRawText());
}
