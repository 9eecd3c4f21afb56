using Microsoft.DotNet.Interactive.Events;

namespace Research.Tests.Magics;

public sealed class AuditMagicTests
{
    [Fact]
    public async Task Audit_ShowsClaimVerdictAndPictureInOneOutput()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        IReadOnlyList<DisplayEvent> shown = await kernel.MustRunAsync(
            SpecSource.Private + "\n#!audit tiny --canaries 500 --seed 1");

        Assert.Single(shown.Select(one => one.ValueId).Distinct());
        Assert.Contains("the claim stands", NotebookKernel.Text(shown[^1]), StringComparison.Ordinal);
        Assert.Contains("<svg", NotebookKernel.Html(shown[^1]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "SPEC: expected a specification with $.privacy, for its epsilon is audited, got plain, which has none.")]
    [InlineData("tiny --canaries 3", "--canaries: expected a whole number from 100 to 100000000, got 3.")]
    [InlineData("tiny --confidence 1", "--confidence: expected a number above 0 and below 1, got 1.")]
    public async Task Audit_BadInput_IsOneLine(string arguments, string expected)
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();
        await kernel.MustRunAsync(SpecSource.Plain);

        (_, string? error) = await kernel.RunAsync($"#!audit {arguments}");

        Assert.Equal($"#!audit: {expected}", error);
    }
}
