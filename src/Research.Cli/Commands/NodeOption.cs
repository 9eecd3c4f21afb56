using System.CommandLine;
using Research.Chain.Networks;

namespace Research.Cli.Commands;

/// <summary><c>--rpc</c> and <c>--network</c>: the node, or the nodes of a network, that a verb speaks to.</summary>
internal sealed class NodeOption
{
    private const string RpcVariable = "RESEARCH_RPC";
    private const string NetworkVariable = "RESEARCH_NETWORK";
    private const string Default = "http://127.0.0.1:8545";

    private readonly Option<string?> _rpc = new("--rpc")
    {
        Description = $"The node's JSON-RPC address; left out, {RpcVariable} or {Default}.",
        HelpName = "URL",
    };

    private readonly Option<string?> _network = new("--network")
    {
        Description = "A network by name instead, such as sepolia or base, with nodes of its own; left out, "
            + $"{NetworkVariable}. Others in research/networks.json in your application data folder.",
        HelpName = "NAME",
    };

    /// <summary>Adds both to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_rpc);
        command.Options.Add(_network);
    }

    /// <summary>Reads what was given, or the environment, or the default.</summary>
    /// <exception cref="CommandException">It is no address or no network, or both are given; the message names the option or the
    /// variable.</exception>
    public NodeChoice Read(ParseResult parse)
    {
        bool isRpcGiven = parse.GetValue(_rpc) is not null;
        bool isNetworkGiven = parse.GetValue(_network) is not null;
        (string Source, string Value)? rpc = isNetworkGiven && !isRpcGiven
            ? null // What is given goes before what the environment holds.
            : EnvironmentOption.Read(parse, _rpc, RpcVariable);
        (string Source, string Value)? network = isRpcGiven && !isNetworkGiven
            ? null
            : EnvironmentOption.Read(parse, _network, NetworkVariable);
        if (rpc is not null && network is not null)
        {
            throw new CommandException(
                $"{rpc.Value.Source} and {network.Value.Source}: expected one of the two, got both.", CommandRunner.WrongUsage);
        }

        return network is (string source, string name)
            ? Named(source, name)
            : new NodeChoice([Address(rpc?.Source ?? _rpc.Name, rpc?.Value ?? Default)], null);
    }

    /// <summary>Gets the network that a verb's command line or the environment names; null where a node's address
    /// counts.</summary>
    public static string? NameIn(ParseResult parse) =>
        parse.GetValue<string?>("--network") ?? (parse.GetValue<string?>("--rpc") is null
            ? Environment.GetEnvironmentVariable(NetworkVariable)
            : null);

    private static Uri Address(string source, string rpc) =>
        Uri.TryCreate(rpc, UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is "http" or "https"
            ? endpoint
            : throw new CommandException(
                $"{source}: expected a node's address such as {Default}, got {rpc}.", CommandRunner.WrongUsage);

    private static NodeChoice Named(string source, string name)
    {
        try
        {
            NetworkList known = NetworkList.Load();
            EthereumNetwork network = known.Find(name) ?? throw new CommandException(
                $"{source}: expected one of {string.Join(", ", known.All.Select(one => one.Name))}, got {name}.",
                CommandRunner.WrongUsage);
            return new NodeChoice(network.Addresses(Environment.GetEnvironmentVariable), network);
        }
        catch (InvalidDataException e)
        {
            throw new CommandException($"{source}: {e.Message}", innerException: e);
        }
    }
}
