using System.Text.Json.Nodes;

namespace Research.Tests.Commands;

public sealed class AuditCommandTests : IDisposable
{
    private const double GaussianEpsilon = 4.3768; // Closed form at μ = 1, δ = 1e-5, rounded up.

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Plan_PlainGaussian_PrintsBoundsBelowTheClaimAndAPicture()
    {
        string[] plan =
        [
            "audit", "--sample-rate", "1", "--noise-multiplier", "1", "--steps", "1", "--trials", "20000",
            "--seed", "1",
        ];

        CommandLineResult text = await CommandLine.RunAsync(plan);
        CommandLineResult json = await CommandLine.RunAsync([.. plan, "--json"]);

        Assert.Equal((0, 0), (text.ExitCode, json.ExitCode));
        JsonNode result = JsonNode.Parse(json.Output)!;
        Assert.InRange((double)result["auditedEpsilon"]!, 0.8 * GaussianEpsilon, GaussianEpsilon);
        Assert.InRange((double)result["claimedEpsilon"]!, GaussianEpsilon - 1e-3, 1.1 * GaussianEpsilon);
        Assert.False((bool)result["refuted"]!);
        Assert.Equal(0.95, (double)result["confidence"]!);
        Assert.Contains("with confidence 0.95: 20,000 canaries", text.Output);
        Assert.Contains("verdict     the claim stands", text.Output);
        Assert.Contains("not in the data  ▁", text.Output);
        Assert.Contains("audited 100 %", text.Error);
    }

    [Fact]
    public async Task Spec_WithData_WritesAPage()
    {
        string spec = _folder.Write("spec.json", SmallSpec.Private);
        string page = Path.Combine(_folder.Path, "audit.html");

        CommandLineResult result = await CommandLine.RunAsync(
            "audit", "--spec", spec, "--data", "digits", "--trials", "1000", "--html", page, "--confidence", "0.9");

        Assert.Equal(0, result.ExitCode);
        string html = File.ReadAllText(page);
        Assert.Contains("<h1>Audit of small</h1>", html);
        Assert.Contains("not in the data", html);
        Assert.Contains("at 90%", html);
    }

    [Theory]
    [InlineData("--sample-rate 1 --steps 1", "--noise-multiplier: expected it, or --spec, got neither.")]
    [InlineData("--spec a.json --steps 1", "--steps: leave it out with --spec, whose $.privacy says it.")]
    [InlineData("--noise-multiplier 1e-200", "--noise-multiplier: expected a number from 0.001 to 1000000, got 1e-200.")]
    [InlineData("--data digits", "--data: expected --spec beside it")]
    [InlineData("--spec a.json --trials 10", "--trials: expected a whole number from 100 to 100000000, got 10.")]
    [InlineData("--spec a.json --confidence 1", "--confidence: expected a number above 0 and below 1, got 1.")]
    public async Task Create_WrongUsage_NamesTheOption(string line, string message)
    {
        CommandLineResult result = await CommandLine.RunAsync(["audit", .. line.Split(' ')]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error);
    }

    [Fact]
    public async Task Spec_WithoutPrivacy_SaysSo()
    {
        string spec = _folder.Write("spec.json", SmallSpec.Plain);

        CommandLineResult result = await CommandLine.RunAsync("audit", "--spec", spec);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("expected a specification with $.privacy", result.Error);
    }
}
