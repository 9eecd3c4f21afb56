using System.Text.Json;
using Research.Tests.Tools;
using Research.Training;
using Research.Training.Data;

namespace Research.Tests.Training;

/// <summary>Small networks against PyTorch in double: tests/Fixtures/layers.json, made by layers.py.</summary>
public sealed class TorchTests
{
    private static readonly JsonElement Root = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(ExternalTool.RepositoryRoot, "tests", "Fixtures", "layers.json"))).RootElement;

    public static TheoryData<string> Cases =>
        [.. Root.GetProperty("cases").EnumerateArray().Select(Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void AddGradients_EachExample_MatchesTorch(string name)
    {
        (JsonElement expected, Network network, Dataset data) = Load(name);
        using BatchPass pass = new(network, 1, training: true);
        for (int example = 0; example < data.Count; example++)
        {
            double[] gradient = Numbers(expected.GetProperty("gradients")[example]);
            float[] actual = new float[gradient.Length];

            double loss = pass.AddGradients(data, [example], null, actual);

            double truth = Numbers(expected.GetProperty("losses"))[example];
            Assert.Equal(truth, loss, 1e-6 * Math.Max(1, truth));
            double size = Math.Max(1, gradient.Max(Math.Abs));
            Assert.All(gradient.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-6 * size));
        }
    }

    // A clipped gradient is the whole one times clipNorm / norm, so it tells the norm that was used.
    [Theory]
    [MemberData(nameof(Cases))]
    public void AddGradients_Clipped_TellsTorchsNorm(string name)
    {
        const double ClipNorm = 1e-5; // below every norm
        (JsonElement expected, Network network, Dataset data) = Load(name);
        double rounding = network.Nodes.Any(node => node.Operator.HasFactors(copies: 1)) ? 4e-3 : 1e-5;
        using BatchPass pass = new(network, 1, training: true);
        for (int example = 0; example < data.Count; example++)
        {
            double[] gradient = Numbers(expected.GetProperty("gradients")[example]);
            float[] actual = new float[gradient.Length];

            pass.AddGradients(data, [example], PassSums.Clip(ClippingMode.Flat, ClipNorm), actual);

            double squared = Numbers(expected.GetProperty("squaredNorms"))[example];
            double dot = gradient.Zip(actual, (g, a) => g * a).Sum();
            Assert.Equal(Math.Sqrt(squared), ClipNorm * squared / dot, rounding * Math.Max(Math.Sqrt(squared), 0.1));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Train_TenStepsOfSgd_FollowTorchsLossCurve(string name)
    {
        (JsonElement expected, Network network, Dataset data) = Load(name);

        TrainingRun run = Trainer.Train(network.Spec, data, new TrainerOptions { Initial = network.ToCheckpoint() });

        double[] curve = Numbers(expected.GetProperty("curve"));
        Assert.True(Math.Abs(curve[^1] - curve[0]) > 0.05, "The curve does not move.");
        Assert.Equal(curve.Length, run.LossCurve.Count);
        Assert.All(curve.Zip(run.LossCurve), pair => Assert.Equal(pair.First, pair.Second.Loss!.Value, 2e-5));
    }

    private static (JsonElement Expected, Network Network, Dataset Data) Load(string name)
    {
        JsonElement found = Root.GetProperty("cases").EnumerateArray().Single(c => Name(c) == name);
        ModelSpec spec = ModelSpec.Parse(System.Text.Encoding.UTF8.GetBytes(found.GetProperty("spec").GetRawText()));
        Network network = Network.Create(spec);
        float[] weights = [.. Numbers(found.GetProperty("weights")).Select(v => (float)v)];
        weights.CopyTo(network.Weights);
        float[] inputs = [.. Numbers(found.GetProperty("inputs")).Select(v => (float)v)];
        int[] labels = [.. found.GetProperty("labels").EnumerateArray().Select(v => v.GetInt32())];
        return (found, network, new Dataset(inputs, labels, spec.Model.Input, network.Classes));
    }

    private static string Name(JsonElement found) => found.GetProperty("spec").GetProperty("name").GetString()!;

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetDouble())];
}
