namespace Research.Storage;

/// <summary>Where a store is, as people write it: a folder, or an address that says how it is spoken to.</summary>
/// <remarks><c>https://host/path</c> is a server (<c>research store serve</c>), <c>ipfs+http://host:5001</c> the RPC of a node
/// of IPFS, <c>ipfs-gateway+https://host</c> a gateway that reads; anything without <c>://</c> is a folder.</remarks>
public sealed record StoreAddress
{
    private const string Node = "ipfs+";
    private const string Gateway = "ipfs-gateway+";

    private readonly Func<StoreOptions, IBlobStore> _open;

    private StoreAddress(string text, bool isFolder, Func<StoreOptions, IBlobStore> open) =>
        (Text, IsFolder, _open) = (text, isFolder, open);

    /// <summary>Gets what was written.</summary>
    public string Text { get; }

    /// <summary>Gets whether it is a folder of this machine.</summary>
    public bool IsFolder { get; }

    /// <summary>Reads an address; nothing is opened or asked.</summary>
    /// <param name="text">The address.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static StoreAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new FormatException("Expected a folder or an address; got nothing.");
        }

        if (!text.Contains("://", StringComparison.Ordinal))
        {
            return new StoreAddress(text, true, _ => new FolderStore(text));
        }

        string rest = Without(text, Gateway) ?? Without(text, Node) ?? text;
        if (!Uri.TryCreate(rest, UriKind.Absolute, out Uri? uri)
            || uri.Scheme is not ("http" or "https")
            || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw new FormatException(
                "Expected a folder, https://HOST[/PATH], ipfs+http://HOST:PORT or ipfs-gateway+https://HOST, without a user, "
                + $"a query or a fragment; got {Brief(text)}.");
        }

        throw new NotSupportedException(uri.ToString());
    }

    /// <summary>Makes the store; it is not asked for anything yet.</summary>
    public IBlobStore Open(StoreOptions? options = null) => _open(options ?? new StoreOptions());

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static string? Without(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? text[prefix.Length..] : null;

    // Without what may be a password.
    private static string Brief(string text)
    {
        int at = text.LastIndexOf('@');
        string shown = at < 0 ? text : $"…{text[at..]}";
        return shown.Length <= 100 ? shown : $"{shown[..100]}…";
    }
}
