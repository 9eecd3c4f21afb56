using System.CommandLine;
using Research.Cli.Commands;

namespace Research.Cli;

internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        RootCommand root = new("Train models on data that never leaves its owners, and pay them for it.")
        {
            DemoCommand.Create(),
            TrainCommand.Create(),
            AccountCommand.Create(),
            LedgerCommand.Create(),
            NotebookCommand.Create(),
            ScriptCommand.Create(),
        };
        return CommandRunner.RunAsync(root, args, Console.Out, Console.Error);
    }
}
