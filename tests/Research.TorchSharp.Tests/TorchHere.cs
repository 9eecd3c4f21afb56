using Research.TorchSharp.Native;
using TorchSharp;

[assembly: CollectionBehavior(DisableTestParallelization = true)] // libtorch's seed and threads are the process's.

namespace Research.TorchSharp.Tests;

/// <summary>Whether libtorch is here.</summary>
internal static class TorchHere
{
    private static readonly Lazy<string?> Reason = new(Load);

    /// <summary>Gets why tests cannot run here; null where they can, or must (RESEARCH_REQUIRE_ALL=1 on
    /// linux-x64).</summary>
    public static string? Skip => Reason.Value;

    private static string? Load()
    {
        bool isNative = OperatingSystem.IsLinux()
            && System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
                == System.Runtime.InteropServices.Architecture.X64;
        if (!isNative)
        {
            return "These tests take libtorch for linux-x64 only; this is another platform.";
        }

        try
        {
            Libtorch.Load(olderLibstdcxx: true);
            torch.set_num_threads(1);
            return null;
        }
        catch (LibtorchException e) when (Environment.GetEnvironmentVariable("RESEARCH_REQUIRE_ALL") != "1")
        {
            return e.Message;
        }
    }
}
