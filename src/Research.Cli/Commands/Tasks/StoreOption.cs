using System.CommandLine;
using Research.Cli.Tasks;
using Research.Storage;

namespace Research.Cli.Commands.Tasks;

/// <summary>The option that names the stores of what everyone in a task shares, in the order in which they are asked.</summary>
internal static class StoreOption
{
    private const string Variable = "RESEARCH_STORE";
    private const char Separator = ';';

    /// <summary>Creates the option.</summary>
    public static Option<string[]> Create() => new("--store")
    {
        Description =
            "Where the blobs are that everyone in a task shares: a folder, https://HOST, ipfs+http://HOST:5001 or "
            + "ipfs-gateway+https://HOST; repeat it for several, which are asked in order, and all written to. Left out, "
            + $"{Variable} (separated by {Separator}). Copies are kept in the first folder named, or in research/store in your "
            + "application data folder",
        HelpName = "STORE",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>Creates the option of the stores that a specification names.</summary>
    public static Option<StoreAddress[]> CreateNamed() => new("--store")
    {
        Description =
            "A store that the specification names, where everybody in the task finds its blobs: https://HOST[/PATH] or "
            + "ipfs-gateway+https://HOST; repeat it for up to four",
        HelpName = "STORE",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        CustomParser = result =>
        {
            try
            {
                return [.. result.Tokens.Select(token => StoreAddress.ParseNamed(token.Value))];
            }
            catch (FormatException e)
            {
                result.AddError($"--store: {e.Message}");
                return [];
            }
        },
    };

    /// <summary>Reads it, or the environment, or the default; a folder is among them.</summary>
    /// <exception cref="CommandException">One is no folder and no address.</exception>
    public static IReadOnlyList<StoreAddress> Read(ParseResult parse, Option<string[]> option)
    {
        string[] given = parse.GetValue(option) ?? [];
        string source = option.Name;
        if (given.Length == 0 && Environment.GetEnvironmentVariable(Variable) is { } variable)
        {
            source = Variable;
            given = variable.Split(Separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        List<StoreAddress> stores = [.. given.Select(text => Parse(source, text))];
        return stores.Any(store => store.IsFolder)
            ? [.. stores.OrderBy(store => !store.IsFolder)] // What is here is not fetched.
            : [StoreAddress.Parse(UserFolder.PathOf("store", option.Name)), .. stores];
    }

    private static StoreAddress Parse(string source, string text)
    {
        try
        {
            return File.Exists(text)
                ? throw new CommandException($"{source}: expected a folder, got the file {text}.")
                : StoreAddress.Parse(text);
        }
        catch (FormatException e)
        {
            throw new CommandException($"{source}: {e.Message}", CommandRunner.WrongUsage, e);
        }
    }
}
