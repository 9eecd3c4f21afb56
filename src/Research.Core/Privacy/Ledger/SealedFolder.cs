using System.Text;

namespace Research.Privacy.Ledger;

/// <summary>Sealed artefacts in an owner's home, a file each.</summary>
internal sealed class SealedFolder(LedgerHome home)
{
    private const string Suffix = ".sealed";
    private const int KeptCharged = 8;
    private const long MostBytes = 0x7FFFFFC7;

    private static readonly byte[] Magic = Encoding.ASCII.GetBytes("research-sealed/1\n");

    /// <summary>Names an artefact.</summary>
    public static string IdOf(string receipt, string kind) => $"{receipt}-{kind}";

    /// <summary>Says whether there is one.</summary>
    public bool Has(string id) => File.Exists(PathOf(id));

    /// <summary>Gets the names of all, oldest first.</summary>
    public IEnumerable<string> Ids() => !Directory.Exists(home.Sealed) ? [] : new DirectoryInfo(home.Sealed)
        .GetFiles("*" + Suffix)
        .OrderBy(file => file.LastWriteTimeUtc)
        .ThenBy(file => file.Name, StringComparer.Ordinal)
        .Select(file => file.Name[..^Suffix.Length]);

    /// <summary>Writes one; returns once it is on disk.</summary>
    public void Write(OwnerKey key, SealedContent content)
    {
        string id = IdOf(content.Receipt, content.Kind);
        OwnerFile.MakeFolder(home.Sealed);
        OwnerFile.Write(PathOf(id), SealBytes(key, content.Write(), id));
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="LedgerException">There is none of that name, or it is damaged.</exception>
    public SealedContent Read(OwnerKey key, string id)
    {
        string path = PathOf(id);
        FileInfo file = new(path);
        if (!file.Exists || file.Length > MostBytes)
        {
            throw new LedgerException(path, 0, file.Exists ? "the sealed file is too large" : "there is no such sealed file");
        }

        try
        {
            SealedContent content = SealedContent.Read(UnsealBytes(key, File.ReadAllBytes(path), id));
            return IdOf(content.Receipt, content.Kind) == id
                ? content
                : throw new FormatException($"expected the artefact {id}, got another");
        }
        catch (FormatException e)
        {
            throw new LedgerException(path, 0, e.Message);
        }
    }

    /// <summary>Deletes one.</summary>
    public void Delete(string id) => File.Delete(PathOf(id));

    /// <summary>Deletes charged artefacts that nobody fetched, but for the newest.</summary>
    public void Prune(Func<string, bool> isCharged)
    {
        string[] charged = [.. Ids().Where(id => isCharged(id[..id.IndexOf('-', StringComparison.Ordinal)]))];
        foreach (string old in charged[..Math.Max(0, charged.Length - KeptCharged)])
        {
            Delete(old);
        }
    }

    /// <summary>Seals bytes in the form of these files.</summary>
    public static byte[] SealBytes(OwnerKey key, ReadOnlySpan<byte> content, string name) =>
        [.. Magic, .. key.Seal(content, name)];

    /// <summary>Says whether bytes are sealed.</summary>
    public static bool IsSealed(ReadOnlySpan<byte> file) => file.StartsWith(Magic);

    /// <summary>Opens them.</summary>
    /// <exception cref="FormatException">They are not sealed, were changed, or have another key.</exception>
    public static byte[] UnsealBytes(OwnerKey key, ReadOnlySpan<byte> file, string name) => IsSealed(file)
        ? key.Unseal(file[Magic.Length..], name)
        : throw new FormatException("expected a file that begins with research-sealed/1, got another");

    // Names come from people too: nothing but what such a file is called.
    private string PathOf(string id) => id.Length is > 0 and <= 128
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && id.Contains('-', StringComparison.Ordinal)
        ? Path.Combine(home.Sealed, id + Suffix)
        : throw new LedgerException(home.Sealed, 0, "expected the name of a sealed artefact, such as 0a1b-model");
}
