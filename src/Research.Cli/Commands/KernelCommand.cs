using System.CommandLine;

namespace Research.Cli.Commands;

/// <summary><c>research kernel</c>: the Jupyter kernel.</summary>
internal static class KernelCommand
{
    public static Command Create() => new("kernel", "Install and run the C# kernel for Jupyter.")
    {
        KernelInstallCommand.Create(),
        KernelListCommand.Create(),
        KernelRemoveCommand.Create(),
        KernelRunCommand.Create(),
    };
}
