using System.Runtime.InteropServices;
using Research.Tests.Tensors;
using Research.Tests.Tools;
using Research.Training;
using Research.Training.Data;
using Research.Training.Export;
using Research.Training.Layers;

namespace Research.Tests.Training.Export;

public sealed class OnnxModelTests
{
    private const double Tolerance = 1e-5; // Of an example's largest score: other orders of summation, other exp.

    private static readonly Dictionary<string, ModelSection> Models = new()
    {
        ["linear"] = new([5], 1, [new Linear(5, 3)]),
        ["linear on rows"] = new([4, 5], 1, [new Linear(5, 3), new Flatten()]),
        ["conv2d"] = new([3, 6, 7], 1, [new Conv2d(3, 4, 3, 2, 1), new Flatten()]),
        ["conv2d groups"] = new([4, 6, 5], 1, [new Conv2d(4, 6, 3, 1, 2, 2), new Flatten()]),
        ["maxPool2d"] = new([2, 7, 6], 1, [new MaxPool2d(3, 2), new Flatten()]),
        ["avgPool2d"] = new([2, 7, 6], 1, [new AvgPool2d(3, 2), new Flatten()]),
        ["flatten"] = new([2, 3, 4], 1, [new Flatten()]),
        ["relu"] = new([6], 1, [new ReLU()]),
        ["tanh"] = new([6], 1, [new Tanh()]),
        ["sigmoid"] = new([6], 1, [new Sigmoid()]),
        ["silu"] = new([6], 1, [new Silu()]),
        ["gelu"] = new([6], 1, [new Gelu()]),
        ["globalAvgPool2d"] = new([3, 4, 5], 1, [new GlobalAvgPool2d()]),
        ["globalMaxPool2d"] = new([3, 4, 5], 1, [new GlobalMaxPool2d()]),
        ["groupNorm"] = new([6, 4, 5], 1, [new GroupNorm(3, 6), new Flatten()]),
        ["groupNorm on rows"] = new([4, 5], 1, [new GroupNorm(2, 4), new Flatten()]),
        ["groupNorm on a vector"] = new([6], 1, [new GroupNorm(2, 6)]),
        ["layerNorm"] = new([6], 1, [new LayerNorm(6)]),
        ["layerNorm on rows"] = new([3, 5], 1, [new LayerNorm(5), new Flatten()]),
        ["embedding"] = new([5], 1, [new Embedding(11, 4), new Flatten()]),
        ["selfAttention"] = new([5, 6], 1, [new SelfAttention(6, 2), new Flatten()]),
        ["selfAttention causal"] = new([5, 6], 1, [new SelfAttention(6, 3, Causal: true), new Flatten()]),
        ["residual"] = new([6], 1, [new Residual([new Linear(6, 6), new ReLU()])]),
        ["residual in residual"] = new([6], 1, [new Residual([new Residual([new Tanh()]), new Linear(6, 6)])]),
        ["residual of nothing"] = new([6], 1, [new Residual([new Dropout(0.5)])]),
        ["dropout"] = new([6], 1, [new Dropout(0.5)]),
        ["dropout at the end"] = new([6], 1, [new Linear(6, 3), new Dropout(0.5)]),
        ["transformer"] = new(
            [8],
            1,
            [
                new Embedding(11, 12),
                new Residual([new LayerNorm(12), new SelfAttention(12, 4, Causal: true), new Dropout(0.1)]),
                new Residual([new LayerNorm(12), new Linear(12, 24), new Gelu(), new Linear(24, 12)]),
                new Flatten(),
                new Linear(96, 3),
            ]),
        ["residual network"] = new(
            [3, 8, 8],
            1,
            [
                new Conv2d(3, 8, 3, 2, 1), new GroupNorm(4, 8), new Silu(),
                new Residual([new Conv2d(8, 8, 3, 1, 1, 8), new GroupNorm(2, 8), new Silu(), new Conv2d(8, 8, 1)]),
                new GlobalAvgPool2d(), new Linear(8, 5),
            ]),
    };

    public static TheoryData<string, int> Cases
    {
        get
        {
            TheoryData<string, int> cases = [];
            foreach (string model in Models.Keys)
            {
                cases.Add(model, 1);
                cases.Add(model, 7);
            }

            return cases;
        }
    }

    [RequiresTheory("node", "npm")]
    [MemberData(nameof(Cases))]
    public void ToOnnx_EachLayer_GivesTheScoresOfForward(string model, int count)
    {
        Network network = Network.Create(Specs.DigitsMlp with { Model = Models[model] });
        SeededGenerator generator = new(7);
        generator.FillUniform(network.Weights, 0.8f); // Norms start at one and zero: all must matter.
        float[] inputs = new float[count * network.InputSize];
        generator.FillUniform(inputs, 3);
        if (Models[model].Layers[0] is Embedding embedding)
        {
            inputs = [.. inputs.Select(_ => (float)generator.NextBelow(embedding.Tokens))];
        }

        AssertAgrees(network, inputs, count);
    }

    [Fact]
    public void Models_HoldEachLayerType()
    {
        IEnumerable<string> all = typeof(Layer).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Layer)))
            .Select(type => type.Name);

        IEnumerable<string> held = Models.Values
            .SelectMany(model => model.Layers)
            .Select(layer => layer.GetType().Name);
        Assert.Equal(all.Order(), held.Distinct().Order());
    }

    [RequiresTheory("node", "npm")]
    [InlineData(1)]
    [InlineData(7)]
    public void ToOnnx_TrainedDigits_GivesTheScoresOfForward(int count)
    {
        DatasetSplit digits = Datasets.Open("digits");
        Network network = Trainer.Train(Specs.DigitsCnn, digits.Train, new TrainerOptions()).Network;

        AssertAgrees(network, digits.Test.Inputs.Span[..(count * 64)], count);
    }

    [Fact]
    public void ToOnnx_DigitsMlp_HoldsNamesVersionsAndTheWeightsToTheBit()
    {
        Network network = Network.Create(Specs.DigitsMlp);

        byte[] bytes = network.ToOnnx(new Dictionary<string, string> { ["noise"] = "secret" });

        ILookup<int, ProtobufField> model = Fields(ProtobufField.Read(bytes));
        Assert.Equal(8ul, model[1].Single().Value);
        Assert.Equal("Research", model[2].Single().Text);
        Assert.Equal(17ul, Fields(model[8].Single().Fields)[2].Single().Value);
        Assert.Equal(
            [("name", "digits-mlp"), ("noise", "secret"), ("spec", Specs.DigitsMlp.Hash.ToString())],
            model[14].Select(entry => (entry.Fields[0].Text, entry.Fields[1].Text)));
        ILookup<int, ProtobufField> graph = Fields(model[7].Single().Fields);
        Assert.Equal("digits-mlp", graph[2].Single().Text);
        Assert.Equal(["Gemm", "Relu", "Gemm"], graph[1].Select(node => Fields(node.Fields)[4].Single().Text));
        ILookup<int, ProtobufField>[] tensors = [.. graph[5].Select(tensor => Fields(tensor.Fields))];
        Assert.Equal(network.Parameters.Select(p => p.Name), tensors.Select(t => t[8].Single().Text));
        Assert.Equal(
            network.Parameters.Select(p => string.Join(' ', p.Shape)),
            tensors.Select(t => string.Join(' ', t[1].Select(dimension => dimension.Value))));
        byte[] weights = [.. tensors.SelectMany(t => t[9].Single().Bytes.ToArray())];
        Numbers.AssertSameBits(network.Weights, MemoryMarshal.Cast<byte, float>(weights));
    }

    [Fact]
    public void ToOnnx_Twice_GivesTheSameBytes() =>
        Assert.Equal(Network.Create(Specs.DigitsCnn).ToOnnx(), Network.Create(Specs.DigitsCnn).ToOnnx());

    [Theory]
    [InlineData("spec")]
    [InlineData("name")]
    public void ToOnnx_MetadataOfTheModelsOwn_IsRefused(string key)
    {
        Network network = Network.Create(Specs.DigitsMlp);

        ArgumentException e = Assert.Throws<ArgumentException>(
            () => network.ToOnnx(new Dictionary<string, string> { [key] = "x" }));

        Assert.StartsWith(
            $"Expected other keys than spec and name, which the model's own texts have, got '{key}'.",
            e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ToArray_BeyondProtobufsLimit_IsRefused()
    {
        float[] mebibyte = new float[1 << 18];
        ProtobufMessage message = new();
        for (int i = 0; i < 2048; i++) // Each has a byte of tag and three of length.
        {
            message.Add(9, mebibyte);
        }

        NotSupportedException e = Assert.Throws<NotSupportedException>(() => message.ToArray());

        Assert.Equal(
            "Expected a message of at most 2147483591 bytes (protobuf ends at 2 GiB), got 2147491840.", e.Message);
    }

    private static ILookup<int, ProtobufField> Fields(IEnumerable<ProtobufField> fields) =>
        fields.ToLookup(field => field.Number);

    private static void AssertAgrees(Network network, ReadOnlySpan<float> inputs, int count)
    {
        float[] expected = new float[count * network.Classes];
        network.Forward(inputs, expected);

        float[] scores = OnnxRuntime.Run(network.ToOnnx(), inputs, [count, .. network.Spec.Model.Input]);

        Assert.Equal(expected.Length, scores.Length);
        for (int example = 0; example < count; example++)
        {
            float[] wanted = expected[(example * network.Classes)..((example + 1) * network.Classes)];
            double bound = Tolerance * wanted.Max(MathF.Abs);
            Assert.All(
                wanted.Zip(scores.Skip(example * network.Classes)),
                pair => Assert.InRange(pair.Second, pair.First - bound, pair.First + bound));
        }
    }
}
