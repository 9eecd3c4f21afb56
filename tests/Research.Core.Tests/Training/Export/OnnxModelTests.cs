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

    public static TheoryData<string, int> Cases
    {
        get
        {
            TheoryData<string, int> cases = [];
            foreach (string model in OnnxModels.All.Keys)
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
        Network network = Network.Create(Specs.DigitsMlp with { Model = OnnxModels.All[model] });
        SeededGenerator generator = new(7);
        generator.FillUniform(network.Weights, 0.8f); // Norms start at one and zero: all must matter.
        float[] inputs = new float[count * network.InputSize];
        generator.FillUniform(inputs, 3);
        if (OnnxModels.All[model].Layers[0] is Embedding embedding)
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

        IEnumerable<string> held = OnnxModels.All.Values
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
