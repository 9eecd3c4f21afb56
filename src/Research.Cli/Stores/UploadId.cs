using System.Buffers;
using Research.Storage;

namespace Research.Cli.Stores;

/// <summary>Which upload a part belongs to: a blob, and what its sender drew at random.</summary>
/// <param name="Hash">The blob that it is to become.</param>
/// <param name="Id">32 lower-case hexadecimal digits.</param>
internal readonly record struct UploadId(ContentHash Hash, string Id)
{
    /// <summary>The end of a part's file name.</summary>
    public const string Extension = ".part";

    private const int Digits = 32;

    private static readonly SearchValues<char> LowerCaseHex = SearchValues.Create("0123456789abcdef");

    /// <summary>Gets the name of the part's file.</summary>
    public string FileName => $"{Hash}-{Id}{Extension}";

    /// <summary>Gets whether a text is an id.</summary>
    public static bool IsId(ReadOnlySpan<char> id) =>
        id.Length == Digits && IsLowerCaseHex(id);

    /// <summary>Gets whether a text has no other characters than 0 to 9 and a to f.</summary>
    public static bool IsLowerCaseHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(LowerCaseHex);

    /// <summary>Reads the name of a part's file.</summary>
    public static bool TryParseFileName(string name, out UploadId upload)
    {
        upload = default;
        string[] words = name.EndsWith(Extension, StringComparison.Ordinal)
            ? name[..^Extension.Length].Split('-')
            : [];
        if (words is not [{ Length: 2 * ContentHash.Size } hash, string id]
            || !IsId(id) || !ContentHash.TryParse(hash, out ContentHash blob))
        {
            return false;
        }

        upload = new UploadId(blob, id);
        return true;
    }
}
