namespace Research.Scripting.Directives;

/// <summary>The words after a directive's name, told apart by the verb's options.</summary>
internal sealed class DirectiveArguments
{
    private readonly Dictionary<string, DirectiveWord> _options = new(StringComparer.Ordinal);
    private readonly List<DirectiveWord> _words = [];

    /// <summary>Gets the arguments of a verb that takes none.</summary>
    public static DirectiveArguments None { get; } = new();

    /// <summary>Gets the words that belong to no option.</summary>
    public IReadOnlyList<DirectiveWord> Words => _words;

    /// <summary>Tells the words apart.</summary>
    /// <exception cref="DirectiveException">An option is unknown, given twice or without its value, or there are too
    /// many words.</exception>
    public static DirectiveArguments Parse(Verb verb, IReadOnlyList<DirectiveWord> words)
    {
        DirectiveArguments arguments = new();
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i].Text;
            VerbOption? option = verb.Options.FirstOrDefault(option => option.Name == word);
            if (option is null && word.StartsWith("--", StringComparison.Ordinal))
            {
                throw new DirectiveException($"{verb.Name} has no option {word}. {UsageOf(verb)}");
            }

            if (option is null)
            {
                arguments._words.Add(words[i]);
                continue;
            }

            if (option.Value is not null && i + 1 == words.Count)
            {
                throw new DirectiveException($"{word} needs a value. {UsageOf(verb)}");
            }

            if (!arguments._options.TryAdd(word, option.Value is null ? words[i] : words[++i]))
            {
                throw new DirectiveException($"{word} is given twice.");
            }
        }

        return arguments._words.Count <= verb.Words ? arguments : throw new DirectiveException(
            $"Nothing is known of \"{arguments._words[verb.Words ?? 0].Text}\". {UsageOf(verb)}");
    }

    /// <summary>Tells whether an option is given.</summary>
    public bool Has(string option) => _options.ContainsKey(option);

    /// <summary>Gets an option's value, or null.</summary>
    public DirectiveWord? Of(string option) => _options.GetValueOrDefault(option);

    /// <summary>Gets the text of an option that must be given.</summary>
    /// <exception cref="DirectiveException">It is not.</exception>
    public DirectiveWord Required(string option, Verb verb) =>
        Of(option) ?? throw new DirectiveException($"{verb.Name} needs {option}. {UsageOf(verb)}");

    private static string UsageOf(Verb verb) => $"Usage: {DirectiveHelp.UsageOf(verb)}";
}

/// <summary>One word of a directive.</summary>
/// <param name="Text">The word, without quotes.</param>
/// <param name="IsSecret">Whether a user typed it unseen.</param>
internal sealed record DirectiveWord(string Text, bool IsSecret = false);
