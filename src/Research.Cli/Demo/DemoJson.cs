using System.Text.Encodings.Web;
using System.Text.Json;

namespace Research.Cli.Demo;

/// <summary>Writes a result as one JSON document; not-a-number never appears, amounts are text.</summary>
internal static class DemoJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // A document of its own, never part of HTML.
    };

    public static string Write(DemoResult result) => JsonSerializer.Serialize(result, Options);
}
