using System.Globalization;
using System.Text.Json;

namespace Research.Scripting.Notebooks;

/// <summary>Says where a text stops being JSON; the parser's own message can quote what is there.</summary>
internal static class JsonPlace
{
    public static string Of(JsonException exception) => exception.LineNumber is { } line
        ? string.Create(
            CultureInfo.InvariantCulture, $"something else at line {line + 1}, byte {exception.BytePositionInLine + 1}")
        : "something else";
}
