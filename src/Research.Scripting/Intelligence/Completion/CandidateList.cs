using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Research.Scripting.Intelligence.Completion;

/// <summary>Collects what matches the typed word, each name once, and ranks it.</summary>
/// <param name="typed">The word so far; may be empty.</param>
internal sealed class CandidateList(string typed)
{
    /// <summary>More than anyone reads; a few letters more bring the rest.</summary>
    public const int Longest = 1000;

    private readonly Dictionary<string, Candidate> _byText = new(StringComparer.Ordinal);

    /// <summary>Adds a symbol unless it does not match, has no name in C#, or is not meant to be found.</summary>
    public void Add(ISymbol symbol, CandidateGroup group, string? text = null)
    {
        string name = text ?? symbol.Name;
        int rank = NameMatch.Rank(typed, name);
        if (text is not null)
        {
            rank = Math.Min(rank, NameMatch.Rank(typed, symbol.Name));
        }

        if (rank == NameMatch.None || !symbol.CanBeReferencedByName || symbol.Name == CompletionSite.Mark)
        {
            return;
        }

        string inserted = text ?? Escape(name);
        if (_byText.TryGetValue(inserted, out Candidate? known))
        {
            if (known.Symbol is IMethodSymbol && symbol is IMethodSymbol)
            {
                known.Overloads++;
            }

            if (known.Group <= group)
            {
                return;
            }
        }

        if (!SymbolText.IsHidden(symbol))
        {
            _byText[inserted] = new Candidate(inserted, rank, group)
            {
                Symbol = symbol,
                Overloads = known?.Overloads ?? 0,
            };
        }
    }

    /// <summary>Adds something that is no symbol.</summary>
    public void Add(string text, string kind, CandidateGroup group, string? signature = null)
    {
        int rank = NameMatch.Rank(typed, text);
        if (rank != NameMatch.None && (!_byText.TryGetValue(text, out Candidate? known) || known.Group > group))
        {
            _byText[text] = new Candidate(text, rank, group) { Kind = kind, Signature = signature };
        }
    }

    /// <summary>Gets the best, best first.</summary>
    public IReadOnlyList<CompletionItem> Ranked() =>
    [
        .. _byText.Values
            .OrderBy(candidate => candidate.Rank)
            .ThenBy(candidate => candidate.Group)
            .ThenBy(candidate => candidate.Text, StringComparer.OrdinalIgnoreCase)
            .ThenBy(candidate => candidate.Text, StringComparer.Ordinal)
            .Take(Longest)
            .Select(candidate => candidate.ToItem()),
    ];

    private static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    private sealed class Candidate(string text, int rank, CandidateGroup group)
    {
        public string Text { get; } = text;

        public int Rank { get; } = rank;

        public CandidateGroup Group { get; } = group;

        public ISymbol? Symbol { get; init; }

        public string? Kind { get; init; }

        public string? Signature { get; init; }

        public int Overloads { get; set; }

        public CompletionItem ToItem()
        {
            if (Symbol is null)
            {
                return new CompletionItem(Text, Kind!, Signature);
            }

            string more = Overloads == 0 ? "" : $" (+ {Overloads} overload{(Overloads == 1 ? "" : "s")})";
            return new CompletionItem(Text, SymbolText.KindOf(Symbol), SymbolText.SignatureOf(Symbol) + more);
        }
    }
}
