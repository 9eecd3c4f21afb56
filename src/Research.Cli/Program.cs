using System.CommandLine;
using Research.Cli.Commands;
using Research.Cli.Commands.Markets;
using Research.Cli.Commands.Tasks;

namespace Research.Cli;

internal static class Program
{
    /// <summary>Creates the command line: every verb.</summary>
    internal static RootCommand CreateRoot() => new(
        "Train models on data that never leaves its owners, and pay them for it.")
    {
        DemoCommand.Create(),
        TrainCommand.Create(),
        AccountCommand.Create(),
        LedgerCommand.Create(),
        AuditCommand.Create(),
        TaskCommand.Create(),
        MarketCommand.Create(),
        ChainCommand.Create(),
        WalletCommand.Create(),
        StoreCommand.Create(),
        KernelCommand.Create(),
        NotebookCommand.Create(),
        ScriptCommand.Create(),
    };

    private static async Task<int> Main(string[] args)
    {
        int exitCode = KernelRunCommand.ConnectionFileOf(args) is { } connectionFile
            ? await KernelRunCommand
                .RunAsync(connectionFile, Console.Error, CancellationToken.None).ConfigureAwait(false)
            : await CommandRunner.RunAsync(CreateRoot(), args, Console.Out, Console.Error).ConfigureAwait(false);
        Environment.Exit(exitCode); // Not held up by threads that a cell, or a command that was cancelled, left behind.
        return exitCode;
    }
}
