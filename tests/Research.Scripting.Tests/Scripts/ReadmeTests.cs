using System.Globalization;
using Research.Privacy.Ledger;
using Research.Scripting.Scripts;
using Research.Tests.Tools;

namespace Research.Tests.Scripts;

/// <summary>The README's own code, run as it stands there.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task Sample_OfTheReadme_TrainsAndChargesTheLedger()
    {
        using TemporaryFolder folder = new();
        string readme = File.ReadAllText(Path.Combine(ExternalTool.RepositoryRoot, "README.md"));
        string sample = readme.Split("```csharp\n")[1].Split("```")[0];
        string ledger = folder.File("my-ledger");
        string script = folder.File("readme.csx");
        File.WriteAllText(
            script,
            "#r \"Research.Core.dll\"\n"
            + At(At(sample, "notebooks/specs/digits-mlp.json", ExternalTool.RepositoryRoot), "my-ledger", folder.Path));
        using StringWriter output = new(CultureInfo.InvariantCulture);
        using StringWriter error = new(CultureInfo.InvariantCulture);

        int exitCode = await ScriptRunner.RunAsync(script, [], output, error);

        Assert.Equal((0, ""), (exitCode, error.ToString()));
        Assert.InRange(double.Parse(output.ToString(), CultureInfo.InvariantCulture), 0.85, 1);
        Assert.Single(PrivacyLedger.OpenExisting(ledger).Entries);
    }

    // The sample is written for a reader in the repository's folder.
    private static string At(string sample, string path, string folder)
    {
        Assert.Contains($"\"{path}\"", sample, StringComparison.Ordinal);
        return sample.Replace($"\"{path}\"", $"@\"{Path.Combine(folder, path)}\"", StringComparison.Ordinal);
    }
}
