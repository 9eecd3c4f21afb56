namespace Research.Scripting.History;

/// <summary>A cell that was run.</summary>
/// <param name="Session">The number of the session: 1 for the first that was ever stored.</param>
/// <param name="Line">The cell's number in its session.</param>
/// <param name="Code">What was run.</param>
/// <param name="Output">The text of its value, known for this session's cells only.</param>
public sealed record HistoryEntry(int Session, int Line, string Code, string? Output = null);
