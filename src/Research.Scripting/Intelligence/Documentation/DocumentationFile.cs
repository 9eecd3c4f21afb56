using System.Text;

namespace Research.Scripting.Intelligence.Documentation;

/// <summary>Finds members in one of the compiler's XML documentation files without keeping or parsing all of
/// it.</summary>
/// <remarks>
/// The index holds a hash and an offset a member: a megabyte for the framework's largest file, where the text is ten.
/// A hash that two members share costs the second one its documentation, nothing else, for what is read is compared.
/// </remarks>
internal sealed class DocumentationFile
{
    private const long MostBytes = 64 << 20;
    private const int MostMemberBytes = 1 << 18;

    private readonly string _path;
    private readonly Dictionary<ulong, int> _offsets;

    private DocumentationFile(string path, Dictionary<ulong, int> offsets)
    {
        _path = path;
        _offsets = offsets;
    }

    private static ReadOnlySpan<byte> Opening => "<member name=\""u8;

    private static ReadOnlySpan<byte> Closing => "</member>"u8;

    /// <summary>Reads a file's index; null when it cannot be read or is absurdly large.</summary>
    public static DocumentationFile? Open(string path)
    {
        try
        {
            return new FileInfo(path).Length > MostBytes
                ? null
                : new DocumentationFile(path, IndexOf(File.ReadAllBytes(path)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Gets the XML of a member, its element included, or null.</summary>
    /// <param name="id">For example <c>M:System.Math.Max(System.Int32,System.Int32)</c>.</param>
    public string? Find(string id)
    {
        byte[] name = Encoding.UTF8.GetBytes(id);
        if (!_offsets.TryGetValue(Hash(name), out int offset))
        {
            return null;
        }

        byte[] bytes = new byte[MostMemberBytes];
        int length;
        try
        {
            using FileStream stream = new(_path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
            stream.Position = offset;
            length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        ReadOnlySpan<byte> text = bytes.AsSpan(0, length);
        int end = text.IndexOf(Closing);
        bool same = text.StartsWith(Opening) && text[Opening.Length..].StartsWith(name) &&
            text[(Opening.Length + name.Length)..] is [(byte)'"', ..];
        return same && end > 0 ? Encoding.UTF8.GetString(text[..(end + Closing.Length)]) : null;
    }

    private static Dictionary<ulong, int> IndexOf(ReadOnlySpan<byte> bytes)
    {
        Dictionary<ulong, int> offsets = [];
        int at = 0;
        while (bytes[at..].IndexOf(Opening) is int found and >= 0)
        {
            at += found;
            ReadOnlySpan<byte> rest = bytes[(at + Opening.Length)..];
            int quote = rest.IndexOf((byte)'"');
            if (quote < 0)
            {
                break;
            }

            offsets.TryAdd(Hash(rest[..quote]), at);
            at += Opening.Length + quote;
        }

        return offsets;
    }

    // FNV-1a, 64 bits.
    private static ulong Hash(ReadOnlySpan<byte> name)
    {
        ulong hash = 14695981039346656037;
        foreach (byte part in name)
        {
            hash = unchecked((hash ^ part) * 1099511628211);
        }

        return hash;
    }
}
