using System.Security.Cryptography;
using System.Text;
using Research.Plotting;
using Research.Tests.Tools;

namespace Research.Tests.Plotting;

public sealed class PlotlySourceTests
{
    // npm plotly.js-basic-dist-min 4.1.1, plotly-basic.min.js.
    [Fact]
    public void Plotly_EmbeddedCopy_IsThePinnedRelease() =>
        Assert.Equal(
            "99784e3abfb07b142a15e521a439e6d9addceadb3f79553fd24c72774f0649ba",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PlottingResource.Plotly))));

    [RequiresFact("node", "npm")]
    public void Plotly_EmbeddedCopy_IsWhatTheLockFileInstalls()
    {
        NodeTools.EnsureInstalled();
        string installed = Path.Combine(NodeTools.ContractsFolder, "node_modules", "plotly.js-basic-dist-min");
        string committed = Path.Combine(
            ExternalTool.RepositoryRoot, "src", "Research.Core", "Plotting", "plotly-basic.LICENSE");

        Assert.Equal(File.ReadAllText(Path.Combine(installed, "plotly-basic.min.js")), PlottingResource.Plotly);
        Assert.Equal(File.ReadAllText(Path.Combine(installed, "LICENSE")), File.ReadAllText(committed));
    }
}
