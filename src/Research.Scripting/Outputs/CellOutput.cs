namespace Research.Scripting.Outputs;

/// <summary>Something a cell showed while it ran; front ends turn it into messages, notebook outputs or text.</summary>
public abstract record CellOutput;

/// <summary>Text written to a console stream; several writes may arrive as one.</summary>
/// <param name="Name"><c>stdout</c> or <c>stderr</c>.</param>
/// <param name="Text">The text, with the line ends that were written.</param>
public sealed record StreamOutput(string Name, string Text) : CellOutput;

/// <summary>A value shown by <c>display</c>.</summary>
/// <param name="Bundle">Its representations.</param>
/// <param name="DisplayId">Names this output for later updates; unique in the process.</param>
public sealed record DisplayOutput(MimeBundle Bundle, string DisplayId) : CellOutput;

/// <summary>A new value for outputs that were shown before, perhaps by an earlier cell.</summary>
/// <param name="Bundle">The new representations.</param>
/// <param name="DisplayId">The <see cref="DisplayOutput.DisplayId"/> to replace.</param>
public sealed record DisplayUpdate(MimeBundle Bundle, string DisplayId) : CellOutput;

/// <summary>The value of a cell's trailing expression.</summary>
/// <param name="Bundle">Its representations.</param>
public sealed record ResultOutput(MimeBundle Bundle) : CellOutput;

/// <summary>Removes what the running cell has shown so far.</summary>
/// <param name="Wait">Whether to wait for the next output, so that the page does not flicker.</param>
public sealed record ClearOutput(bool Wait) : CellOutput;
