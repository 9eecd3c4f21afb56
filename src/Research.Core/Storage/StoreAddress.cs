using Research.Storage.Ipfs;

namespace Research.Storage;

/// <summary>Where a store is, as people write it: a folder, or an address that says how it is spoken to.</summary>
/// <remarks><c>https://host/path</c> is a server (<c>research store serve</c>), <c>ipfs+http://host:5001</c> the RPC of a node
/// of IPFS, <c>ipfs-gateway+https://host</c> a gateway that reads; anything without <c>://</c> is a folder.</remarks>
public sealed record StoreAddress
{
    private const string Node = "ipfs+";
    private const string Gateway = "ipfs-gateway+";

    private readonly Uri? _uri;
    private readonly string _kind;

    private StoreAddress(string text, string kind, Uri? uri) => (Text, _kind, _uri) = (text, kind, uri);

    /// <summary>Gets what was written.</summary>
    public string Text { get; }

    /// <summary>Gets whether it is a folder of this machine.</summary>
    public bool IsFolder => _uri is null;

    /// <summary>Gets the address of a server, <c>http</c> or <c>https</c>; null for folders and IPFS.</summary>
    public Uri? Server => _kind.Length == 0 ? _uri : null;

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
            return new StoreAddress(text, "", null);
        }

        string kind = text.StartsWith(Gateway, StringComparison.OrdinalIgnoreCase) ? Gateway
            : text.StartsWith(Node, StringComparison.OrdinalIgnoreCase) ? Node
            : "";
        return Uri.TryCreate(text[kind.Length..], UriKind.Absolute, out Uri? uri)
            && uri.Scheme is "http" or "https"
            && uri.UserInfo.Length + uri.Query.Length + uri.Fragment.Length == 0
            ? new StoreAddress(text, kind, uri)
            : throw new FormatException(
                "Expected a folder, https://HOST[/PATH], ipfs+http://HOST:PORT or ipfs-gateway+https://HOST, without a user, "
                + $"a query or a fragment; got {Brief(text)}.");
    }

    /// <summary>Makes the stores; none is asked for anything yet.</summary>
    /// <remarks>Folders and servers hold, for IPFS, under which CID a large blob is.</remarks>
    /// <param name="addresses">Where they are.</param>
    /// <param name="optionsOf">How a server is spoken to, its token for example, which no other server must see; null for the
    /// usual ways.</param>
    /// <param name="progress">Hears how far blobs from and to IPFS have come; null for nobody.</param>
    /// <returns>One for each address, in their order; those that are disposable are the caller's.</returns>
    public static IReadOnlyList<IBlobStore> Open(
        IReadOnlyList<StoreAddress> addresses,
        Func<Uri, HttpStoreOptions>? optionsOf = null,
        IProgress<BlobProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        IBlobStore?[] stores = [.. addresses.Select(one => one.OpenDirect(optionsOf))];
        IpfsOptions ipfs = new() { Names = [.. stores.OfType<IBlobStore>()], Progress = progress };
        return [.. addresses.Select((one, i) => stores[i] ?? one.OpenIpfs(ipfs))];
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    // Without what may be a password.
    private static string Brief(string text)
    {
        int at = text.LastIndexOf('@');
        string shown = at < 0 ? text : $"…{text[at..]}";
        return shown.Length <= 100 ? shown : $"{shown[..100]}…";
    }

    private IBlobStore? OpenDirect(Func<Uri, HttpStoreOptions>? optionsOf) =>
        _uri is null ? new FolderStore(Text)
        : _kind.Length == 0 ? new HttpStore(_uri, optionsOf?.Invoke(_uri))
        : null;

    private IBlobStore OpenIpfs(IpfsOptions options) =>
        _kind == Gateway ? new IpfsGateway(_uri!, options) : new IpfsStore(_uri!, options);
}
