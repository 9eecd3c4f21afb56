using System.Text;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;

namespace Research.Tests.Training.Layers;

/// <summary>The layers of a specification: their JSON, what is refused, and which data.</summary>
public sealed class LayerSpecTests
{
    private const string Batch =
        "groupNorm or layerNorm (batchNorm mixes the examples of a batch, so no example's gradient is its own)";

    [Fact]
    public void ToCanonicalJson_EveryLayer_RoundTrips()
    {
        ModelSpec images = Spec(
            [4, 8, 8],
            new Conv2d(4, 6, 3, 2, 1, 2),
            new GroupNorm(3, 6),
            new Gelu(),
            new Residual([new Conv2d(6, 6, 1), new Residual([new Silu(), new Sigmoid()]), new Dropout(0.25)]),
            new GlobalMaxPool2d(),
            new Linear(6, 3));
        ModelSpec text = Spec(
            [5], new Embedding(9, 4), new SelfAttention(4, 2, true), new SelfAttention(4, 1), new LayerNorm(4), new Flatten(), new Linear(20, 3));
        ModelSpec pooled = Spec([4, 8, 8], new GlobalAvgPool2d(), new Linear(4, 3));
        foreach (ModelSpec spec in (ModelSpec[])[images, text, pooled])
        {
            byte[] canonical = spec.ToCanonicalJson();

            Assert.Equal(spec.Model.Layers, ModelSpec.Parse(canonical).Model.Layers);
            Assert.Equal(canonical, ModelSpec.Parse(canonical).ToCanonicalJson());
        }
    }

    [Fact]
    public void ToCanonicalJson_DefaultFields_AreLeftOut()
    {
        ModelSpec spec = Spec([2, 4], new SelfAttention(4, 1), new Flatten(), new Linear(8, 2));
        ModelSpec convolution = Spec([2, 4, 4], new Conv2d(2, 2, 3), new GlobalAvgPool2d());

        string json = Encoding.UTF8.GetString(spec.ToCanonicalJson());
        string image = Encoding.UTF8.GetString(convolution.ToCanonicalJson());

        Assert.Contains("""{"heads":1,"size":4,"type":"selfAttention"}""", json, StringComparison.Ordinal);
        Assert.DoesNotContain("groups", image, StringComparison.Ordinal);
        Assert.Equal(
            spec.Hash,
            Parse(json.Replace("\"heads\"", "\"causal\":false,\"heads\"", StringComparison.Ordinal)).Hash);
        Assert.Equal(
            convolution.Hash,
            Parse(image.Replace("\"kernel\"", "\"groups\":1,\"kernel\"", StringComparison.Ordinal)).Hash);
    }

    [Fact]
    public void Parameters_OfNestedLayers_AreNamedAfterThem()
    {
        Network network = Network.Create(Spec(
            [5],
            new Embedding(9, 4),
            new Residual([new LayerNorm(4), new Residual([new Linear(4, 4)])]),
            new SelfAttention(4, 2),
            new Flatten(),
            new Linear(20, 3)));

        Assert.Equal(
            [
                "layers.0.weight [9, 4]", "layers.1.layers.0.weight [4]", "layers.1.layers.0.bias [4]",
                "layers.1.layers.1.layers.0.weight [4, 4]", "layers.1.layers.1.layers.0.bias [4]",
                "layers.2.inProjection.weight [12, 4]", "layers.2.inProjection.bias [12]",
                "layers.2.outProjection.weight [4, 4]", "layers.2.outProjection.bias [4]",
                "layers.4.weight [3, 20]", "layers.4.bias [3]",
            ],
            network.Parameters.Select(p => $"{p.Name} [{string.Join(", ", p.Shape)}]"));
    }

    public static TheoryData<int[], string, string, string, string> Refused => new()
    {
        { [2, 4, 4], """{"type":"batchNorm"}""", "$.model.layers[0].type", Batch, "\"batchNorm\"" },
        { [6, 4, 4], """{"type":"groupNorm","groups":4,"channels":6}""", "$.model.layers[0].groups", "a divisor of 6, the channels", "4" },
        { [6, 4, 4], """{"type":"groupNorm","groups":7,"channels":6}""", "$.model.layers[0].groups", "a whole number from 1 to 6", "7" },
        { [6, 4, 4], """{"type":"groupNorm","groups":2,"channels":4}""", "$.model.layers[0].channels", "6 (the channels that arrive there)", "4" },
        { [6, 4], """{"type":"layerNorm","size":6}""", "$.model.layers[0].size", "4 (the last size that arrives there)", "6" },
        { [6, 4], """{"type":"globalAvgPool2d"}""", "$.model.layers[0]", "an image [channels, height, width]", "[6, 4]" },
        { [6, 4], """{"type":"globalMaxPool2d"}""", "$.model.layers[0]", "an image [channels, height, width]", "[6, 4]" },
        { [6, 4], """{"type":"selfAttention","size":4,"heads":3}""", "$.model.layers[0].heads", "a divisor of 4, the size", "3" },
        { [6, 4], """{"type":"selfAttention","size":4,"heads":0}""", "$.model.layers[0].heads", "a whole number from 1 to 4", "0" },
        { [6, 4], """{"type":"selfAttention","size":6,"heads":1}""", "$.model.layers[0].size", "4 (the last size that arrives there)", "6" },
        { [6], """{"type":"selfAttention","size":6,"heads":1}""", "$.model.layers[0]", "a sequence [T, size]", "[6]" },
        { [6, 4], """{"type":"selfAttention","size":4,"heads":1,"causal":1}""", "$.model.layers[0].causal", "true or false", "1" },
        { [6000, 4], """{"type":"selfAttention","size":4,"heads":1}""", "$.model.layers[0]", "at most 16777216 numbers in one example", "[1, 6000, 6000]" },
        { [6, 4], """{"type":"embedding","tokens":4,"size":2}""", "$.model.layers[0]", "an input [T] of token numbers", "[6, 4]" },
        { [6], """{"type":"embedding","tokens":0,"size":2}""", "$.model.layers[0].tokens", "a whole number from 1 to 16777216", "0" },
        { [6], """{"type":"embedding","tokens":16777216,"size":100}""", "$.model.layers[0]", "at most 268435456 parameters up to here", "1677721600" },
        { [6], """{"type":"relu"},{"type":"embedding","tokens":4,"size":2}""", "$.model.layers[1]", "an embedding only as the first layer", "one behind another layer" },
        { [6], """{"type":"dropout","rate":1}""", "$.model.layers[0].rate", "a number in [0, 0.999]", "1" },
        { [6], """{"type":"dropout","rate":-0.5}""", "$.model.layers[0].rate", "a number in [0, 0.999]", "-0.5" },
        { [6], """{"type":"residual","layers":[]}""", "$.model.layers[0].layers", "1 to 1000 layers", "0" },
        { [6], """{"type":"residual","layers":[{"type":"linear","inputs":6,"outputs":5}]}""", "$.model.layers[0].layers", "[6] again (the shape that arrives there)", "[5]" },
        { [6], """{"type":"residual","layers":[{"type":"linear","inputs":7,"outputs":6}]}""", "$.model.layers[0].layers[0].inputs", "6 (the size that arrives there)", "7" },
        { [6], """{"type":"residual","layers":[{"type":"relu","size":1}]}""", "$.model.layers[0].layers[0].size", "only type here", "an unknown field" },
        { [4, 5, 5], """{"type":"conv2d","inputChannels":4,"outputChannels":6,"kernel":1,"stride":1,"padding":0,"groups":4}""", "$.model.layers[0].groups", "a divisor of 4 and 6, the channels", "4" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Parse_BadLayer_NamesPathExpectedAndActual(
        int[] input, string layers, string path, string expected, string actual)
    {
        string json = Encoding.UTF8.GetString(Spec([6], new Linear(6, 2)).ToCanonicalJson())
            .Replace("[6]", $"[{string.Join(',', input)}]", StringComparison.Ordinal)
            .Replace("""{"inputs":6,"outputs":2,"type":"linear"}""", layers, StringComparison.Ordinal);

        SpecException e = Assert.Throws<SpecException>(() => Parse(json));

        Assert.Equal($"{path}: expected {expected}, got {actual}.", e.Message);
    }

    [Fact]
    public void Validate_ResidualThatHoldsItself_IsRefused()
    {
        List<Layer> layers = [new ReLU()];
        layers.Add(new Residual(layers));

        SpecException e = Assert.Throws<SpecException>(() => Spec([6], new Residual(layers), new Linear(6, 2)).Validate());

        Assert.Contains("residual layers nested at most 6 deep", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_SharedLayersThatMultiply_AreRefused()
    {
        Layer layer = new ReLU();
        for (int depth = 0; depth < 6; depth++)
        {
            layer = new Residual([.. Enumerable.Repeat(layer, 900)]);
        }

        SpecException e = Assert.Throws<SpecException>(() => Spec([6], layer, new Linear(6, 2)).Validate());

        Assert.Contains("at most 1000 layers up to here, inner ones included", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9f, "9 in example 1 at 2")]
    [InlineData(-1f, "-1 in example 1 at 2")]
    [InlineData(0.5f, "0.5 in example 1 at 2")]
    [InlineData(float.NaN, "NaN in example 1 at 2")]
    public void Train_DataThatAreNoTokens_AreRefusedBeforeTraining(float bad, string actual)
    {
        ModelSpec spec = Spec([3], new Embedding(9, 4), new Flatten(), new Linear(12, 2));
        Dataset data = new((float[])[0, 8, 1, 3, 4, bad], (int[])[0, 1], [3], 2);

        SpecException e = Assert.Throws<SpecException>(() => Trainer.Train(spec, data));

        Assert.Equal(
            $"$.model.layers[0].tokens: expected whole numbers from 0 to 8 in the data, got {actual}.", e.Message);
    }

    [Fact]
    public void Forward_InputThatIsNoToken_GivesNoNumber()
    {
        Network network = Network.Create(Spec([3], new Embedding(9, 4), new Flatten(), new Linear(12, 2)));
        float[] scores = new float[4];

        network.Forward([1, 2, 3, 1, 1e30f, 3], scores);

        Assert.All(scores[..2], score => Assert.True(float.IsFinite(score)));
        Assert.All(scores[2..], score => Assert.True(float.IsNaN(score)));
    }

    private static ModelSpec Parse(string json) => ModelSpec.Parse(Encoding.UTF8.GetBytes(json));

    private static ModelSpec Spec(int[] input, params Layer[] layers) =>
        Specs.DigitsMlp with { Model = new ModelSection(input, 5, layers) };
}
