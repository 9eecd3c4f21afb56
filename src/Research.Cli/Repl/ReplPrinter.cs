using Research.Scripting;
using Research.Scripting.Outputs;

namespace Research.Cli.Repl;

/// <summary>Shows what entries print and come to.</summary>
/// <param name="output">Gets outputs and values.</param>
/// <param name="error">Gets errors.</param>
/// <param name="isColoured">Whether values and errors are coloured.</param>
internal sealed class ReplPrinter(TextWriter output, TextWriter error, bool isColoured)
{
    private const string Value = "36"; // Cyan.
    private const string Failure = "31"; // Red.

    private bool _inLine;

    /// <summary>Shows one output of a cell.</summary>
    public void Show(CellOutput shown)
    {
        switch (shown)
        {
            case StreamOutput stream:
                (stream.Name == "stderr" ? error : output).Write(stream.Text);
                _inLine = !stream.Text.EndsWith('\n');
                break;
            case ResultOutput result:
                Line(output, result.Bundle.PlainText, Value);
                break;
            case DisplayOutput display:
                Line(output, display.Bundle.PlainText, null);
                break;
            case DisplayUpdate update:
                Line(output, update.Bundle.PlainText, null);
                break;
        }
    }

    /// <summary>Shows why an entry failed.</summary>
    public void Fail(CellError failure) => Line(error, string.Join('\n', failure.Traceback), Failure);

    /// <summary>Says something to the user.</summary>
    public void Say(string text) => Line(error, text, null);

    /// <summary>Makes sure that the prompt starts on a line of its own.</summary>
    public void EndLine()
    {
        if (_inLine)
        {
            output.WriteLine();
            _inLine = false;
        }

        output.Flush();
        error.Flush();
    }

    private void Line(TextWriter writer, string text, string? colour)
    {
        EndLine();
        writer.WriteLine(isColoured && colour is not null ? $"\u001b[{colour}m{text}\u001b[0m" : text);
    }
}
