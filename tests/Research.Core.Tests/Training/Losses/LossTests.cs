using System.Text.Json;
using Research.Training.Losses;

namespace Research.Tests.Training.Losses;

public sealed class LossTests
{
    private const int Lanes = 16;

    public static TheoryData<int> TorchLosses => [.. Enumerable.Range(0, 6)];

    [Theory]
    [MemberData(nameof(TorchLosses))]
    public void Evaluate_SixteenExamples_FollowsTorch(int row)
    {
        JsonElement torch = TorchRows.Root.GetProperty("losses")[row];
        Loss loss = torch.GetProperty("name").GetString() switch
        {
            "crossEntropy" => new CrossEntropy(),
            "crossEntropy 0.1" => new CrossEntropy(0.1),
            "binaryCrossEntropy" => new BinaryCrossEntropy(),
            _ => new MeanSquaredError(),
        };
        int[] labels = [.. torch.GetProperty("labels").EnumerateArray().Select(label => label.GetInt32())];
        float[] scores = [.. LaneMajor(torch.GetProperty("scores")).Select(value => (float)value)];
        double[] expected = LaneMajor(torch.GetProperty("gradient"));
        float[] losses = new float[Lanes];
        float[] alone = new float[Lanes];
        float[] gradient = new float[scores.Length];

        loss.Evaluate(scores, scores.Length / Lanes, labels, losses, gradient);
        loss.Evaluate(scores, scores.Length / Lanes, labels, alone, []);

        TorchRows.AssertNear(TorchRows.Doubles(torch.GetProperty("losses")), losses, 1e-6);
        TorchRows.AssertNear(expected, gradient, 1e-6);
        Assert.Equal(losses, alone);
    }

    // Central differences in double of losses written out plainly.
    [Theory]
    [InlineData("crossEntropy", 4)]
    [InlineData("smoothed", 4)]
    [InlineData("binaryCrossEntropy", 1)]
    [InlineData("binaryCrossEntropy", 4)]
    [InlineData("meanSquaredError", 1)]
    [InlineData("meanSquaredError", 4)]
    public void Evaluate_Gradient_IsTheSlopeOfTheLoss(string name, int outputs)
    {
        Loss loss = name switch
        {
            "crossEntropy" => new CrossEntropy(),
            "smoothed" => new CrossEntropy(0.3),
            "binaryCrossEntropy" => new BinaryCrossEntropy(),
            _ => new MeanSquaredError(),
        };
        float[] scores = [.. Tensors.Numbers.Uniform(outputs * Lanes, 5).Select(x => x * 4)];
        int[] labels = [.. Enumerable.Range(0, Lanes).Select(lane => lane % Math.Max(2, outputs))];
        float[] losses = new float[Lanes];
        float[] gradient = new float[scores.Length];

        loss.Evaluate(scores, outputs, labels, losses, gradient);

        for (int lane = 0; lane < Lanes; lane++)
        {
            double[] x = [.. Enumerable.Range(0, outputs).Select(k => (double)scores[(k * Lanes) + lane])];
            Assert.Equal(Plain(name, x, labels[lane]), losses[lane], 1e-5);
            for (int k = 0; k < outputs; k++)
            {
                double[] up = [.. x.Select((v, i) => v + (i == k ? 1e-5 : 0))];
                double[] down = [.. x.Select((v, i) => v - (i == k ? 1e-5 : 0))];
                double slope = (Plain(name, up, labels[lane]) - Plain(name, down, labels[lane])) / 2e-5;
                Assert.Equal(slope, gradient[(k * Lanes) + lane], 1e-6);
            }
        }
    }

    [Fact]
    public void Predicted_SeveralOutputs_IsTheFirstOfTheLargest()
    {
        float[] scores = new float[3 * Lanes];
        scores[Lanes + 5] = 2;
        scores[(2 * Lanes) + 5] = 2;
        scores[7] = -1;
        foreach (Loss loss in (Loss[])[new CrossEntropy(), new BinaryCrossEntropy(), new MeanSquaredError()])
        {
            Assert.Equal(1, loss.Predicted(scores, 3, 5));
            Assert.Equal(0, loss.Predicted(scores, 3, 6));
            Assert.Equal(1, loss.Predicted(scores, 3, 7));
            Assert.Equal(3, loss.Classes(3));
        }
    }

    [Theory]
    [InlineData(-1f, 0, 0)]
    [InlineData(0f, 0, 0)]
    [InlineData(0.25f, 1, 0)]
    [InlineData(0.5f, 1, 0)]
    [InlineData(0.75f, 1, 1)]
    public void Predicted_OneOutput_ComparesWithTheLossesThreshold(float score, int byLogit, int bySquare)
    {
        float[] scores = new float[Lanes];
        scores[3] = score;

        Assert.Equal(byLogit, new BinaryCrossEntropy().Predicted(scores, 1, 3));
        Assert.Equal(bySquare, new MeanSquaredError().Predicted(scores, 1, 3));
    }

    [Fact]
    public void Classes_OneOutput_IsTwoExceptForCrossEntropy()
    {
        Assert.Equal(1, new CrossEntropy().Classes(1));
        Assert.Equal(2, new BinaryCrossEntropy().Classes(1));
        Assert.Equal(2, new MeanSquaredError().Classes(1));
    }

    private static double Plain(string name, double[] x, int label)
    {
        double[] target = [.. x.Select((_, k) => x.Length == 1 ? label : k == label ? 1.0 : 0.0)];
        double Mean(Func<double, double, double> one) => x.Select((v, k) => one(v, target[k])).Average();
        double logSum = Math.Log(x.Sum(Math.Exp));
        return name switch
        {
            "crossEntropy" => logSum - x[label],
            "smoothed" => x.Select((v, k) => ((0.7 * target[k]) + (0.3 / x.Length)) * (logSum - v)).Sum(),
            "binaryCrossEntropy" => Mean((v, t) => Math.Log(1 + Math.Exp(v)) - (t * v)),
            _ => Mean((v, t) => (v - t) * (v - t)),
        };
    }

    // [16, K] of the file to [K, 16].
    private static double[] LaneMajor(JsonElement rows)
    {
        double[][] examples = [.. rows.EnumerateArray().Select(TorchRows.Doubles)];
        return [.. Enumerable.Range(0, examples[0].Length).SelectMany(k => examples.Select(example => example[k]))];
    }
}
