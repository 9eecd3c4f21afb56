using System.Security.Cryptography;
using System.Text;
using Research.Plotting;
using Research.Tests.Tools;

namespace Research.Core.Tests.Plotting;

public sealed class PlotlySourceTests
{
    private static readonly string Installed =
        Path.Combine(ExternalTool.RepositoryRoot, "contracts", "node_modules", "plotly.js-basic-dist-min");

    // npm plotly.js-basic-dist-min 4.1.1, plotly-basic.min.js.
    [Fact]
    public void Plotly_EmbeddedCopy_IsThePinnedRelease() =>
        Assert.Equal(
            "99784e3abfb07b142a15e521a439e6d9addceadb3f79553fd24c72774f0649ba",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PlottingResource.Plotly))));

    [InstalledPlotlyFact]
    public void Plotly_EmbeddedCopy_IsWhatTheLockFileInstalls()
    {
        Assert.Equal(File.ReadAllText(Path.Combine(Installed, "plotly-basic.min.js")), PlottingResource.Plotly);
        Assert.Equal(
            File.ReadAllText(Path.Combine(Installed, "LICENSE")),
            File.ReadAllText(Path.Combine(ExternalTool.RepositoryRoot, "src", "Research.Core", "Plotting", "plotly-basic.LICENSE")));
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class InstalledPlotlyFactAttribute : FactAttribute
    {
        public InstalledPlotlyFactAttribute() => Skip = Directory.Exists(Installed) || Environment.GetEnvironmentVariable("RESEARCH_REQUIRE_ALL") == "1"
            ? null
            : "needs contracts/node_modules/plotly.js-basic-dist-min (npm ci in contracts)";
    }
}
