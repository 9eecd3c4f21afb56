namespace Research.Scripting.Display;

/// <summary>A PNG, JPEG, GIF, WebP or SVG image, shown as itself.</summary>
/// <remarks>An array of such bytes is shown the same way; this adds a description and says no to anything
/// else.</remarks>
public sealed class Picture
{
    /// <summary>The largest image that goes into a notebook: 16 MiB.</summary>
    public const int MaximumBytes = 16 << 20;

    private readonly byte[] _bytes;

    /// <summary>Takes an image's bytes.</summary>
    /// <param name="bytes">The file's content.</param>
    /// <param name="description">What it shows, for those who cannot see it.</param>
    /// <exception cref="ArgumentException">The bytes are no such image, or too many.</exception>
    public Picture(byte[] bytes, string description = "")
    {
        ArgumentNullException.ThrowIfNull(bytes);
        ArgumentNullException.ThrowIfNull(description);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, MaximumBytes, nameof(bytes));
        ImageFormat format = ImageFormat.Of(bytes) ?? throw new ArgumentException(
            $"Expected a PNG, JPEG, GIF, WebP or SVG image; got {bytes.Length} bytes that start otherwise.",
            nameof(bytes));
        _bytes = bytes;
        Description = description;
        MimeType = format.MimeType;
    }

    /// <summary>Gets what the image shows, or an empty string.</summary>
    public string Description { get; }

    /// <summary>Gets for example <c>image/png</c>.</summary>
    public string MimeType { get; }

    internal ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Reads an image file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="description">What it shows, for those who cannot see it.</param>
    /// <exception cref="ArgumentException">It is no such image, or larger than 16 MiB.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Picture FromFile(string path, string description = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(new FileInfo(path).Length, MaximumBytes, nameof(path));
        return new Picture(File.ReadAllBytes(path), description);
    }
}
