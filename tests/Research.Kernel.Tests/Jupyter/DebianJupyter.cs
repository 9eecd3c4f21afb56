using System.Diagnostics;
using Research.Tests.Tools;

namespace Research.Tests.Jupyter;

/// <summary>Debian's Jupyter, which nobody here wrote, against kernels that run as programs of their own.</summary>
internal static class DebianJupyter
{
    public const string Python = "/usr/bin/python3";
    public const string Client = "/usr/lib/python3/dist-packages/jupyter_client/__init__.py";
    public const string KernelTest = "/usr/lib/python3/dist-packages/jupyter_kernel_test/__init__.py";
    public const string Console = "/usr/bin/jupyter-console";
    public const string Notebook = "/usr/bin/jupyter-notebook";
    public const string Nbconvert = "/usr/bin/jupyter-nbconvert";
    public const string Selenium = "/usr/lib/python3/dist-packages/selenium/__init__.py";
    public const string Driver = "/usr/bin/chromedriver";
    public const string Pexpect = "/usr/lib/python3/dist-packages/pexpect/__init__.py";

    /// <summary>Runs one of our Python clients with the kernel installed in a home of its own.</summary>
    /// <returns>What it printed; the test fails when the client does.</returns>
    public static async Task<string> RunAsync(string script, params string[] arguments)
    {
        using TemporaryFolder home = new();
        string program = Path.Combine(AppContext.BaseDirectory, "research.dll");
        (int installed, string report) = await RunAsync(
            home.Path, "dotnet", program, "kernel", "install", "--no-publish");
        Assert.True(installed == 0, report);

        string path = Path.Combine(
            ExternalTool.RepositoryRoot, "tests", "Research.Kernel.Tests", "clients", script);
        (int exitCode, string output) = await RunAsync(home.Path, Python, ["-B", path, .. arguments]);
        Assert.True(exitCode == 0, output);
        return output;
    }

    private static Task<(int ExitCode, string Output)> RunAsync(string home, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = home };
        start.Environment["JUPYTER_DATA_DIR"] = Path.Combine(home, "jupyter");
        start.Environment["JUPYTER_RUNTIME_DIR"] = Path.Combine(home, "runtime");
        start.Environment["JUPYTER_CONFIG_DIR"] = Path.Combine(home, "config");
        start.Environment["XDG_DATA_HOME"] = Path.Combine(home, "data");
        start.Environment["IPYTHONDIR"] = Path.Combine(home, "ipython");
        return OutsideProgram.RunAsync(start);
    }
}
