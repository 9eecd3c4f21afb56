using Research.Privacy;
using Research.Privacy.Accounting;

namespace Research.Tests.Magics;

public sealed class AccountMagicTests
{

    [Fact]
    public async Task Account_OfAPlan_IsTheExactBoundRoundedUpWithItsRelation()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        string text = await kernel.TextAsync("#!account --sample-rate 0.1 --noise-multiplier 2 --steps 100 --delta 1e-6");

        double epsilon = EpsilonText.Of([new GaussianEvent(0.1, 2, 100)], 1e-6)!.Value;
        Assert.Contains(EpsilonText.Spent(epsilon), text, StringComparison.Ordinal);
        Assert.Contains("add or remove one record", text, StringComparison.Ordinal);
        Assert.Contains("1e-06", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Account_ForAnEpsilon_IsANoiseThatKeepsIt()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        string text = await kernel.TextAsync("#!account --sample-rate 0.1 --target-epsilon 3 --steps 100");

        double noise = EpsilonText.RoundUp(Calibration.NoiseMultiplier(3, 1e-5, 0.1, 100));
        Assert.Contains(EpsilonText.Exact(noise), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Account_OfAVariableAboveItInTheCell_TakesItsPlan()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        string text = await kernel.TextAsync(SpecSource.Private + "\n#!account spec tiny");

        Assert.Contains("tiny", text, StringComparison.Ordinal);
        Assert.Contains(
            EpsilonText.Spent(EpsilonText.Of([new GaussianEvent(0.05, 2, 20)], 1e-5)!.Value), text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--sample-rate 2 --noise-multiplier 2 --steps 9", "--sample-rate: expected a number above 0 and at most 1, got 2.")]
    [InlineData("--sample-rate 0.1 --noise-multiplier 2", "--steps: expected a whole number above 0, got nothing.")]
    [InlineData("--sample-rate 0.1 --noise-multiplier 2 --steps 1.5", "--steps: expected a whole number from 1 to 2147483647, got 1.5.")]
    [InlineData("--sample-rate 0.1 --steps 9", "--noise-multiplier: expected it, or --target-epsilon to find it, got neither.")]
    [InlineData("--sample-rate --steps 9", "--sample-rate: expected Q, got nothing.")]
    [InlineData("spec nothere", "SPEC: expected a variable of type ModelSpec or a specification's file, got nothere.")]
    public async Task Account_BadInput_IsOneLineAtOnce(string arguments, string expected)
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        (_, string? error) = await kernel.RunAsync($"#!account {arguments}");

        Assert.Equal($"#!account: {expected}", error);
    }

    [Fact]
    public async Task Account_UnknownOption_IsNamed()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        (_, string? error) = await kernel.RunAsync("#!account --bogus 3");

        Assert.Contains("--bogus", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error!);
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("--help")]
    public async Task Account_Help_SaysUsageAndOptions(string help)
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        string text = await kernel.TextAsync($"#!account {help}");

        Assert.Contains("--noise-multiplier S", text, StringComparison.Ordinal);
        Assert.Contains("#!account spec SPEC", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_OffersNamesOptionsAndVariables()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();
        await kernel.MustRunAsync(SpecSource.Private);

        Assert.Contains("#!account", await kernel.CompleteAsync("#!acc"));
        string[] offered = await kernel.CompleteAsync("#!account ");
        Assert.Contains("--sample-rate", offered);
        Assert.Contains("tiny", offered);
    }
}
