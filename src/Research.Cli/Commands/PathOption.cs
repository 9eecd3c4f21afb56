using System.CommandLine;
using System.CommandLine.Parsing;

namespace Research.Cli.Commands;

/// <summary>Options and arguments that name a file; an empty name is wrong usage.</summary>
internal static class PathOption
{
    /// <summary>Creates an option that must be given.</summary>
    public static Option<string> Required(string name, string description)
    {
        Option<string> option = new(name) { Description = description, Required = true, HelpName = "FILE" };
        option.Validators.Add(result => Check(result, name));
        return option;
    }

    /// <summary>Creates an option that may be left out.</summary>
    public static Option<string?> Optional(string name, string description)
    {
        Option<string?> option = new(name) { Description = description, HelpName = "FILE" };
        option.Validators.Add(result => Check(result, name));
        return option;
    }

    /// <summary>Creates an argument that must be given.</summary>
    public static Argument<string> Argument(string name, string description)
    {
        Argument<string> argument = new(name) { Description = description };
        argument.Validators.Add(result => Check(result, name));
        return argument;
    }

    private static void Check(SymbolResult result, string name)
    {
        if (result.Tokens is [{ Value: string path }] && string.IsNullOrWhiteSpace(path))
        {
            result.AddError($"{name}: expected a file, got an empty name.");
        }
    }
}
