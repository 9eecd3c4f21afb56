using System.CommandLine;

namespace Research.Cli.Commands;

/// <summary>The option that names a data set.</summary>
internal static class DataOption
{
    private const string Expected = "digits, fashion-mnist:FOLDER, mnist:FOLDER or csv:FILE";

    /// <summary>Creates the option; a name of another form is wrong usage.</summary>
    public static Option<string> Required(string name, string description)
    {
        Option<string> option = new(name)
        {
            Description = $"{description}: {Expected}.",
            Required = true,
            HelpName = "NAME",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string given }] && !IsName(given))
            {
                result.AddError($"{name}: expected {Expected}, got {(given.Length == 0 ? "nothing" : given)}.");
            }
        });
        return option;
    }

    private static bool IsName(string given) => given.Split(':', 2) switch
    {
        ["digits"] => true,
        ["fashion-mnist" or "mnist" or "csv", string path] => !string.IsNullOrWhiteSpace(path),
        _ => false,
    };
}
