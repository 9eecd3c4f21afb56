using System.CommandLine;
using Research.Interactive.Magics;

namespace Research.Cli.Commands;

/// <summary>Options and arguments about the ledger of whoever runs the command.</summary>
internal static class OwnerOption
{
    private const string Default = "left out, research in your application data folder.";

    /// <summary>Creates the option that names the ledger's home.</summary>
    public static Option<string?> Ledger()
    {
        Option<string?> option = PathOption.Optional(
            "--ledger", $"Folder of your privacy ledger and key, made where it is not there; {Default}");
        option.HelpName = "FOLDER";
        return option;
    }

    /// <summary>Creates the argument that names the ledger's home.</summary>
    public static Argument<string?> Home()
    {
        Argument<string?> argument = new("FOLDER")
        {
            Description = $"Folder of the ledger; {Default}",
            Arity = ArgumentArity.ZeroOrOne,
        };
        argument.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string path }] && string.IsNullOrWhiteSpace(path))
            {
                result.AddError("FOLDER: expected a folder, got an empty name.");
            }
        });
        return argument;
    }

    /// <summary>Creates the option that names a new ledger's cap.</summary>
    public static Option<double?> EpsilonCap() => BoundedOption.Optional(
        "--epsilon-cap",
        "What ε no record of yours may ever pass, where your ledger is made now; left out, you are asked, or it is 8",
        NumberRange.Positive);

    /// <summary>Gets where the owner answers questions; null where nobody is there.</summary>
    public static TextReader? Terminal() =>
        Console.IsInputRedirected || Console.IsErrorRedirected ? null : Console.In;
}
