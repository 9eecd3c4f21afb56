using System.Runtime.InteropServices;

namespace Research.TorchSharp.Native;

/// <summary>Asks libtorch's products for the same bits of a row wherever it lies in memory.</summary>
/// <remarks>
/// By default Intel's MKL chooses its kernels by how rows are aligned, on some processors: then a record that joins a
/// batch changes the last bits of what others add. Its "conditional numerical reproducibility" in strict mode does not,
/// at no cost that was measured. It is asked for by a variable, which MKL reads at its first product; somebody's own
/// choice is left. Where it comes too late, probing finds rows that depend on their place, and takes the loop.
/// </remarks>
internal static class MklBits
{
    private const string Variable = "MKL_CBWR";
    private const string Strict = "AUTO,STRICT";

    /// <summary>Asks, once a process.</summary>
    public static void Ask()
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
        {
            return;
        }

        Environment.SetEnvironmentVariable(Variable, Strict);
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
        {
            _ = SetEnvironment(Variable, Strict, 0); // .NET keeps a copy of its own.
        }
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(string name, string value, int overwrite);
}
