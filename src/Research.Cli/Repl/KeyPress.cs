namespace Research.Cli.Repl;

/// <summary>One key press, or one paste.</summary>
/// <param name="Key">What it asks for.</param>
/// <param name="Text">The characters, for <see cref="ReplKey.Text"/>.</param>
internal readonly record struct KeyPress(ReplKey Key, string Text = "")
{
    public static implicit operator KeyPress(ReplKey key) => new(key);

    public static implicit operator KeyPress(string text) => new(ReplKey.Text, text);
}
