using System.CommandLine;
using System.Net.Sockets;
using Research.Kernel;

namespace Research.Cli.Commands;

/// <summary><c>research kernel run</c>: serves one kernel; what Jupyter starts.</summary>
internal static class KernelRunCommand
{
    public static Command Create()
    {
        Argument<string?> positional = new("file")
        {
            Description = "The connection file that Jupyter wrote.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> option = new("--connection-file", "-f") { Description = "The same, as an option." };
        Command command = new("run", "Serve a Jupyter kernel; Jupyter runs this.") { positional, option };
        command.SetAction((parse, cancellationToken) => RunAsync(
            parse.GetValue(option) ?? parse.GetValue(positional),
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    /// <summary>Recognises the command line that kernel specifications hold, without building all verbs: a user waits
    /// for this.</summary>
    /// <returns>The connection file, or null when the command line is another.</returns>
    public static string? ConnectionFileOf(string[] args) =>
        args is ["kernel", "run", "--connection-file", { Length: > 0 } file] ? file : null;

    public static async Task<int> RunAsync(string? file, TextWriter error, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            await error.WriteLineAsync("kernel run: expected a connection file.").ConfigureAwait(false);
            return CommandRunner.WrongUsage;
        }

        try
        {
            KernelOptions options = new() { Log = error, OwnsProcess = true };
            await JupyterKernel.RunAsync(ConnectionFile.Load(file), options, cancellationToken).ConfigureAwait(false);
            return CommandRunner.Success;
        }
        catch (Exception exception) when (exception is
            ConnectionFileException or IOException or UnauthorizedAccessException or SocketException)
        {
            await error.WriteLineAsync($"kernel run {file}: {exception.Message}").ConfigureAwait(false);
            return CommandRunner.Failure;
        }
    }
}
