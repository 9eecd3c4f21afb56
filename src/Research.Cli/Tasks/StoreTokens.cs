using Research.Storage;

namespace Research.Cli.Tasks;

/// <summary>The write tokens of servers, each for its own server and for no other.</summary>
internal sealed class StoreTokens
{
    private const string Variable = HttpStoreOptions.TokenVariable;

    private readonly Dictionary<Uri, string> _tokens = [];

    /// <summary>Reads the environment: a token, where one server is named, on this machine; else SERVER=TOKEN, separated by spaces.</summary>
    /// <param name="stores">The stores that were named.</param>
    /// <exception cref="CommandException">It is not clear which server a token is for, or it would go there in
    /// clear.</exception>
    public static StoreTokens Read(IReadOnlyList<StoreAddress> stores)
    {
        StoreTokens tokens = new();
        Uri[] servers = [.. stores.Select(store => store.Server).OfType<Uri>().Distinct()];
        string[] given = Environment.GetEnvironmentVariable(Variable) is { } text
            ? text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            : [];
        foreach (string one in given)
        {
            int equals = one.IndexOf('=', StringComparison.Ordinal);
            bool isNamed = equals > 0 && one.StartsWith("http", StringComparison.OrdinalIgnoreCase);
            if (!isNamed && servers.Length > 0 && (servers.Length > 1 || given.Length > 1 || !servers[0].IsLoopback))
            {
                throw new CommandException(
                    $"{Variable}: expected SERVER=TOKEN, separated by spaces for several servers, so that no server is shown "
                    + "another's token; got a token alone, which only a server on this machine is given.");
            }

            Uri? server = isNamed ? ServerOf(one[..equals]) : servers.FirstOrDefault();
            if (server is null)
            {
                continue; // No server is spoken to this time.
            }

            string token = isNamed ? one[(equals + 1)..] : one;
            if (token.Length == 0)
            {
                continue; // Whoever only reads has none.
            }

            if (token.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                throw new CommandException($"{Variable}: expected visible ASCII characters as the token of {server}; got others.");
            }

            tokens._tokens[server] = server.Scheme == "https" || server.IsLoopback
                ? token
                : throw new CommandException(
                    $"{Variable}: {server} is spoken to in clear, and everybody between here and there would read the token: "
                    + "name the server by https.");
        }

        return tokens;
    }

    // Perhaps of one that only a specification names.
    private static Uri ServerOf(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? server)
        ? server
        : throw new CommandException($"{Variable}: expected SERVER=TOKEN with a server such as https://HOST, got {text}=….");

    /// <summary>Gets a server's token; null where it has none.</summary>
    public string? Of(Uri server) => _tokens.GetValueOrDefault(server);
}
