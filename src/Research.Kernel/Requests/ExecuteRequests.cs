using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Kernel.Messages;
using Research.Scripting;
using Research.Scripting.History;
using Research.Scripting.Outputs;

namespace Research.Kernel.Requests;

/// <summary>Runs cells: <c>execute_request</c>.</summary>
internal sealed class ExecuteRequests(
    Task<ScriptSession> session, IOPub iopub, InputChannel input, CellHistory history)
{
    private int _count;
    private int _uncounted;

    /// <summary>Runs a cell and publishes what it shows.</summary>
    /// <returns>The reply's content.</returns>
    public async Task<JsonObject> ExecuteAsync(Request request, CancellationToken interrupted)
    {
        string code = request.Content.Code();
        bool silent = request.Content.Flag("silent", false);
        bool store = request.Content.Flag("store_history", true) && !silent;
        bool allowStdin = request.Content.Flag("allow_stdin", false);
        List<JsonProperty> expressions = [.. request.Content.Members("user_expressions")];
        int number = _count + 1;
        Start(request, code, number, silent, store);

        JsonObject reply;
        CellPublisher publisher = new(iopub, request, number, silent);
        input.Begin(request, allowStdin);
        try
        {
            reply = await RunAsync(NameOf(number, store), code, publisher, expressions, interrupted)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            reply = ReplyContent.Error("Interrupted", "The cell was interrupted.", ["The cell was interrupted."]);
        }
        catch (Exception exception) when (exception is not MessageException)
        {
            reply = ReplyContent.Error(exception); // A bug of ours; shown where a cell's own errors are.
        }
        finally
        {
            input.End();
        }

        Finish(request, reply, publisher, number, silent, store);
        return reply;
    }

    private void Start(Request request, string code, int number, bool silent, bool store)
    {
        if (!silent)
        {
            iopub.Publish(
                "execute_input", request, new JsonObject { ["code"] = code, ["execution_count"] = number });
        }

        if (store)
        {
            _count = number;
            history.Add(number, code);
        }
    }

    private void Finish(
        Request request, JsonObject reply, CellPublisher publisher, int number, bool silent, bool store)
    {
        if (IsError(reply) && !silent)
        {
            iopub.Publish("error", request, new JsonObject
            {
                ["ename"] = reply["ename"]!.DeepClone(),
                ["evalue"] = reply["evalue"]!.DeepClone(),
                ["traceback"] = reply["traceback"]!.DeepClone(),
            });
        }

        if (store && publisher.ResultText is { } text)
        {
            history.SetOutput(number, text);
        }

        reply["execution_count"] = number;
        reply["payload"] ??= new JsonArray();
        reply["user_expressions"] ??= new JsonObject();
    }

    /// <summary>Tells whether a reply reports an error.</summary>
    public static bool IsError(JsonObject reply) => reply["status"]?.GetValue<string>() == "error";

    private async Task<JsonObject> RunAsync(
        string name,
        string code,
        CellPublisher publisher,
        List<JsonProperty> expressions,
        CancellationToken interrupted)
    {
        ScriptSession running = await session.WaitAsync(interrupted).ConfigureAwait(false);
        if (PageQuery.Parse(code) is { } query)
        {
            return await PageAsync(running, query, publisher, interrupted).ConfigureAwait(false);
        }

        CellResult result = await running
            .ExecuteAsync(new CellSource(code, name), publisher.Receive, interrupted).ConfigureAwait(false);
        if (result.Error is { } error)
        {
            return ReplyContent.Error(error);
        }

        JsonObject reply = ReplyContent.Ok();
        reply["user_expressions"] = await EvaluateAsync(running, expressions, interrupted).ConfigureAwait(false);
        return reply;
    }

    private static async Task<JsonObject> PageAsync(
        ScriptSession running, PageQuery query, CellPublisher publisher, CancellationToken interrupted)
    {
        MimeBundle? found = await running.Intelligence
            .InspectAsync(query.Name, query.Name.Length, query.Detailed, interrupted).ConfigureAwait(false);
        JsonObject reply = ReplyContent.Ok();
        if (found is null)
        {
            publisher.Receive(new StreamOutput("stderr", $"Nothing is known about {query.Name}.\n"));
            return reply;
        }

        reply["payload"] = new JsonArray(
            new JsonObject { ["source"] = "page", ["data"] = found.ToJson(), ["start"] = 0 });
        return reply;
    }

    private static async Task<JsonObject> EvaluateAsync(
        ScriptSession running, List<JsonProperty> expressions, CancellationToken interrupted)
    {
        JsonObject values = [];
        foreach (JsonProperty expression in expressions)
        {
            if (expression.Value.ValueKind != JsonValueKind.String)
            {
                throw new MessageException($"user_expressions: expected strings, got {expression.Value.ValueKind}.");
            }

            (MimeBundle? bundle, CellError? error) = await running
                .EvaluateAsync(expression.Value.GetString()!, interrupted).ConfigureAwait(false);
            JsonObject value = error is null ? ReplyContent.Ok() : ReplyContent.Error(error);
            if (error is null)
            {
                value["data"] = bundle?.ToJson() ?? [];
                value["metadata"] = new JsonObject();
            }

            values[expression.Name] = value;
        }

        return values;
    }

    // Errors refer to earlier cells by name, so that each has its own.
    private string NameOf(int number, bool counted) =>
        counted ? $"cell {number}" : $"uncounted cell {++_uncounted}";
}
