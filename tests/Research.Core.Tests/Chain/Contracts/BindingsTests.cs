using System.Diagnostics;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Contracts;

/// <summary>The generated bindings against the committed artefact; <c>npm run check</c> holds that to the sources.</summary>
public sealed class BindingsTests
{
    [RequiresFact("node", "npm")]
    public async Task Generated_FromTheArtefact_IsWhatIsCommitted()
    {
        NodeTools.EnsureInstalled();
        using Process check = Process.Start(new ProcessStartInfo("node", ["scripts/bindings.js", "--check"])
        {
            WorkingDirectory = NodeTools.ContractsFolder,
            RedirectStandardError = true,
        })!;
        string error = await check.StandardError.ReadToEndAsync();
        await check.WaitForExitAsync();

        Assert.Equal((0, ""), (check.ExitCode, error));
    }
}
