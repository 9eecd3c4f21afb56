using System.Text;

namespace Research.Scripting.Directives;

/// <summary>Reads the text of a file or an address, in bounds.</summary>
internal static class TextSource
{
    /// <summary>The longest text: 16 MiB.</summary>
    public const int MaximumBytes = 16 << 20;

    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <exception cref="DirectiveException">It cannot be read, or is too long.</exception>
    public static async Task<string> FromFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            FileInfo file = new(path);
            return file.Length > MaximumBytes ? throw TooLong(path)
                : await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DirectiveException($"Cannot read {path}: {exception.Message}");
        }
    }

    /// <exception cref="DirectiveException">It is no http or https address, cannot be read, or is too long.</exception>
    public static async Task<string> FromAddressAsync(string address, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) ||
            (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            throw new DirectiveException($"Expected an http or https address, got {address}.");
        }

        try
        {
            using HttpResponseMessage response = await Client
                .GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            response.EnsureSuccessStatusCode();
            using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return await ReadAsync(body, address, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException ||
            (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new DirectiveException($"Cannot read {address}: {exception.Message}");
        }
    }

    // The client's own limit of time ends with the headers: the body has the same again.
    private static async Task<string> ReadAsync(Stream body, string address, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Client.Timeout);
        using MemoryStream bytes = new();
        byte[] buffer = new byte[1 << 16];
        int read;
        while ((read = await body.ReadAsync(buffer, limit.Token).ConfigureAwait(false)) > 0)
        {
            await bytes.WriteAsync(buffer.AsMemory(0, read), limit.Token).ConfigureAwait(false);
            if (bytes.Length > MaximumBytes)
            {
                throw TooLong(address);
            }
        }

        bytes.Position = 0;
        using StreamReader reader = new(bytes, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
    }

    private static DirectiveException TooLong(string source) => new($"{source} is longer than {MaximumBytes} bytes.");
}
