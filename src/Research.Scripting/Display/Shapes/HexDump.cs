using System.Globalization;
using System.Text;

namespace Research.Scripting.Display.Shapes;

/// <summary>Shows bytes as hexadecimal, with the characters they would be.</summary>
internal static class HexDump
{
    private const int Width = 16;
    private const int MaximumLines = 16;

    /// <summary>Gets a heading and up to 256 bytes, 16 a line.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"byte[{bytes.Length}]");
        int shown = Math.Min(bytes.Length, Width * MaximumLines);
        for (int start = 0; start < shown; start += Width)
        {
            AppendLine(text, start, bytes[start..Math.Min(start + Width, shown)]);
        }

        if (shown < bytes.Length)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n({bytes.Length - shown} more bytes)");
        }

        return text.ToString();
    }

    /// <summary>Gets one line, for a place inside another value.</summary>
    public static string Brief(ReadOnlySpan<byte> bytes)
    {
        string first = Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, 8)]);
        return string.Create(
            CultureInfo.InvariantCulture, $"byte[{bytes.Length}] {first}{(bytes.Length > 8 ? "..." : "")}");
    }

    private static void AppendLine(StringBuilder text, int start, ReadOnlySpan<byte> line)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{start:x8} ");
        for (int i = 0; i < Width; i++)
        {
            text.Append(i == Width / 2 ? "  " : " ");
            text.Append(i < line.Length ? line[i].ToString("x2", CultureInfo.InvariantCulture) : "  ");
        }

        text.Append("  ");
        foreach (byte value in line)
        {
            text.Append(value is >= 0x20 and < 0x7f ? (char)value : '.');
        }
    }
}
