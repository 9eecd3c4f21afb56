using System.Net;
using System.Text.Json;

namespace Research.Storage.Ipfs;

/// <summary>The RPC of one node: <c>/api/v0</c>, by POST only (docs.ipfs.tech/reference/kubo/rpc).</summary>
internal sealed class IpfsRpc(Uri address, IpfsOptions options) : IBlockSource
{
    private const int MostAnswerBytes = 64 << 10;

    // A node that searches in vain says so at the end of its time; this is how much longer it is waited for.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    // What kubo (boxo, go-ipld-format) and js-ipfs say when a block was not found, or not in time.
    private static readonly string[] NotFound =
        ["could not find", "not found", "deadline exceeded", "timed out", "Block was unwanted"];

    private readonly IpfsHttp _http = new(address, "/api/v0", options);

    public string Name => _http.Name;

    public Task<byte[]?> FindBlockAsync(Cid cid, long mostBytes, CancellationToken cancellationToken)
    {
        string seconds = options.Patience.TotalSeconds.ToString("0", System.Globalization.CultureInfo.InvariantCulture);
        return _http.ExchangeAsync<byte[]?>(
            _ => Post($"block/get?arg={cid}&timeout={seconds}s", null),
            async (response, deadline) =>
            {
                if (response.StatusCode != HttpStatusCode.OK)
                {
                    string? said = await MessageAsync(response, deadline).ConfigureAwait(false);
                    return said is not null && NotFound.Any(words => said.Contains(words, StringComparison.Ordinal))
                        ? null
                        : throw Refused(response, said);
                }

                byte[] block = await IpfsHttp.ReadAsync(response, mostBytes, deadline).ConfigureAwait(false)
                    ?? throw new InvalidDataException($"{Name}: {cid}: expected at most {mostBytes} bytes, got more.");
                return cid.Names(block)
                    ? block
                    : throw new InvalidDataException(
                        $"{Name}: {cid}: expected bytes with the SHA-256 {cid.Digest}, got {block.Length} with "
                        + $"{ContentHash.Of(block)}.");
            },
            Grace,
            cancellationToken);
    }

    /// <summary>Adds and pins a file, cut as <see cref="UnixFsLayout.Default"/>, and returns the node's CID of it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="progress">Hears how many of its bytes went.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StoreException">The node did not take it.</exception>
    public Task<Cid> AddAsync(ReadOnlyMemory<byte> file, Action<long> progress, CancellationToken cancellationToken)
    {
        // All that decides the CID is said, since a node's configuration may have other defaults (IPIP-499).
        UnixFsLayout layout = UnixFsLayout.Default;
        string path = $"add?cid-version=1&raw-leaves={(layout.RawLeaves ? "true" : "false")}&hash=sha2-256"
            + $"&chunker=size-{layout.ChunkBytes}&max-file-links={layout.LinksPerNode}&trickle=false&inline=false"
            + "&wrap-with-directory=false&cid-base=base32&pin=true&progress=false";
        return _http.ExchangeAsync(
            deadline => Post(path, UploadContent.FormOf(file, (count, sent) =>
            {
                deadline.Passed(count);
                progress(sent);
            })),
            async (response, deadline) => response.StatusCode == HttpStatusCode.OK
                ? await AddedAsync(response, deadline).ConfigureAwait(false)
                : throw Refused(response, await MessageAsync(response, deadline).ConfigureAwait(false)),
            Grace,
            cancellationToken);
    }

    private HttpRequestMessage Post(string path, HttpContent? content) =>
        new(HttpMethod.Post, $"{_http.Prefix}/{path}") { Content = content };

    // One line of JSON for each file added; there is one.
    private async Task<Cid> AddedAsync(HttpResponseMessage response, TransferDeadline deadline)
    {
        byte[]? body = await IpfsHttp.ReadAsync(response, MostAnswerBytes, deadline).ConfigureAwait(false);
        if (body is not null && Text(body, "Hash") is { } hash && Cid.TryParse(hash, out Cid cid))
        {
            return cid;
        }

        // An error after the first byte comes in a trailer, which kubo says so.
        string failed = response.TrailingHeaders.TryGetValues("X-Stream-Error", out IEnumerable<string>? errors)
            ? $" ({OneLine.Of(string.Join(' ', errors))})"
            : "";
        throw new StoreException(
            Name,
            (body is null ? $"add: expected at most {MostAnswerBytes} bytes of JSON, got more"
                : $"add: expected JSON with a CID as Hash, got {Kind(response)}") + failed);
    }

    private static async Task<string?> MessageAsync(HttpResponseMessage response, TransferDeadline deadline)
    {
        byte[]? body = await IpfsHttp.ReadAsync(response, MostAnswerBytes, deadline).ConfigureAwait(false);
        return body is null ? null : Text(body, "Message");
    }

    private static string? Text(byte[] json, string property)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(property, out JsonElement value)
                && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // Not JSON, or a text with half a surrogate.
        }
    }

    private StoreException Refused(HttpResponseMessage response, string? said)
    {
        int status = (int)response.StatusCode;
        string why = (said, status) switch
        {
            (_, 401 or 403) => "check the key that the node wants",
            (not null, _) => $"\"{OneLine.Of(said)}\"",
            (null, >= 300 and < 400) => "it redirects, which is not followed: give the address of the node's RPC itself",
            _ => $"{Kind(response)}: this is not the RPC of an IPFS node; check host and port",
        };
        return new StoreException(Name, $"HTTP status {status}: {why}");
    }

    private static string Kind(HttpResponseMessage response) =>
        OneLine.Of(response.Content.Headers.ContentType?.MediaType ?? "nothing");
}
