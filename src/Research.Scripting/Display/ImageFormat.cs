using System.Buffers.Binary;
using System.Text;

namespace Research.Scripting.Display;

/// <summary>What kind of picture bytes are, by their signature.</summary>
/// <param name="MimeType">For example <c>image/png</c>.</param>
/// <param name="Name">For example <c>PNG</c>.</param>
/// <param name="Size">Width and height in pixels, or null where it takes more than the header to know.</param>
internal sealed record ImageFormat(string MimeType, string Name, (int Width, int Height)? Size)
{
    private static ReadOnlySpan<byte> PngSignature => [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Recognises PNG, JPEG, GIF, WebP, BMP and SVG; null for anything else.</summary>
    public static ImageFormat? Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(PngSignature))
        {
            return new ImageFormat("image/png", "PNG", bytes.Length < 24 ? null :
                (BinaryPrimitives.ReadInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadInt32BigEndian(bytes[20..])));
        }

        if (bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8))
        {
            return new ImageFormat("image/gif", "GIF", bytes.Length < 10 ? null : (
                BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]),
                BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..])));
        }

        return bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]) ? new ImageFormat("image/jpeg", "JPEG", null)
            : bytes.StartsWith("RIFF"u8) && bytes.Length >= 12 && bytes[8..12].SequenceEqual("WEBP"u8)
                ? new ImageFormat("image/webp", "WebP", null)
            : IsSvg(bytes) ? new ImageFormat("image/svg+xml", "SVG", null)
            : null;
    }

    private static bool IsSvg(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> start = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes;
        start = start.TrimStart(" \t\r\n"u8);
        return start.StartsWith("<svg"u8) ||
            (start.StartsWith("<?xml"u8) && start[..Math.Min(start.Length, 1024)].IndexOf("<svg"u8) > 0);
    }
}
