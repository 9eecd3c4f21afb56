namespace Research.Scripting.Notebooks;

/// <summary>A notebook is of a language that does not run here.</summary>
public sealed class NotebookLanguageException : Exception
{
    private const int LongestName = 30;

    /// <summary>Reports a notebook's language.</summary>
    /// <param name="language">What its metadata names.</param>
    public NotebookLanguageException(string language)
        : base($"Expected a C# notebook, got one of {NameOf(language)}.") => Language = NameOf(language);

    /// <summary>Gets the notebook's language.</summary>
    public string Language { get; }

    // A name, and nothing else that a file may hold in that place.
    private static string NameOf(string language) =>
        language is { Length: > 0 and <= LongestName } &&
        language.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '#' or '-' or '.')
            ? language
            : "another language";
}
