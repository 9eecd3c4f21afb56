using System.Diagnostics;
using Research.Tests.Tools;

namespace Research.Tests.Chain;

/// <summary>Foundry's <c>cast</c>: an implementation of Ethereum's encodings that owes nothing to this one.</summary>
internal static class Cast
{
    public static async Task<string> RunAsync(params string[] arguments)
    {
        NodeTools.EnsureInstalled();
        ProcessStartInfo start = new(NodeTools.Cast)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException(await errors);
    }
}
