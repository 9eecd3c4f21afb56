using System.Text.Json.Nodes;

namespace Research.Scripting.Notebooks.Html;

/// <summary>Finds the images that prose refers to, so that the page can carry them itself.</summary>
/// <param name="attachments">The cell's attachments by name, or null.</param>
/// <param name="folder">The notebook's folder, or null to read no files.</param>
internal sealed class EmbeddedImages(JsonObject? attachments, string? folder)
{
    private const long LargestFile = 16 << 20;

    private static readonly Dictionary<string, string> MimeTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".webp"] = "image/webp",
        [".svg"] = "image/svg+xml",
    };

    /// <summary>Gives an image as a data URI, or null.</summary>
    /// <param name="source">What <c>src</c> says.</param>
    public string? Find(string source) => source.StartsWith("attachment:", StringComparison.Ordinal)
        ? FromAttachment(Uri.UnescapeDataString(source["attachment:".Length..]))
        : FromFile(source);

    private string? FromAttachment(string name)
    {
        if (attachments?[name] is not JsonObject bundle)
        {
            return null;
        }

        foreach ((string mimeType, JsonNode? data) in bundle)
        {
            if (MimeTypes.ContainsValue(mimeType) && Base64.IsText(MimeText.Of(data)) && MimeText.Of(data) is { } text)
            {
                return $"data:{mimeType};base64,{Base64.Compact(text)}";
            }
        }

        return null;
    }

    // Only images, and only from the notebook's folder down: a stranger's notebook must not pick up other files.
    private string? FromFile(string source)
    {
        if (folder is null || source.Length is 0 or > 1_000 || source.Contains("://", StringComparison.Ordinal) ||
            !MimeTypes.TryGetValue(Path.GetExtension(source), out string? mimeType))
        {
            return null;
        }

        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        FileInfo file = new(Path.GetFullPath(Path.Combine(root, Uri.UnescapeDataString(source))));
        try
        {
            bool isBelow = file.FullName.StartsWith(root, StringComparison.Ordinal) && !IsLinked(file, root.Length);
            return isBelow && file.Exists && file.Length <= LargestFile
                ? $"data:{mimeType};base64,{Convert.ToBase64String(File.ReadAllBytes(file.FullName))}"
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // The page says where the image is instead.
        }
    }

    private static bool IsLinked(FileSystemInfo? file, int rootLength)
    {
        for (; file is not null && file.FullName.Length > rootLength; file = Directory.GetParent(file.FullName))
        {
            if (file.LinkTarget is not null)
            {
                return true;
            }
        }

        return false;
    }
}
