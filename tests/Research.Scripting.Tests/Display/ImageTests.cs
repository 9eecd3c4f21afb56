using Microsoft.DotNet.Interactive.Formatting;
using Research.Scripting.Display;
using Research.Scripting.Outputs;

namespace Research.Tests.Display;

public sealed class ImageTests
{
    // A PNG of one pixel, as any encoder writes it.
    private static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    public ImageTests() => Formatter.ResetToDefault();

    [Fact]
    public void Format_PngBytes_IsAnImageWithTextAndNoHtml()
    {
        MimeBundle bundle = MimeFormatter.Format(Png);

        Assert.Equal(["image/png", "text/plain"], bundle.MimeTypes);
        Assert.Equal(Png, Convert.FromBase64String(bundle.Text("image/png")!));
        Assert.Equal($"(PNG image, 1 x 1, {Png.Length} bytes)", bundle.PlainText);
    }

    [Theory]
    [InlineData("/9j/4AAQSkZJRg==", "image/jpeg")]
    [InlineData("R0lGODlhAQACAAAAACw=", "image/gif")]
    [InlineData("UklGRiQAAABXRUJQVlA4IA==", "image/webp")]
    public void Format_BytesOfOtherFormats_AreThatImage(string base64, string mimeType) =>
        Assert.Contains(mimeType, MimeFormatter.Format(Convert.FromBase64String(base64)).MimeTypes);

    [Fact]
    public void Format_SvgBytes_AreMarkup() => Assert.Equal(
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        MimeFormatter.Format("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"u8.ToArray()).Text("image/svg+xml"));

    [Fact]
    public void Format_MemoryOfPng_IsAnImageToo() =>
        Assert.Contains("image/png", MimeFormatter.Format(new ReadOnlyMemory<byte>(Png)).MimeTypes);

    [Fact]
    public void Format_TruncatedHeaders_NeverThrow()
    {
        for (int length = 0; length < 24; length++)
        {
            Assert.NotEqual("", MimeFormatter.Format(Png[..length]).PlainText);
        }
    }

    [Fact]
    public void Picture_FromFile_ShowsWithItsDescription()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("dot.png"), Png);

        MimeBundle bundle = MimeFormatter.Format(Picture.FromFile(folder.File("dot.png"), "a dot"));

        Assert.StartsWith("a dot (PNG image", bundle.PlainText, StringComparison.Ordinal);
        Assert.Contains("image/png", bundle.MimeTypes);
    }

    [Fact]
    public void Picture_OfOtherBytes_SaysWhatItExpects() => Assert.Contains(
        "Expected a PNG, JPEG, GIF, WebP or SVG image; got 3 bytes",
        Assert.Throws<ArgumentException>(() => new Picture([1, 2, 3])).Message,
        StringComparison.Ordinal);
}
