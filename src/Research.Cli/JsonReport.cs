using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Research.Cli;

/// <summary>Writes the one JSON document that <c>--json</c> puts on standard output.</summary>
internal static class JsonReport
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Not HTML: names stay readable.
    };

    /// <summary>Gets the document.</summary>
    public static string Write(Action<Utf8JsonWriter> content) => Write(content, Options);

    /// <summary>Gets the document on one line, for a verb that goes on after it has reported.</summary>
    public static string WriteLine(Action<Utf8JsonWriter> content) => Write(content, Options with { Indented = false });

    private static string Write(Action<Utf8JsonWriter> content, JsonWriterOptions options)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, options))
        {
            content(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes a number, or null where it is not finite or absent: JSON has no word for those.</summary>
    public static void WriteFinite(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is double number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
