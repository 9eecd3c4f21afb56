using System.Globalization;
using System.Text;
using Research.Scripting.Outputs;

namespace Research.Scripting.Display;

/// <summary>Makes bundles of pictures: of bytes that are one, and of <see cref="Picture"/>.</summary>
/// <remarks>Without <c>text/html</c>, which front ends would prefer to the picture itself.</remarks>
internal static class ImageBundle
{
    /// <summary>Gets a picture's bundle, or null when the value is none or has a registered formatter.</summary>
    public static MimeBundle? Of(object value)
    {
        ReadOnlyMemory<byte> bytes = value switch
        {
            byte[] array => array,
            ReadOnlyMemory<byte> memory => memory,
            Memory<byte> memory => memory,
            Picture picture => picture.Bytes,
            _ => default,
        };
        return bytes.Length is 0 or > Picture.MaximumBytes ||
            RegisteredFormatters.Has(value.GetType(), RegisteredFormatters.Html) ||
            ImageFormat.Of(bytes.Span) is not { } format
            ? null
            : Of(bytes.Span, format, (value as Picture)?.Description ?? "");
    }

    private static MimeBundle Of(ReadOnlySpan<byte> bytes, ImageFormat format, string description)
    {
        string size = format.Size is { } known
            ? string.Create(CultureInfo.InvariantCulture, $", {known.Width} x {known.Height}")
            : "";
        string text = string.Create(CultureInfo.InvariantCulture, $"({format.Name} image{size}, {bytes.Length} bytes)");
        return MimeBundle.Of(
            (format.MimeType, format.Name == "SVG" ? Encoding.UTF8.GetString(bytes) : Convert.ToBase64String(bytes)),
            ("text/plain", description.Length > 0 ? $"{description} {text}" : text));
    }
}
