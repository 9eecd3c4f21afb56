using System.CommandLine;

namespace Research.Cli.Commands;

/// <summary><c>--rpc</c>: the node that a verb speaks to.</summary>
internal static class NodeOption
{
    private const string Variable = "RESEARCH_RPC";
    private const string Default = "http://127.0.0.1:8545";

    /// <summary>Creates the option.</summary>
    public static Option<string?> Create() => new("--rpc")
    {
        Description = $"The node's JSON-RPC address; left out, {Variable} or {Default}.",
        HelpName = "URL",
    };

    /// <summary>Reads what was given, or the environment, or the default.</summary>
    /// <exception cref="CommandException">It is no address; the message names the option or the variable.</exception>
    public static Uri Read(ParseResult parse, Option<string?> option)
    {
        (string source, string rpc) = EnvironmentOption.Read(parse, option, Variable) ?? (option.Name, Default);
        return Uri.TryCreate(rpc, UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is "http" or "https"
            ? endpoint
            : throw new CommandException(
                $"{source}: expected a node's address such as {Default}, got {rpc}.", CommandRunner.WrongUsage);
    }
}
