using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Research.Interactive.Magics;

namespace Research.Cli.Commands;

/// <summary>Number options that say which values they take, in the help and in the error.</summary>
internal static class BoundedOption
{
    /// <summary>Creates an option with a default.</summary>
    public static Option<T> Create<T>(string name, string description, T value, T least, T most)
        where T : struct, INumber<T>
    {
        string range = Range(least, most);
        return new Option<T>(name)
        {
            Description = $"{description}: {range}.",
            DefaultValueFactory = _ => value,
            CustomParser = result => Read<T>(result, name, range, given => given >= least && given <= most) ?? value,
        };
    }

    /// <summary>Creates an option that may be left out, over a closed range.</summary>
    public static Option<T?> Optional<T>(string name, string description, T least, T most)
        where T : struct, INumber<T> =>
        Optional<T>(name, description, Range(least, most), given => given >= least && given <= most);

    /// <summary>Creates an option that may be left out.</summary>
    /// <param name="name">The option, with its dashes.</param>
    /// <param name="description">What it sets.</param>
    /// <param name="expected">Which values it takes, in words.</param>
    /// <param name="accepts">Whether it takes a value; never true of NaN.</param>
    public static Option<T?> Optional<T>(string name, string description, string expected, Func<T, bool> accepts)
        where T : struct, INumber<T> => new(name)
        {
            Description = $"{description}: {expected}.",
            CustomParser = result => Read(result, name, expected, accepts),
        };

    /// <summary>Creates an option that may be left out, with the numbers that notebooks' commands take too.</summary>
    public static Option<double?> Optional(string name, string description, NumberRange range) =>
        Optional<double>(name, description, range.Words, range.Contains);

    // Thousands separators are refused: 0,1 is not 1.
    private static T? Read<T>(ArgumentResult result, string name, string expected, Func<T, bool> accepts)
        where T : struct, INumber<T>
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        NumberStyles style = IsWhole<T>() ? NumberStyles.AllowLeadingSign : NumberStyles.Float;
        if (T.TryParse(text, style, CultureInfo.InvariantCulture, out T given) && accepts(given))
        {
            return given;
        }

        result.AddError($"{name}: expected {expected}, got {(text.Length == 0 ? "nothing" : text)}.");
        return null;
    }

    private static string Range<T>(T least, T most)
        where T : struct, INumber<T> =>
        string.Create(CultureInfo.InvariantCulture, $"a {(IsWhole<T>() ? "whole " : "")}number from {least} to {most}");

    private static bool IsWhole<T>() => typeof(T) != typeof(double) && typeof(T) != typeof(float);
}
