using Research.Storage.Ipfs;

namespace Research.Storage;

/// <summary>Where a store is, as people write it: a folder, or an address that says how it is spoken to.</summary>
/// <remarks><c>https://host/path</c> is a server (<c>research store serve</c>), <c>ipfs+http://host:5001</c> the RPC of a node
/// of IPFS, <c>ipfs-gateway+https://host</c> a gateway that reads; anything without <c>://</c> is a folder.</remarks>
public sealed record StoreAddress
{
    /// <summary>The most characters of an address that a specification names.</summary>
    public const int LongestNamed = 200;

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

    /// <summary>Reads an address as a specification may name it, which strangers will connect to: a server by https, or by http
    /// on one's own machine, or a gateway of IPFS; no folder and no node.</summary>
    /// <param name="text">The address: at most <see cref="LongestNamed"/> characters of visible ASCII.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static StoreAddress ParseNamed(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LongestNamed || text.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new FormatException(
                $"Expected an address of at most {LongestNamed} visible ASCII characters; got {text.Length} characters.");
        }

        return Parse(text) is { _uri: { } uri } address && address._kind != Node && (uri.Scheme == "https" || uri.IsLoopback)
            ? address
            : throw new FormatException(
                $"Expected https://HOST[/PATH] or ipfs-gateway+https://HOST, which others can reach; got {Brief(text)}.");
    }

    /// <summary>Makes the stores; none is asked for anything yet.</summary>
    /// <remarks>Folders and servers hold, for IPFS, under which CID a large blob is.</remarks>
    /// <param name="addresses">Where they are.</param>
    /// <param name="optionsOf">How a server is spoken to, its token for example, which no other server must see; null for the
    /// usual ways.</param>
    /// <param name="progress">Hears how far blobs from and to IPFS have come; null for nobody.</param>
    /// <param name="publicOnly">Whether none of them is a folder or on this machine or its network: for what a stranger
    /// names.</param>
    /// <param name="names">More stores that know under which CID a large blob is; null for none.</param>
    /// <returns>One for each address, in their order; those that are disposable are the caller's.</returns>
    /// <exception cref="ArgumentException">One is a folder, and only public ones are allowed.</exception>
    public static IReadOnlyList<IBlobStore> Open(
        IReadOnlyList<StoreAddress> addresses,
        Func<Uri, HttpStoreOptions>? optionsOf = null,
        IProgress<BlobProgress>? progress = null,
        bool publicOnly = false,
        IReadOnlyList<IBlobStore>? names = null)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        if (publicOnly && addresses.Any(one => one.IsFolder))
        {
            throw new ArgumentException("Expected addresses of public servers; got a folder.", nameof(addresses));
        }

        Func<Uri, HttpStoreOptions> how = optionsOf ?? (_ => new HttpStoreOptions());
        IBlobStore?[] stores =
        [
            .. addresses.Select(one => one.OpenDirect(
                uri => publicOnly ? how(uri) with { PublicOnly = true } : how(uri))),
        ];
        IpfsOptions ipfs = new()
        {
            Names = [.. stores.OfType<IBlobStore>(), .. names ?? []],
            PublicOnly = publicOnly,
            Progress = progress,
        };
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

    private IBlobStore? OpenDirect(Func<Uri, HttpStoreOptions> optionsOf) =>
        _uri is null ? new FolderStore(Text)
        : _kind.Length == 0 ? new HttpStore(_uri, optionsOf(_uri))
        : null;

    private IBlobStore OpenIpfs(IpfsOptions options) =>
        _kind == Gateway ? new IpfsGateway(_uri!, options) : new IpfsStore(_uri!, options);
}
