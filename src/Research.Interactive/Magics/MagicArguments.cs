using System.Globalization;
using System.Numerics;
using Research.Plotting;

namespace Research.Interactive.Magics;

/// <summary>The words after a magic command's name, told apart by its parameters.</summary>
internal sealed class MagicArguments
{
    private const int LongestEcho = 80;

    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);
    private readonly List<string> _words = [];

    /// <summary>Gets the words that belong to no option.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>Tells the words apart.</summary>
    /// <exception cref="RefusedException">An option is unknown, given twice or without its value, or there are too many
    /// words.</exception>
    public static MagicArguments Parse(Magic magic, IReadOnlyList<string> words)
    {
        MagicArguments arguments = new();
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            MagicParameter? option = magic.Options.FirstOrDefault(option => option.Name == word);
            if (option is null && word.StartsWith("--", StringComparison.Ordinal))
            {
                throw Unexpected(
                    "option", $"one of {string.Join(", ", magic.Options.Select(one => one.Name))}", word);
            }

            if (option is null)
            {
                arguments._words.Add(word);
            }
            else if (!option.IsFlag && (i + 1 == words.Count || words[i + 1].StartsWith("--", StringComparison.Ordinal)))
            {
                throw Unexpected(word, option.Value!, "");
            }
            else if (!arguments._options.TryAdd(word, option.IsFlag ? "" : words[++i]))
            {
                throw new RefusedException($"{word}: expected it once, got it twice.");
            }
        }

        int most = magic.Parameters.Count(parameter => parameter.IsPositional);
        return arguments._words.Count <= most
            ? arguments
            : throw Unexpected("words", $"at most {most}, as in {magic.Usage[0]}", string.Join(' ', arguments._words));
    }

    /// <summary>Makes the error of one value: where, what was expected, and what came.</summary>
    public static RefusedException Unexpected(string where, string expected, string actual)
    {
        string echo = PlainText.Shorten(PlainText.Clean(actual), LongestEcho);
        return new RefusedException($"{where}: expected {expected}, got {(echo.Length == 0 ? "nothing" : echo)}.");
    }

    /// <summary>Gets the first word.</summary>
    /// <exception cref="RefusedException">It is none of the verbs.</exception>
    public string Verb(params ReadOnlySpan<string> verbs)
    {
        string verb = _words.Count > 0 ? _words[0] : "";
        return verbs.Contains(verb) ? verb : throw Unexpected("VERB", string.Join(", ", verbs!), verb);
    }

    /// <summary>Gets an option's text, or null.</summary>
    public string? Text(string option) => _options.GetValueOrDefault(option);

    /// <summary>Gets an option's number, or null.</summary>
    /// <exception cref="RefusedException">It is out of range, or no number.</exception>
    public double? Number(string option, NumberRange range) => Text(option) switch
    {
        null => null,
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && range.Contains(value) => value,
        string text => throw Unexpected(option, range.Words, text),
    };

    /// <summary>Gets an option's number.</summary>
    /// <exception cref="RefusedException">It is missing, out of range, or no number.</exception>
    public double RequiredNumber(string option, NumberRange range) =>
        Number(option, range) ?? throw Unexpected(option, range.Words, "");

    /// <summary>Gets an option's whole number, or null.</summary>
    /// <exception cref="RefusedException">It is out of range, or no whole number.</exception>
    public T? Whole<T>(string option, T least, T most)
        where T : struct, IBinaryInteger<T> => Text(option) switch
        {
            null => null,
            string text when T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out T value)
                && value >= least && value <= most => value,
            string text => throw Unexpected(
                option, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"), text),
        };
}
