using System.Text.Json.Nodes;
using Research.Scripting;

namespace Research.Kernel;

/// <summary>The contents of replies that all requests share.</summary>
internal static class ReplyContent
{
    private const string Red = "\e[31m";
    private const string Plain = "\e[0m";

    public static JsonObject Ok() => new() { ["status"] = "ok" };

    /// <summary>Gets an error reply, whose members are an <c>error</c> message's too.</summary>
    public static JsonObject Error(string name, string message, IReadOnlyList<string> traceback) => new()
    {
        ["status"] = "error",
        ["ename"] = name,
        ["evalue"] = message,
        ["traceback"] = new JsonArray([.. traceback.Select(line => (JsonNode)line)]),
    };

    /// <summary>Gets an error reply for a failed cell; the first line of its report in red.</summary>
    public static JsonObject Error(CellError error) => Error(
        error.Name,
        error.Message,
        [.. error.Traceback.Select((line, index) => index == 0 ? $"{Red}{line}{Plain}" : line)]);

    public static JsonObject Error(Exception exception) =>
        Error(exception.GetType().Name, exception.Message, [$"{exception.GetType().Name}: {exception.Message}"]);
}
