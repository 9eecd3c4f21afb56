using System.CommandLine;
using Research.Cli.Tasks;
using Research.Kernel.Specs;

namespace Research.Cli.Commands;

/// <summary><c>research kernel install</c>: tells Jupyter of the kernel.</summary>
internal static class KernelInstallCommand
{
    public const string DefaultName = "research-csharp";

    private const string InteractiveDisplayName = ".NET (C#)"; // As in notebooks written for .NET Interactive.

    public static Command Create()
    {
        Option<bool> user = new("--user") { Description = "Install for this user; the default." };
        Option<string?> prefix = new("--prefix")
        {
            Description = "Install below a Python's prefix, such as a virtual environment.",
            HelpName = "dir",
        };
        Option<string> name = new("--name")
        {
            Description = "The name that notebooks refer to.",
            DefaultValueFactory = _ => DefaultName,
        };
        Option<string> displayName = new("--display-name")
        {
            Description = "What people choose by.",
            DefaultValueFactory = _ => "C# (Research)",
        };
        Option<bool> replace = new("--replace")
        {
            Description = "Replace kernels of these names that research did not install.",
        };
        Option<bool> noPublish = new("--no-publish")
        {
            Description = "In the repository: install the build as it is, instead of compiling it ahead of time.",
        };

        Command command = new("install", "Install the kernel, also as .net-csharp unless another is there.")
        {
            user, prefix, name, displayName, replace, noPublish,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(user) && result.GetValue(prefix) is not null)
            {
                result.AddError("kernel install: expected --user or --prefix, got both.");
            }
        });
        command.SetAction((parse, cancellationToken) => RunAsync(
            parse.GetValue(prefix),
            parse.GetRequiredValue(name),
            parse.GetRequiredValue(displayName),
            parse.GetValue(replace),
            parse.GetValue(noPublish),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    internal static async Task<int> RunAsync(
        string? prefix,
        string name,
        string displayName,
        bool replace,
        bool noPublish,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        try
        {
            if (!KernelSpecInstaller.IsName(name))
            {
                await error.WriteLineAsync(
                    $"--name expects letters, digits, '.', '_' and '-', got '{name}'.").ConfigureAwait(false);
                return CommandRunner.WrongUsage;
            }

            string kernels = prefix is null ? JupyterFolders.User : JupyterFolders.Of(prefix);
            KernelLauncher launcher = await LauncherAsync(noPublish, error, cancellationToken).ConfigureAwait(false);
            return await InstallAsync(kernels, name, displayName, replace, launcher, output, error)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (
            exception is KernelSpecException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"kernel install: {exception.Message}").ConfigureAwait(false);
            return CommandRunner.Failure;
        }
    }

    private static async Task<int> InstallAsync(
        string kernels,
        string name,
        string displayName,
        bool replace,
        KernelLauncher launcher,
        TextWriter output,
        TextWriter error)
    {
        if (KernelSpecInstaller.Install(kernels, name, displayName, launcher, replace) is not { } folder)
        {
            await error.WriteLineAsync(
                $"{Path.Combine(kernels, name)} is another kernel; --replace replaces it.").ConfigureAwait(false);
            return CommandRunner.Failure;
        }

        await output.WriteLineAsync($"Installed {name} in {folder}").ConfigureAwait(false);
        if (name == KernelSpecInstaller.InteractiveName)
        {
            return CommandRunner.Success;
        }

        string? second = KernelSpecInstaller.Install(
            kernels, KernelSpecInstaller.InteractiveName, InteractiveDisplayName, launcher, replace);
        await output.WriteLineAsync(second is not null
            ? $"Installed {KernelSpecInstaller.InteractiveName} in {second}"
            : $"Left {KernelSpecInstaller.InteractiveName} as it is: another kernel has that name (--replace).")
            .ConfigureAwait(false);
        return CommandRunner.Success;
    }

    private static async Task<KernelLauncher> LauncherAsync(
        bool noPublish, TextWriter error, CancellationToken cancellationToken)
    {
        if (noPublish || PublishedKernel.RepositoryOf(AppContext.BaseDirectory) is not { } repository)
        {
            return KernelLauncher.Lasting(AppContext.BaseDirectory);
        }

        await error.WriteLineAsync($"Compiling {repository} ahead of time, for a quick start:").ConfigureAwait(false);
        string published = await PublishedKernel
            .CreateAsync(repository, UserFolder.PathOf("kernel", "--no-publish"), error, cancellationToken)
            .ConfigureAwait(false);
        return KernelLauncher.Of(published);
    }
}
