using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace Research.Plotting.Reading;

/// <summary>Reads the values of a trace: an array, or a typed array in base64.</summary>
internal static class PlotlyArray
{
    /// <summary>Gets values as numbers, strings, or null for gaps.</summary>
    /// <exception cref="NotSupportedException">There is something else among them, such as a list of lists.</exception>
    /// <exception cref="FormatException">It is no array.</exception>
    public static object?[] Read(PlotlyAttributes trace, string name)
    {
        JsonElement values = trace[name];
        return values.ValueKind switch
        {
            JsonValueKind.Undefined => [],
            JsonValueKind.Array => [.. values.EnumerateArray().Select(value => Item(value, trace, name))],
            JsonValueKind.Object => [.. Typed(new PlotlyAttributes(values, $"{trace.Place}.{name}"))],
            _ => throw new FormatException($"Expected {trace.Place}.{name} to be an array; got {values.ValueKind}."),
        };
    }

    /// <summary>Gets the number that a value is; NaN for a gap, null for a text. Plotly.NET writes gaps as "NaN".</summary>
    public static double? Number(object? value) => value switch
    {
        null => double.NaN,
        double number => number,
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => null,
    };

    private static object? Item(JsonElement value, PlotlyAttributes trace, string name) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String => value.GetString(),
        _ => throw trace.Refused(name),
    };

    private static IEnumerable<object?> Typed(PlotlyAttributes array)
    {
        if (array.Text("shape") is { } shape && shape.Contains(',', StringComparison.Ordinal))
        {
            throw array.Refused("shape");
        }

        byte[] bytes = Convert.FromBase64String(array.Text("bdata") ?? "");
        (int size, Func<ReadOnlyMemory<byte>, double> read) = Type(array);
        if (bytes.Length % size != 0)
        {
            throw new FormatException($"Expected {array.Place} to hold items of {size} bytes; got {bytes.Length} bytes.");
        }

        for (int at = 0; at < bytes.Length; at += size)
        {
            yield return read(bytes.AsMemory(at, size));
        }
    }

    // plotly.js names them both ways; always little-endian.
    private static (int Size, Func<ReadOnlyMemory<byte>, double> Read) Type(PlotlyAttributes array) =>
        array.Text("dtype") switch
        {
            "f8" or "float64" => (8, item => BinaryPrimitives.ReadDoubleLittleEndian(item.Span)),
            "f4" or "float32" => (4, item => BinaryPrimitives.ReadSingleLittleEndian(item.Span)),
            "i4" or "int32" => (4, item => BinaryPrimitives.ReadInt32LittleEndian(item.Span)),
            "u4" or "uint32" => (4, item => BinaryPrimitives.ReadUInt32LittleEndian(item.Span)),
            "i2" or "int16" => (2, item => BinaryPrimitives.ReadInt16LittleEndian(item.Span)),
            "u2" or "uint16" => (2, item => BinaryPrimitives.ReadUInt16LittleEndian(item.Span)),
            "i1" or "int8" => (1, item => (sbyte)item.Span[0]),
            "u1" or "uint8" or "u1c" or "uint8c" => (1, item => item.Span[0]),
            _ => throw array.Refused("dtype"),
        };
}
