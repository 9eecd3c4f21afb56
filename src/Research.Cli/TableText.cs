using System.Globalization;
using Spectre.Console;

namespace Research.Cli;

/// <summary>Tables as plain text, the same on every terminal and in a file.</summary>
internal static class TableText
{
    /// <summary>Writes a table without colours or trailing blanks.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">Width at which it wraps.</param>
    public static string Render(Table table, int columns)
    {
        using StringWriter text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = columns;
        console.Profile.Capabilities.Unicode = true;
        console.Write(table);
        return string.Join('\n', text.ToString().Split('\n').Select(line => line.TrimEnd())).Trim('\n');
    }
}
