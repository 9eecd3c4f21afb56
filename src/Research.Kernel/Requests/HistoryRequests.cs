using System.Text.Json.Nodes;
using Research.Kernel.Messages;
using Research.Scripting.History;

namespace Research.Kernel.Requests;

/// <summary>Answers <c>history_request</c>.</summary>
internal sealed class HistoryRequests(CellHistory history)
{
    private const int DefaultCount = 1000;

    public JsonObject Find(Request request)
    {
        RequestContent content = request.Content;
        string access = content.Text("hist_access_type");
        int? count = content.OptionalNumber("n");
        IReadOnlyList<HistoryEntry> found = access switch
        {
            "tail" => history.Tail(count ?? DefaultCount),
            "range" => history.Range(
                content.OptionalNumber("session") ?? 0,
                content.OptionalNumber("start") ?? 1,
                content.OptionalNumber("stop")),
            "search" => history.Search(
                content.OptionalText("pattern") ?? "*", count, content.Flag("unique", false)),
            _ => throw new MessageException($"hist_access_type: expected range, tail or search, got {access}."),
        };

        bool withOutput = content.Flag("output", false);
        JsonObject reply = ReplyContent.Ok();
        reply["history"] = new JsonArray([.. found.Select(entry => (JsonNode)new JsonArray(
            entry.Session, entry.Line, withOutput ? new JsonArray(entry.Code, entry.Output) : entry.Code))]);
        return reply;
    }
}
