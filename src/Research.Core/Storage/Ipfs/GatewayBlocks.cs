using System.Net.Http.Headers;

namespace Research.Storage.Ipfs;

/// <summary>What a gateway gives for a CID: the block, or what it makes of it.</summary>
/// <remarks>specs.ipfs.tech/http-gateways/trustless-gateway; a gateway of the older kind gives files only.</remarks>
internal sealed class GatewayBlocks(Uri address, IpfsOptions options) : IBlockSource
{
    private const string RawBlock = "application/vnd.ipld.raw";
    private const int MostRedirects = 3;

    // A gateway says by itself when it did not find something, commonly after 30 to 60 s.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly IpfsHttp _http = new(address, "/ipfs", options);

    public string Name => _http.Name;

    public async Task<byte[]?> FindBlockAsync(Cid cid, long mostBytes, CancellationToken cancellationToken) =>
        await FindAsync(cid, mostBytes, mostBytes, null, cancellationToken).ConfigureAwait(false) switch
        {
            null => null,
            { IsBlock: true } answer => answer.Bytes,
            _ => throw new StoreException(Name, $"the block {cid}: it gives files only, and no blocks ({RawBlock})"),
        };

    /// <summary>Asks for a block, and takes the file instead from a gateway that has only files.</summary>
    /// <param name="cid">Its name.</param>
    /// <param name="mostBlockBytes">How many bytes the block may have.</param>
    /// <param name="mostFileBytes">How many bytes the file may have.</param>
    /// <param name="progress">Hears how many bytes of the file came, and how many there are, where that is
    /// known.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A block that is what its CID names, or a file that is not checked yet; null where it found neither.</returns>
    public async Task<GatewayAnswer?> FindAsync(
        Cid cid,
        long mostBlockBytes,
        long mostFileBytes,
        Action<long, long?>? progress,
        CancellationToken cancellationToken)
    {
        Uri? next = new($"{_http.Prefix}/{cid}?format=raw");
        for (int i = 0; i <= MostRedirects; i++)
        {
            Uri current = next;
            next = null;
            GatewayAnswer? answer = await _http.ExchangeAsync(
                _ => Get(current),
                async (response, deadline) =>
                {
                    next = Next(current, response);
                    return next is null && IsFound(response)
                        ? await ReadAsync(cid, response, mostBlockBytes, mostFileBytes, progress, deadline)
                            .ConfigureAwait(false)
                        : null;
                },
                Grace,
                cancellationToken).ConfigureAwait(false);
            if (next is null)
            {
                return answer;
            }
        }

        throw new StoreException(Name, $"{cid}: it redirects more than {MostRedirects} times");
    }

    private static HttpRequestMessage Get(Uri uri) => new(HttpMethod.Get, uri)
    {
        Headers = { Accept = { new MediaTypeWithQualityHeaderValue(RawBlock), new("*/*", 0.1) } },
    };

    // Where to ask next: elsewhere on the same server, or for the file where it knows no formats.
    private Uri? Next(Uri current, HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        if (status is 400 or 406 or 415 or 501 && current.Query.Length > 0)
        {
            return new Uri(current.GetLeftPart(UriPartial.Path));
        }

        if (status is not (301 or 302 or 303 or 307 or 308))
        {
            return null;
        }

        bool isAddress = Uri.TryCreate(current, response.Headers.Location, out Uri? target);
        string server = current.GetLeftPart(UriPartial.Authority);
        return isAddress && target!.GetLeftPart(UriPartial.Authority) == server
            ? target
            : throw new StoreException(
                Name,
                $"it redirects to {OneLine.Of(target?.GetLeftPart(UriPartial.Authority) ?? "nowhere")}, which is not "
                + "followed: name a gateway that answers under /ipfs/ itself; one with a subdomain for each CID does not");
    }

    private bool IsFound(HttpResponseMessage response) => (int)response.StatusCode switch
    {
        200 => true,
        404 or 410 or 504 => false, // It did not find it, will not give it, or not in its time.
        429 => throw new StoreException(Name, "HTTP status 429: it limits requests; wait, or use another"),
        int status => throw new StoreException(Name, $"HTTP status {status}: this is no IPFS gateway, or it is down"),
    };

    private async Task<GatewayAnswer> ReadAsync(
        Cid cid,
        HttpResponseMessage response,
        long mostBlockBytes,
        long mostFileBytes,
        Action<long, long?>? progress,
        TransferDeadline deadline)
    {
        // Of a raw block the file is the block.
        string kind = OneLine.Of(response.Content.Headers.ContentType?.MediaType ?? "no type");
        bool isBlock = cid.Codec == CidCodec.Raw || kind == RawBlock;
        long most = isBlock ? mostBlockBytes : mostFileBytes;
        byte[] bytes = await IpfsHttp
            .ReadAsync(response, most, deadline, isBlock ? null : progress).ConfigureAwait(false)
            ?? throw new InvalidDataException($"{Name}: {cid}: expected at most {most} bytes, got more.");
        return !isBlock || cid.Names(bytes)
            ? new GatewayAnswer(bytes, isBlock)
            : throw new InvalidDataException(
                $"{Name}: {cid}: expected bytes with the SHA-256 {cid.Digest}, got {bytes.Length} of {kind} with "
                + $"{ContentHash.Of(bytes)}.");
    }
}
