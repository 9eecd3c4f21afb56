namespace Research.Scripting.Intelligence;

/// <summary>One thing that may stand at the cursor.</summary>
/// <param name="Text">What to insert in place of the completed span.</param>
/// <param name="Kind">The field's usual word: <c>method</c>, <c>property</c>, <c>class</c>, <c>namespace</c>,
/// <c>keyword</c>, <c>directive</c>, <c>file</c>, ...</param>
/// <param name="Signature">Its declaration on one line, or null.</param>
public sealed record CompletionItem(string Text, string Kind, string? Signature = null);
