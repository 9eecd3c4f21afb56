using System.Text.Json;
using System.Text.RegularExpressions;
using Research.Chain.Primitives;

namespace Research.Chain.Networks;

/// <summary>Chains by name: the well-known ones, and those of a user's own file, which win.</summary>
/// <remarks>
/// The well-known ones are in <c>networks.json</c> beside this file, after ethereum-lists/chains and each provider's
/// documentation. A user's file has the same form; its entries replace those of the same name as a whole.
/// </remarks>
public sealed partial class NetworkList
{
    private const int MostBytes = 1 << 20;
    private const int MostNetworks = 256;
    private const int MostEndpoints = 16;

    private static readonly string[] RootFields = ["networks"];
    private static readonly string[] ExplorerFields = ["transaction", "address", "block"];

    private static readonly string[] NetworkFields =
    [
        "name", "chainId", "endpoints", "explorer", "symbol", "confirmations", "eip1559", "blockSeconds", "testnet", "unsuited",
    ];

    private static readonly Lazy<NetworkList> Known = new(ReadKnown);

    private NetworkList(IReadOnlyList<EthereumNetwork> all) => All = all;

    /// <summary>Gets the well-known chains.</summary>
    public static NetworkList WellKnown => Known.Value;

    /// <summary>Gets all, a user's own first.</summary>
    public IReadOnlyList<EthereumNetwork> All { get; }

    /// <summary>Gets the well-known chains and those of <c>research/networks.json</c> in the user's application data.</summary>
    /// <exception cref="InvalidDataException">That file is malformed; see <see cref="With"/>.</exception>
    public static NetworkList Load() =>
        ApplicationFolder.Find("networks.json") is string path ? With(path) : WellKnown;

    /// <summary>Gets the well-known chains and those of a user's file, where there is one.</summary>
    /// <param name="path">The file, of at most 1 MiB; it need not exist.</param>
    /// <exception cref="InvalidDataException">It is malformed; the message names the file, the JSON path, what was expected and
    /// what is there.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static NetworkList With(string path)
    {
        byte[]? bytes;
        IReadOnlyList<EthereumNetwork> own;
        try
        {
            bytes = LocalFile.Read(path, MostBytes);
            own = bytes is null ? [] : Parse(bytes);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }

        return new NetworkList([.. own, .. WellKnown.All.Where(known => own.All(one => one.Name != known.Name))]);
    }

    /// <summary>Finds a chain by its name; null where there is none of that name.</summary>
    /// <param name="name">The name, in any case.</param>
    public EthereumNetwork? Find(string name) =>
        All.FirstOrDefault(network => network.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Finds a chain by its number, a user's own first; null where there is none.</summary>
    /// <param name="chainId">The number.</param>
    public EthereumNetwork? Find(ulong chainId) => All.FirstOrDefault(network => network.ChainId == chainId);

    private static NetworkList ReadKnown()
    {
        using Stream stream = typeof(NetworkList).Assembly.GetManifestResourceStream("networks.json")
            ?? throw new InvalidOperationException("networks.json is not embedded in Research.Core.");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new NetworkList(Parse(bytes));
    }

    private static EthereumNetwork[] Parse(byte[] json) => StrictObject.Parse(json, root =>
    {
        StrictObject file = new(root, "$", RootFields);
        EthereumNetwork[] all = [.. file.Items("networks", MostNetworks).Select(one => Read(one.Item, one.Path))];
        string? twice = all.GroupBy(network => network.Name).FirstOrDefault(same => same.Count() > 1)?.Key;
        return twice is null
            ? all
            : throw new InvalidDataException($"$.networks: expected each name once, got {twice} twice.");
    });

    private static EthereumNetwork Read(JsonElement json, string path)
    {
        StrictObject fields = new(json, path, NetworkFields);
        string name = fields.Text("name", 32);
        string symbol = fields.Text("symbol", 12);
        return new EthereumNetwork(
            Name().IsMatch(name)
                ? name
                : throw new InvalidDataException(
                    $"{path}.name: expected lower-case letters, digits and hyphens, got {Hex.Excerpt(name)}."),
            fields.Whole("chainId", 1, long.MaxValue),
            ReadEndpoints(fields.Field("endpoints"), $"{path}.endpoints"),
            fields.Has("explorer") ? ReadExplorer(fields.Field("explorer"), $"{path}.explorer") : null,
            symbol.All(char.IsAsciiLetterOrDigit)
                ? symbol
                : throw new InvalidDataException($"{path}.symbol: expected letters and digits, got {Hex.Excerpt(symbol)}."),
            (int)fields.Whole("confirmations", 1, 1000),
            fields.Flag("eip1559"),
            fields.Number("blockSeconds", 0.01, 3600),
            fields.Flag("testnet"),
            fields.Has("unsuited") ? fields.Text("unsuited", 500) : null);
    }

    private static NetworkEndpoint[] ReadEndpoints(JsonElement json, string path)
    {
        StrictObject fields = new(json, path, known: null);
        string[] names = [.. fields.Names];
        if (names.Length is 0 or > MostEndpoints)
        {
            throw new InvalidDataException($"{path}: expected 1 to {MostEndpoints} endpoints by name, got {names.Length}.");
        }

        return [.. names.Select(name => new NetworkEndpoint(
            Name().IsMatch(name)
                ? name
                : throw new InvalidDataException(
                    $"{path}: expected names of lower-case letters, digits and hyphens, got {Hex.Excerpt(name)}."),
            NetworkEndpoint.IsTemplate(fields.Text(name, 500))
                ? fields.Text(name, 500)
                : throw new InvalidDataException( // It may hold a key: it is not shown.
                    $"{path}.{name}: expected an address such as https://node.example/v1/${{KEY_VARIABLE}}, http or https, with "
                    + "variables only behind the host, got something else.")))];
    }

    private static BlockExplorer ReadExplorer(JsonElement json, string path)
    {
        StrictObject fields = new(json, path, ExplorerFields);
        return new BlockExplorer(Link("transaction"), Link("address"), Link("block"));

        string Link(string name)
        {
            string template = fields.Text(name);
            return BlockExplorer.IsTemplate(template)
                ? template
                : throw new InvalidDataException(
                    $"{path}.{name}: expected a link such as https://explorer.example/tx/{{}}, got {Hex.Excerpt(template)}.");
        }
    }

    [GeneratedRegex("""^[a-z0-9][a-z0-9-]{0,31}\z""", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
