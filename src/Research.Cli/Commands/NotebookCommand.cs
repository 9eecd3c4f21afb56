using System.CommandLine;

namespace Research.Cli.Commands;

/// <summary><c>research notebook</c>: runs notebooks without a front end, and turns them into other files.</summary>
internal static class NotebookCommand
{
    public static Command Create() => new("notebook", "Run and convert notebooks.")
    {
        NotebookRunCommand.Create(),
        NotebookConvertCommand.Create(),
    };
}
