using System.CommandLine;
using Research.Kernel.Specs;

namespace Research.Cli.Commands;

/// <summary><c>research kernel remove</c>: takes our kernels away from Jupyter.</summary>
internal static class KernelRemoveCommand
{
    public static Command Create()
    {
        Option<string?> prefix = new("--prefix") { Description = "Remove below this prefix.", HelpName = "dir" };
        Option<string?> name = new("--name") { Description = "Remove this one; by default all of ours." };
        Command command = new("remove", "Remove the kernels that research installed; others stay.") { prefix, name };
        command.SetAction((parse, _) => RunAsync(
            parse.GetValue(prefix),
            parse.GetValue(name),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error));
        return command;
    }

    internal static async Task<int> RunAsync(string? prefix, string? name, TextWriter output, TextWriter error)
    {
        try
        {
            string kernels = prefix is null ? JupyterFolders.User : JupyterFolders.Of(prefix);
            KernelSpec[] specs =
            [
                .. KernelSpec.List([kernels]).Where(spec => name is null ? spec.IsOurs : spec.Name == name),
            ];
            foreach (KernelSpec spec in specs)
            {
                KernelSpecInstaller.Remove(spec);
                await output.WriteLineAsync($"Removed {spec.Name} from {spec.Folder}").ConfigureAwait(false);
            }

            if (specs.Length > 0 || name is null)
            {
                return CommandRunner.Success;
            }

            await error.WriteLineAsync($"There is no kernel {name} in {kernels}.").ConfigureAwait(false);
            return CommandRunner.Failure;
        }
        catch (Exception exception) when (
            exception is KernelSpecException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"kernel remove: {exception.Message}").ConfigureAwait(false);
            return CommandRunner.Failure;
        }
    }
}
