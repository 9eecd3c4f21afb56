using System.Numerics;
using Microsoft.DotNet.Interactive.Events;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Interactive.Formatters;
using Research.Privacy;
using Research.Storage;
using Research.Training;
using Research.Training.Layers;
using Research.Training.Optimizers;

namespace Research.Tests.Formatters;

public sealed class ValueFormatterTests
{
    private static readonly ModelSpec Spec = new()
    {
        Name = "<script>alert(1)</script>",
        Model = new ModelSection([1, 8, 8], Seed: 1, [new Conv2d(1, 4, 3), new ReLU(), new Flatten(), new Linear(144, 10)]),
        Optimizer = new Sgd(0.5, Momentum: 0.5),
        Training = new TrainingSection(BatchSize: 64, Steps: 100),
        Privacy = new PrivacySection(0.05, ClipNorm: 1, NoiseMultiplier: 2, Delta: 1e-5, EpsilonCap: 8),
    };

    [Fact]
    public void ModelSpec_ShowsLayersOptimizerAndCostWithItsRelation()
    {
        Appearance shown = SpecCard.Of(Spec).ToAppearance();

        Assert.Contains("conv2d", shown.Text, StringComparison.Ordinal);
        Assert.Contains("learningRate 0.5", shown.Text, StringComparison.Ordinal);
        Assert.Contains("1,490", shown.Text, StringComparison.Ordinal); // 4·9+4 and 144·10+10 parameters.
        Assert.Contains(Spec.Hash.ToString(), shown.Text, StringComparison.Ordinal);
        Assert.Contains(
            $"ε {EpsilonText.Spent(EpsilonText.Of(Spec.PrivacyEvents, 1e-5)!.Value)} a run", shown.Text, StringComparison.Ordinal);
        Assert.Contains("add or remove one record", shown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_OfStrangers_AreEscapedAndBounded()
    {
        Appearance shown = SpecCard.Of(Spec with { Loss = new Research.Training.Losses.CrossEntropy() }).ToAppearance();
        Appearance broken = SpecCard.Of(Spec with { Name = new string('x', 100_000) }).ToAppearance();

        Assert.DoesNotContain("<script", shown.Html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", shown.Html, StringComparison.Ordinal);
        Assert.InRange(broken.Html.Length, 1, 5_000);
        Assert.Contains("not valid", broken.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ModelSpec_OfAThousandLayers_StaysSmall()
    {
        Layer[] layers = [.. Enumerable.Range(0, 900).Select(_ => new Linear(64, 64))];

        Appearance shown = SpecCard.Of(Spec with { Model = new ModelSection([64], 1, layers) }).ToAppearance();

        Assert.InRange(shown.Html.Length, 1, 30_000);
    }

    [Fact]
    public void Evaluation_ShowsAccuracyAndLoss() => Assert.Equal(
        "Evaluation\naccuracy  91.25 %\nloss      0.3001 nats\nexamples  1,000",
        EvaluationCard.Of(new Evaluation(0.30009, 0.9125, 1000)).ToAppearance().Text);

    [Theory]
    [InlineData("1", "0.000000000000000001 ETH")]
    [InlineData("123456789012345678901234567890", "123456789012.34567890123456789 ETH")]
    public void Wei_IsExact(string amount, string expected)
    {
        Appearance shown = ScalarAppearance.Of(new Wei(BigInteger.Parse(amount, null)));

        Assert.Equal(expected, shown.Text);
        Assert.Contains($"{amount} wei", shown.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Address_IsChecksummed()
    {
        const string Known = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"; // EIP-55's first example.

        Assert.Equal(Known, ScalarAppearance.Of(Address.Parse(Known.ToLowerInvariant())).Text);
    }

    [Fact]
    public void TransactionReceipt_ShowsHashBlockAndFee()
    {
        TransactionReceipt receipt = new(
            new Bytes32(new byte[32]), 7, Succeeded: true, 21_000, new Wei(1_000_000_000), ContractAddress: null, []);

        string text = TransactionCard.Of(receipt).ToAppearance().Text;

        Assert.Contains("0.000021 ETH", text, StringComparison.Ordinal);
        Assert.Contains("block", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Node_WithAProvidersKeyInItsAddress_IsShownWithoutIt()
    {
        using EthereumClient client = new(new Uri("https://user:secret@mainnet.example.org/v3/abcdef0123456789?key=1"));

        string text = ChainCards.Of(client).ToAppearance().Text;

        Assert.Contains("https://mainnet.example.org", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("abcdef", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_InTheHost_AreHtmlAndText()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        foreach (string cell in (string[])["Wei.FromEther(\"0.05\")", "new Evaluation(0.5, 0.9, 10)", "Bytes32.Zero"])
        {
            DisplayEvent shown = Assert.Single(await kernel.MustRunAsync(cell));
            Assert.Equal(["text/html", "text/plain"], shown.FormattedValues.Select(form => form.MimeType).Order());
            Assert.DoesNotContain("http", NotebookKernel.Html(shown), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void ContentHash_IsItsDigits() =>
        Assert.Equal(ContentHash.Of([]).ToString(), ScalarAppearance.Of(ContentHash.Of([])).Text);
}
