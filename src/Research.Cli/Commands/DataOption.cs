using System.CommandLine;
using Research.Interactive.Magics;
using Research.Training.Data;

namespace Research.Cli.Commands;

/// <summary>The option that names a data set.</summary>
internal static class DataOption
{
    private const string Expected = DataArgument.Expected;

    /// <summary>Creates the option; a name of another form is wrong usage.</summary>
    public static Option<string> Required(string name, string description) =>
        Checked(new Option<string>(name)
        {
            Description = $"{description}: {Expected}.",
            HelpName = "NAME",
            Required = true,
        });

    /// <summary>Creates the option with a default.</summary>
    public static Option<string> Create(string name, string description, string value) =>
        Checked(new Option<string>(name)
        {
            Description = $"{description}: {Expected}.",
            HelpName = "NAME",
            DefaultValueFactory = _ => value,
        });

    /// <summary>Creates the option that may be left out.</summary>
    public static Option<string?> Optional(string name, string description) =>
        Checked(new Option<string?>(name)
        {
            Description = $"{description}: {Expected}.",
            HelpName = "NAME",
        });

    private static Option<T> Checked<T>(Option<T> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string given }] && !Datasets.IsName(given))
            {
                result.AddError($"{option.Name}: expected {Expected}, got {(given.Length == 0 ? "nothing" : given)}.");
            }
        });
        return option;
    }
}
