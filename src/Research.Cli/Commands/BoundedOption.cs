using System.CommandLine;
using System.Globalization;

namespace Research.Cli.Commands;

/// <summary>Number options that say which values they take, in the help and in the error.</summary>
internal static class BoundedOption
{
    public static Option<T> Create<T>(string name, string description, T value, T least, T most)
        where T : struct, IComparable<T>, IParsable<T>, IFormattable
    {
        string range = string.Create(CultureInfo.InvariantCulture, $"{least} to {most}");
        return new Option<T>(name)
        {
            Description = $"{description}: {range}.",
            DefaultValueFactory = _ => value,
            CustomParser = result =>
            {
                string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                if (T.TryParse(text, CultureInfo.InvariantCulture, out T given)
                    && given.CompareTo(least) >= 0
                    && given.CompareTo(most) <= 0)
                {
                    return given;
                }

                result.AddError($"{name}: expected {range}, got {text}.");
                return value;
            },
        };
    }
}
