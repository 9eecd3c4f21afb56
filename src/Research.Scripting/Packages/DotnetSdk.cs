using System.Diagnostics;
using System.Runtime.InteropServices;
using Research.Scripting.Directives;

namespace Research.Scripting.Packages;

/// <summary>Runs the SDK's own <c>dotnet</c>, as a user would at a prompt.</summary>
internal static class DotnetSdk
{
    /// <summary>Runs a verb to its end.</summary>
    /// <returns>The exit code and all that it printed.</returns>
    /// <exception cref="DirectiveException">There is no SDK.</exception>
    public static async Task<(int ExitCode, string Text)> RunAsync(
        string folder, string[] arguments, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(FindDotnet())
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Settings of a build that started us (a test run) must not steer this one.
        foreach (string variable in (string[])["MSBuildSDKsPath", "MSBUILD_EXE_PATH", "MSBuildExtensionsPath", "CI"])
        {
            start.Environment.Remove(variable);
        }

        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using Process process = Start(start);
        try
        {
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            string text = await output.ConfigureAwait(false) + await errors.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return (process.ExitCode, text);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Gets the lines of an answer that say what went wrong, without the project's own path.</summary>
    public static string ErrorsIn(string text, string projectPath)
    {
        string[] answers =
        [
            .. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Replace($"{projectPath} : ", "", StringComparison.Ordinal))
                .Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase))
                .Distinct(),
        ];
        return answers.Length > 0 ? string.Join('\n', answers) : text.Trim();
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new DirectiveException("dotnet did not start.");
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new DirectiveException(
                $"Packages and projects need the .NET SDK; its dotnet did not start: {exception.Message}");
        }
    }

    private static string FindDotnet()
    {
        string name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        string besideRuntime = Path.GetFullPath(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..", name));
        return Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host
            : File.Exists(besideRuntime) ? besideRuntime
            : name;
    }
}
