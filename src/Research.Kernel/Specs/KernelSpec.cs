using System.Text.Json;

namespace Research.Kernel.Specs;

/// <summary>A kernel specification as it is installed.</summary>
/// <param name="Name">The name that notebooks refer to.</param>
/// <param name="Folder">Where it is.</param>
/// <param name="DisplayName">What people choose by.</param>
/// <param name="Language">The language it claims.</param>
/// <param name="Arguments">The command line that starts the kernel.</param>
/// <param name="IsOurs">Whether <c>research kernel install</c> wrote it.</param>
public sealed record KernelSpec(
    string Name, string Folder, string DisplayName, string Language, IReadOnlyList<string> Arguments, bool IsOurs)
{
    internal const string FileName = "kernel.json";
    internal const string OurMetadata = "research";

    private const int LongestFile = 1 << 20;

    /// <summary>Reads a specification.</summary>
    /// <param name="folder">Its folder.</param>
    /// <returns>It, or null when there is none, or none that Jupyter could read.</returns>
    public static KernelSpec? Read(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        FileInfo file = new(Path.Combine(folder, FileName));
        if (!file.Exists || file.Length > LongestFile)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file.FullName));
            return document.RootElement.ValueKind == JsonValueKind.Object ? From(folder, document.RootElement) : null;
        }
        catch (Exception exception) when (
            exception is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Lists the specifications of some folders; of equal names the first.</summary>
    /// <param name="folders">Folders of specifications, in Jupyter's order.</param>
    public static IReadOnlyList<KernelSpec> List(IEnumerable<string> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        return
        [
            .. folders.Where(Directory.Exists)
                .SelectMany(folder => Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
                .Select(Read).OfType<KernelSpec>()
                .DistinctBy(spec => spec.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }

    private static KernelSpec From(string folder, JsonElement root) => new(
        Path.GetFileName(folder),
        folder,
        Text(root, "display_name"),
        Text(root, "language"),
        root.TryGetProperty("argv", out JsonElement argv) && argv.ValueKind == JsonValueKind.Array
            ? [.. argv.EnumerateArray().Select(argument => argument.ToString())]
            : [],
        root.TryGetProperty("metadata", out JsonElement metadata) && metadata.ValueKind == JsonValueKind.Object &&
            metadata.TryGetProperty(OurMetadata, out _));

    private static string Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";
}
