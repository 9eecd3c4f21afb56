using Research.Scripting.Outputs;

namespace Research.Scripting.Intelligence;

/// <summary>Completion, documentation and signatures, from the compiler's own view of the session.</summary>
/// <remarks>Positions are 0-based UTF-16 indices into the code. Nothing here runs user code.</remarks>
public sealed class CellIntelligence
{
    private readonly ScriptSession _session;

    internal CellIntelligence(ScriptSession session) => _session = session;

    /// <summary>Lists what may stand at a position.</summary>
    /// <param name="code">The whole cell.</param>
    /// <param name="position">The cursor.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<CompletionList> CompleteAsync(string code, int position, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{_session}");

    /// <summary>Describes what is at a position: a symbol with its documentation, or, between the parentheses of a
    /// call, its signatures.</summary>
    /// <param name="code">The whole cell.</param>
    /// <param name="position">The cursor.</param>
    /// <param name="detailed">Whether to add all members and remarks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><c>text/plain</c>, <c>text/markdown</c> and <c>text/html</c>, or null when there is nothing.</returns>
    public Task<MimeBundle?> InspectAsync(
        string code, int position, bool detailed = false, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{_session}");

    /// <summary>Tells whether code is a whole cell.</summary>
    /// <param name="code">What was typed so far.</param>
    public CellCompleteness CheckCompleteness(string code) => throw new NotSupportedException($"{_session}");
}
