using Research.Storage;

namespace Research.Cli.Stores;

/// <summary>What a request is for: the store itself, a blob or a named entry.</summary>
/// <param name="Blob">The blob; null for another thing.</param>
/// <param name="Entry">The entry's name; null for another thing.</param>
internal readonly record struct StoreTarget(ContentHash? Blob, string? Entry)
{
    private const string Blobs = "/blobs/";
    private const string Named = "/named/";

    /// <summary>Reads a request target as it was sent: nothing is decoded, so no name can become a path.</summary>
    /// <remarks>RFC 9112, 3.2: the origin form, or the absolute form with any host. A query is no part of any name.</remarks>
    /// <param name="raw">The target.</param>
    /// <param name="target">What it is for.</param>
    /// <param name="why">Where it is for nothing: what was expected.</param>
    public static bool TryParse(string raw, out StoreTarget target, out string why)
    {
        target = default;
        why = "";
        string path = raw;
        if (raw.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            int slash = raw.IndexOf('/', "http://".Length);
            path = slash < 0 ? "/" : raw[slash..];
        }

        if (path == "/")
        {
            return true;
        }

        if (path.StartsWith(Blobs, StringComparison.Ordinal))
        {
            string name = path[Blobs.Length..];
            if (name.Length == 2 * ContentHash.Size && UploadId.IsLowerCaseHex(name)
                && ContentHash.TryParse(name, out ContentHash hash))
            {
                target = new StoreTarget(hash, null);
                return true;
            }

            why = $"blobs: expected 64 lower-case hexadecimal digits, got {name.Length} characters that are not.";
            return false;
        }

        if (path.StartsWith(Named, StringComparison.Ordinal))
        {
            string name = path[Named.Length..];
            target = new StoreTarget(null, name);
            why = $"named: expected 1 to {EntryName.Longest} characters a to z, 0 to 9 and -, and no device's "
                + $"name, got {name.Length} characters.";
            return EntryName.IsName(name);
        }

        why = "path: expected /, /blobs/HASH or /named/NAME.";
        return false;
    }
}
