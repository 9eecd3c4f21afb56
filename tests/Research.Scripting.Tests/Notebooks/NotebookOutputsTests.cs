using System.Text.Json.Nodes;
using Research.Scripting.Notebooks;
using Research.Scripting.Outputs;

namespace Research.Tests.Notebooks;

public sealed class NotebookOutputsTests
{
    private readonly NotebookOutputs _outputs = new();
    private readonly NotebookCell _cell = NotebookDocument.Create().AddCode("x");

    [Fact]
    public void Add_ClearNow_RemovesWhatWasShown()
    {
        _outputs.Add(_cell, new StreamOutput("stdout", "a"));
        _outputs.Add(_cell, new ClearOutput(Wait: false));

        Assert.Empty(_cell.Outputs);
    }

    [Fact]
    public void Add_ClearThatWaits_HappensWithTheNextOutputAndOnce()
    {
        _outputs.Add(_cell, new StreamOutput("stdout", "a"));
        _outputs.Add(_cell, new ClearOutput(Wait: true));
        Assert.Single(_cell.Outputs);

        _outputs.Add(_cell, new StreamOutput("stdout", "b"));
        _outputs.Add(_cell, new StreamOutput("stderr", "c"));

        Assert.Equal(["b", "c"], _cell.Outputs.Select(output => (string?)output!["text"]![0]));
    }

    [Fact]
    public void Add_ClearThatWaits_LeavesUpdatesWhereTheyAre()
    {
        _outputs.Add(_cell, new DisplayOutput(MimeBundle.Of(("text/plain", "old")), "d"));
        _outputs.Add(_cell, new ClearOutput(Wait: true));
        _outputs.Add(_cell, new DisplayUpdate(MimeBundle.Of(("text/plain", "new")), "d"));

        Assert.Equal("new", (string?)Assert.Single(_cell.Outputs)!["data"]!["text/plain"]![0]);
    }

    [Fact]
    public void Add_UpdateOfAClearedDisplay_ShowsNothing()
    {
        _outputs.Add(_cell, new DisplayOutput(MimeBundle.Of(("text/plain", "old")), "d"));
        _outputs.Add(_cell, new ClearOutput(Wait: false));
        _outputs.Add(_cell, new DisplayUpdate(MimeBundle.Of(("text/plain", "new")), "d"));

        Assert.Empty(_cell.Outputs);
    }

    [Fact]
    public void Add_AfterTheRunsEnd_ChangesNothing()
    {
        _outputs.Close();
        _outputs.Add(_cell, new StreamOutput("stdout", "late"));

        Assert.Empty(_cell.Outputs);
    }

    // nbclient's rule.
    [Theory]
    [InlineData("10%\r50%\r100%\n", "100%\n")]
    [InlineData("abcdef\rxy\n", "xy\n")]
    [InlineData("abc\r\n", "abc\r\n")]
    [InlineData("abc\r", "abc\r")]
    [InlineData("abc\r\r\n", "abc\r\r\n")]
    [InlineData("ab\b\bc\n", "c\n")]
    [InlineData("\b\ba", "a")]
    [InlineData("one\ntwo\rTWO\nthree", "one\nTWO\nthree")]
    [InlineData("\e[31m1\e[0m\r\e[32m2\e[0m\n", "\e[32m2\e[0m\n")]
    [InlineData("plain\n", "plain\n")]
    public void Add_CarriageReturns_WipeTheLineHoweverItWasCut(string text, string expected)
    {
        for (int cut = 0; cut <= text.Length; cut++)
        {
            NotebookCell cell = NotebookDocument.Create().AddCode("x");
            _outputs.Add(cell, new StreamOutput("stdout", text[..cut]));
            _outputs.Add(cell, new StreamOutput("stdout", text[cut..]));

            Assert.Equal(expected, MultilineText.Join(cell.Outputs[0]!["text"]));
        }
    }

    [Fact]
    public void Add_AHundredThousandProgressLines_KeepsTheLast()
    {
        for (int i = 0; i < 100_000; i++)
        {
            _outputs.Add(_cell, new StreamOutput("stdout", $"\rstep {i}"));
        }

        JsonNode text = Assert.Single(_cell.Outputs)!["text"]!;
        Assert.Equal("step 99999", (string?)Assert.Single(text.AsArray()));
    }
}
