using Research.Cli.Repl;
using Research.Scripting;

namespace Research.Tests.Repl;

public sealed class LineEditorTests : IDisposable
{
    private readonly ScriptSession _session = new();
    private readonly EntryHistory _history = new(["first", "void F()\n{\n}", "last"]);
    private readonly LineEditor _editor;

    public LineEditorTests() => _editor = new LineEditor(_history, _session.Intelligence.CheckCompleteness);

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Enter_CompleteEntry_Submits() =>
        Assert.Equal(EditorAction.Submit, Press("1 + 1", ReplKey.Enter));

    [Fact]
    public void Enter_UnfinishedEntry_GoesToAnIndentedLine()
    {
        Press("if (true)", ReplKey.Enter, "{", ReplKey.Enter, "F();", ReplKey.Enter, "}");

        Assert.Equal("if (true)\n{\n    F();\n}", _editor.Buffer.Text);
        Assert.Equal(EditorAction.Submit, Press(ReplKey.Enter));
    }

    [Fact]
    public void Enter_OnAnEmptyLineOfABody_LeavesNoSpaces()
    {
        Press("void F()", ReplKey.Enter, "{", ReplKey.Enter, ReplKey.Enter);

        Assert.Equal("void F()\n{\n\n    ", _editor.Buffer.Text);
    }

    [Fact]
    public void Enter_MissingSemicolonThenEmptyLine_Submits()
    {
        Assert.Equal(EditorAction.Draw, Press("int x = 1", ReplKey.Enter));
        Assert.Equal(EditorAction.Submit, Press(ReplKey.Enter));
    }

    [Fact]
    public void LineBreak_CompleteEntry_DoesNotSubmit()
    {
        Assert.Equal(EditorAction.Draw, Press("1", ReplKey.LineBreak, "+ 1"));
        Assert.Equal("1\n+ 1", _editor.Buffer.Text);
    }

    [Fact]
    public void UpAndDown_WalkLinesThenEntries()
    {
        Press("draft", ReplKey.Up);
        Assert.Equal("last", _editor.Buffer.Text);
        Press(ReplKey.Up);
        Assert.Equal("void F()\n{\n}", _editor.Buffer.Text);
        Press(ReplKey.Up, ReplKey.Up, ReplKey.Up, ReplKey.Up);
        Assert.Equal("first", _editor.Buffer.Text);
        Press(ReplKey.Down, ReplKey.Down, ReplKey.Down);
        Assert.Equal("draft", _editor.Buffer.Text);
    }

    [Fact]
    public void Search_Typed_FindsNewestAndOlder()
    {
        Press(ReplKey.Search, "st");
        Assert.Equal(("last", "(search)`st': "), (_editor.Buffer.Text, _editor.SearchPrompt));
        Press(ReplKey.Search);
        Assert.Equal("first", _editor.Buffer.Text);
        Press(ReplKey.Search);
        Assert.Equal("(failed search)`st': ", _editor.SearchPrompt);
        Press(ReplKey.Home);
        Assert.Equal((null, 0), (_editor.SearchPrompt, _editor.Buffer.Cursor));
    }

    [Fact]
    public void Search_GivenUp_BringsTheEntryBack()
    {
        Press("draft", ReplKey.Search, "fir");
        Assert.Equal("first", _editor.Buffer.Text);

        Assert.Equal(EditorAction.Draw, Press(ReplKey.Interrupt));
        Assert.Equal("draft", _editor.Buffer.Text);
    }

    [Fact]
    public void EndOfInput_ExitsOnlyWhenEmpty()
    {
        Assert.Equal(EditorAction.Draw, Press("ab", ReplKey.Home, ReplKey.EndOfInput));
        Assert.Equal("b", _editor.Buffer.Text);
        Assert.Equal(EditorAction.Draw, Press(ReplKey.EndOfInput));
        Assert.Equal(EditorAction.Exit, Press(ReplKey.EndOfInput));
    }

    [Fact]
    public void Tab_BeforeCode_Indents_AfterIt_Completes()
    {
        Assert.Equal(EditorAction.Draw, Press(ReplKey.Tab));
        Assert.Equal("    ", _editor.Buffer.Text);
        Assert.Equal(EditorAction.Complete, Press("Con", ReplKey.Tab));
    }

    private EditorAction Press(params KeyPress[] presses)
    {
        EditorAction action = EditorAction.Draw;
        foreach (KeyPress press in presses)
        {
            action = _editor.Handle(press);
        }

        return action;
    }
}
