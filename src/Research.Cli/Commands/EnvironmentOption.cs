using System.CommandLine;

namespace Research.Cli.Commands;

/// <summary>An option with an environment variable behind it.</summary>
internal static class EnvironmentOption
{
    /// <summary>Gets what was given and the name of where, or null.</summary>
    /// <exception cref="CommandException">The option was given without a value.</exception>
    public static (string Source, string Value)? Read(ParseResult parse, Option<string?> option, string variable)
    {
        if (parse.GetValue(option) is string given)
        {
            return string.IsNullOrWhiteSpace(given)
                ? throw new CommandException($"{option.Name}: expected a value, got nothing.", CommandRunner.WrongUsage)
                : (option.Name, given);
        }

        string? found = Environment.GetEnvironmentVariable(variable);
        return string.IsNullOrWhiteSpace(found) ? null : (variable, found);
    }
}
