using System.Text.Json.Nodes;
using Research.Kernel.Messages;
using Research.Scripting;
using Research.Scripting.Intelligence;
using Research.Scripting.Outputs;

namespace Research.Kernel.Requests;

/// <summary>Questions about code that is being typed: completion, inspection, whether it is complete.</summary>
internal sealed class CodeRequests(Task<ScriptSession> session)
{
    public async Task<JsonObject> CompleteAsync(Request request, CancellationToken interrupted)
    {
        string code = request.Content.Code();
        int cursor = CursorOf(request, code);
        ScriptSession running = await session.WaitAsync(interrupted).ConfigureAwait(false);
        CompletionList list = await running.Intelligence
            .CompleteAsync(code, cursor, interrupted).ConfigureAwait(false);

        int start = CodePoints.FromUtf16(code, list.Start);
        int end = CodePoints.FromUtf16(code, list.End);
        JsonObject reply = ReplyContent.Ok();
        reply["matches"] = new JsonArray([.. list.Items.Select(item => (JsonNode)item.Text)]);
        reply["cursor_start"] = start;
        reply["cursor_end"] = end;
        reply["metadata"] = new JsonObject
        {
            ["_jupyter_types_experimental"] =
                new JsonArray([.. list.Items.Select(item => (JsonNode)Described(item, start, end))]),
        };
        return reply;
    }

    public async Task<JsonObject> InspectAsync(Request request, CancellationToken interrupted)
    {
        string code = request.Content.Code();
        bool detailed = request.Content.OptionalNumber("detail_level") > 0;
        ScriptSession running = await session.WaitAsync(interrupted).ConfigureAwait(false);
        MimeBundle? found = await running.Intelligence
            .InspectAsync(code, CursorOf(request, code), detailed, interrupted).ConfigureAwait(false);

        JsonObject reply = ReplyContent.Ok();
        reply["found"] = found is not null;
        reply["data"] = found?.ToJson() ?? [];
        reply["metadata"] = new JsonObject();
        return reply;
    }

    public async Task<JsonObject> IsCompleteAsync(Request request, CancellationToken interrupted)
    {
        string code = request.Content.Code();
        ScriptSession running = await session.WaitAsync(interrupted).ConfigureAwait(false);
        CellCompleteness completeness = PageQuery.Parse(code) is null
            ? running.Intelligence.CheckCompleteness(code)
            : new CellCompleteness("complete");
        JsonObject reply = new() { ["status"] = completeness.Status };
        if (completeness.Status == "incomplete")
        {
            reply["indent"] = completeness.Indent;
        }

        return reply;
    }

    private static int CursorOf(Request request, string code) =>
        request.Content.OptionalNumber("cursor_pos") is { } position
            ? CodePoints.ToUtf16(code, position)
            : code.Length;

    private static JsonObject Described(CompletionItem item, int start, int end) => new()
    {
        ["text"] = item.Text,
        ["type"] = item.Kind,
        ["signature"] = item.Signature ?? "",
        ["start"] = start,
        ["end"] = end,
    };
}
