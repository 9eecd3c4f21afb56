using System.CommandLine;
using Research.Cli.Tasks;

namespace Research.Cli.Commands.Tasks;

/// <summary>The option that names the folder of what must not be shared yet.</summary>
internal static class PrivateFolderOption
{
    private const string Variable = "RESEARCH_PRIVATE_FOLDER";

    /// <summary>Creates the option.</summary>
    public static Option<string?> Create() => new("--private-folder")
    {
        Description = "Folder of what must not be shared yet: salts, unrevealed updates, evaluation records; "
            + $"left out, {Variable} or research/private in your application data folder.",
        HelpName = "FOLDER",
    };

    /// <summary>Reads it, or the environment, or the default.</summary>
    /// <exception cref="CommandException">It names a file.</exception>
    public static string Read(ParseResult parse, Option<string?> option)
    {
        (string Source, string Path)? given = EnvironmentOption.Read(parse, option, Variable);
        return given is (string source, string path) && File.Exists(path)
            ? throw new CommandException($"{source}: expected a folder, got the file {path}.")
            : given?.Path ?? UserFolder.PathOf("private", option.Name);
    }
}
