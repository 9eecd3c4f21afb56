using Research.Scripting.Directives;

namespace Research.Scripting.Packages;

/// <summary>A feed or folder that <c>#i</c> added.</summary>
/// <param name="Location">An https address, or the full path of a folder.</param>
internal sealed record PackageSource(string Location)
{
    private const string Prefix = "nuget:";

    /// <summary>Reads <c>nuget: SOURCE</c>; a folder may be relative.</summary>
    /// <exception cref="DirectiveException">It is no address, or there is no such folder.</exception>
    public static PackageSource Resolve(string argument, string folder)
    {
        string text = argument.Trim();
        text = text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? text[Prefix.Length..].Trim() : text;
        if (text.Length == 0 || text.Contains(';', StringComparison.Ordinal))
        {
            throw new DirectiveException($"Expected #i \"nuget: SOURCE\", one address or folder; got \"{argument}\".");
        }

        string scheme = text[..Math.Max(0, text.IndexOf(':', StringComparison.Ordinal))];
        return scheme.Length < 2 ? OfFolder(text, folder) // One letter is a drive.
            : scheme.Equals("file", StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(text, UriKind.Absolute, out Uri? file)
                ? OfFolder(file.LocalPath, folder)
            : OfAddress(text, scheme);
    }

    private static PackageSource OfAddress(string text, string scheme)
    {
        if (scheme.Equals("http", StringComparison.OrdinalIgnoreCase))
        {
            throw new DirectiveException($"NuGet takes no feed over plain http, as {text} is. Use https, or name the " +
                "feed in nuget.config with allowInsecureConnections.");
        }

        return scheme.Equals("https", StringComparison.OrdinalIgnoreCase) &&
            text.AsSpan(scheme.Length).StartsWith("://", StringComparison.Ordinal) &&
            Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Host.Length > 0
            ? new PackageSource(text)
            : throw new DirectiveException($"{text} is no address of a feed: expected https://HOST/… or a folder.");
    }

    private static PackageSource OfFolder(string text, string folder)
    {
        string path = Path.GetFullPath(Path.Combine(folder, text.Replace('\\', '/')));
        return Directory.Exists(path) ? new PackageSource(path) : throw new DirectiveException(
            $"There is no folder {path} to take packages from. (#i paths are relative to {folder}; a feed's address " +
            "starts with https://)");
    }
}
