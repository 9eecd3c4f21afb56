using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Research.Scripting.Intelligence.Completeness;
using Research.Scripting.Intelligence.Completion;
using Research.Scripting.Intelligence.Inspection;
using Research.Scripting.Outputs;

namespace Research.Scripting.Intelligence;

/// <summary>Completion, documentation and signatures, from the compiler's own view of the session.</summary>
/// <remarks>Positions are 0-based UTF-16 indices into the code; one outside is taken for the nearest inside. Nothing
/// here runs user code, and no code is too broken to be asked about.</remarks>
public sealed class CellIntelligence
{
    private readonly ScriptSession _session;
    private readonly SymbolInspection _inspection;

    internal CellIntelligence(ScriptSession session)
    {
        _session = session;
        _inspection = new SymbolInspection(session);
    }

    /// <summary>Lists what may stand at a position.</summary>
    /// <param name="code">The whole cell.</param>
    /// <param name="position">The cursor.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<CompletionList> CompleteAsync(string code, int position, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        return Task.Run(() => Complete(code, Math.Clamp(position, 0, code.Length)), cancellationToken);
    }

    /// <summary>Describes what is at a position: a symbol with its documentation, or, between the parentheses of a
    /// call, its signatures.</summary>
    /// <param name="code">The whole cell.</param>
    /// <param name="position">The cursor.</param>
    /// <param name="detailed">Whether to add all members and remarks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><c>text/plain</c>, <c>text/markdown</c> and <c>text/html</c>, or null when there is nothing.</returns>
    public Task<MimeBundle?> InspectAsync(
        string code, int position, bool detailed = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        return Task.Run(() => Inspect(code, Math.Clamp(position, 0, code.Length), detailed), cancellationToken);
    }

    /// <summary>Tells whether code is a whole cell.</summary>
    /// <param name="code">What was typed so far.</param>
#pragma warning disable CA1822 // One of the session's services, asked as the others are.
    public CellCompleteness CheckCompleteness(string code)
#pragma warning restore CA1822
    {
        ArgumentNullException.ThrowIfNull(code);
        return CompletenessCheck.Of(code);
    }

    private CompletionList Complete(string code, int position)
    {
        CompletionList nothing = new(position, position, []);
        string csharp = CSharpText.WithoutOtherLanguages(code, position, out bool isCSharp);
        if (!isCSharp || NestingLimit.IsPassed(csharp))
        {
            return nothing;
        }

        try
        {
            if (DirectiveCompletion.StartAt(csharp, position) is { } sign)
            {
                return DirectiveCompletion.At(csharp, sign, position, _session);
            }

            return CompletionSite.Find(_session, CSharpText.Of(code), position) is { } site
                ? CodeCompletion.At(site)
                : nothing;
        }
        catch (Exception exception) when (IsCompilers(exception))
        {
            return nothing;
        }
    }

    private MimeBundle? Inspect(string code, int position, bool detailed)
    {
        if (NestingLimit.IsPassed(code))
        {
            return null;
        }

        try
        {
            CSharpCompilation draft = _session.Draft(CSharpText.Of(code));
            SyntaxTree tree = draft.SyntaxTrees[^1];
            return NestingLimit.IsPassed(tree.GetRoot())
                ? null
                : _inspection.At(draft.GetSemanticModel(tree), position, detailed);
        }
        catch (Exception exception) when (IsCompilers(exception))
        {
            return null;
        }
    }

    // Half-written code meets bugs of the compiler that whole code does not, and its limits: no reason to fail.
    private static bool IsCompilers(Exception exception) => exception is InsufficientExecutionStackException ||
        exception.Source?.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) == true;
}
