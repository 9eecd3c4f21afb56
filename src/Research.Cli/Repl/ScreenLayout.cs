using System.Text;

namespace Research.Cli.Repl;

/// <summary>An entry broken into the rows of a terminal, and where the cursor is in them.</summary>
/// <param name="Rows">Rows of at most the terminal's width.</param>
/// <param name="CursorRow">0-based.</param>
/// <param name="CursorColumn">0-based.</param>
internal sealed record ScreenLayout(IReadOnlyList<string> Rows, int CursorRow, int CursorColumn)
{
    /// <summary>Lays an entry out.</summary>
    /// <param name="text">The entry.</param>
    /// <param name="cursor">The cursor's index in it.</param>
    /// <param name="prompt">Stands before the first line.</param>
    /// <param name="continuation">Stands before the others.</param>
    /// <param name="width">The terminal's columns.</param>
    public static ScreenLayout Of(string text, int cursor, string prompt, string continuation, int width)
    {
        List<string> rows = [];
        StringBuilder row = new(prompt);
        int column = TextWidth.Of(prompt);
        (int Row, int Column) place = (0, column);
        for (int index = 0; index < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(index), out Rune rune, out int length);
            bool isBreak = text[index] == '\n';
            int columns = isBreak ? 0 : TextWidth.Of(rune);
            if (!isBreak && column + columns > width)
            {
                Next("");
            }

            place = index == cursor ? (rows.Count, column) : place;
            if (isBreak)
            {
                Next(continuation);
            }
            else
            {
                row.Append(Rune.IsControl(rune) ? Rune.ReplacementChar : rune);
                column += columns;
            }

            index += length;
        }

        if (column >= width)
        {
            Next(""); // The cursor needs a cell of its own.
        }

        place = cursor >= text.Length ? (rows.Count, column) : place;
        rows.Add(row.ToString());
        return new ScreenLayout(rows, place.Row, place.Column);

        void Next(string start)
        {
            rows.Add(row.ToString());
            row.Clear().Append(start);
            column = TextWidth.Of(start);
        }
    }
}
