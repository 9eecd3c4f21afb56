using Research.Tensors;

namespace Research.Tests.Tensors;

public sealed class LaneLossTests
{

    private static readonly float[] Edges =
    [
        0, -0f, 1e-30f, -1e-30f, 88.7f, -88.7f, 104, -104, 1e30f, -1e30f, float.MaxValue, float.MinValue,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.Epsilon,
    ];

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    public void CrossEntropy_AnyScores_EqualsScalarBitForBit(double smoothing) => AssertTwins(
        2,
        (scores, outputs, labels, losses, gradient) =>
            LaneCrossEntropy.Apply(scores, outputs, labels, smoothing, losses, gradient),
        (scores, outputs, labels, losses, gradient) =>
            LaneCrossEntropy.Scalar(scores, outputs, labels, smoothing, losses, gradient));

    [Fact]
    public void BinaryCrossEntropy_AnyScores_EqualsScalarBitForBit() =>
        AssertTwins(1, LaneBinaryCrossEntropy.Apply, LaneBinaryCrossEntropy.Scalar);

    [Fact]
    public void SquaredError_AnyScores_EqualsScalarBitForBit() =>
        AssertTwins(1, LaneSquaredError.Apply, LaneSquaredError.Scalar);

    // Specifications that were published before losses ran in lanes must keep their results.
    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(33)]
    public void CrossEntropy_WithoutSmoothing_HasTheBitsOfTheRowKernel(int classes)
    {
        float[] lanes = [.. Numbers.Uniform(classes * Lanes.Count, classes).Select(x => x * 20)];
        float[] rows = Transpose(lanes, classes);
        int[] labels = [.. Enumerable.Range(0, Lanes.Count).Select(lane => lane % classes)];
        float[][] losses = [new float[Lanes.Count], new float[Lanes.Count]];
        float[][] gradients = [new float[lanes.Length], new float[lanes.Length]];

        SoftmaxCrossEntropy.ForwardBackward(rows, classes, labels, losses[0], gradients[0]);
        LaneCrossEntropy.Apply(lanes, classes, labels, 0, losses[1], gradients[1]);

        Numbers.AssertSameBits(losses[0], losses[1]);
        Numbers.AssertSameBits(gradients[0], Transpose(gradients[1], classes));
    }

    // ln(1 + e^−x) is e^−x to seven digits at x = 16, where 1 + e^−x in single precision is 1.
    [Theory]
    [InlineData(16f, 1, 1.1253516e-7)]
    [InlineData(80f, 1, 1.8048514e-35)]
    [InlineData(-80f, 0, 1.8048514e-35)]
    [InlineData(80f, 0, 80)]
    [InlineData(1e30f, 0, 1e30)]
    [InlineData(1e30f, 1, 0)]
    public void BinaryCrossEntropy_FarScores_KeepSevenDigits(float score, int label, double expected)
    {
        float[] scores = new float[Lanes.Count];
        float[] losses = new float[Lanes.Count];
        float[] gradient = new float[Lanes.Count];
        int[] labels = new int[Lanes.Count];
        scores[2] = score;
        labels[2] = label;

        LaneBinaryCrossEntropy.Apply(scores, 1, labels, losses, gradient);

        Assert.Equal(expected, losses[2], expected * 3e-7);
        // The gradient's size is sigmoid(z) = 1 − e^−loss: the loss itself where that is small, 1 where it is large.
        Assert.Equal((label == 1 ? -1 : 1) * Math.Min(expected, 1), gradient[2], Math.Min(expected, 1) * 4e-7);
    }

    [Fact]
    public void BinaryCrossEntropy_ManyScores_IsWithinTwoUlpOfDouble()
    {
        float[] scores = new float[Lanes.Count];
        float[] losses = new float[Lanes.Count];
        double worst = 0;
        for (int i = 0; i < 2_000; i++)
        {
            for (int lane = 0; lane < Lanes.Count; lane++)
            {
                scores[lane] = ((i * Lanes.Count) + lane - 16_000) * 0.00137f;
            }

            LaneBinaryCrossEntropy.Apply(scores, 1, new int[Lanes.Count], losses, []);
            for (int lane = 0; lane < Lanes.Count; lane++)
            {
                double exact = Math.Max(scores[lane], 0) + LogOnePlus(Math.Exp(-Math.Abs((double)scores[lane])));
                worst = Math.Max(worst, Numbers.UlpError(exact, losses[lane]));
            }
        }

        Assert.InRange(worst, 0.4, 2);

        // Kahan's correction with the framework's logarithm.
        static double LogOnePlus(double e) => 1 + e == 1 ? e : Math.Log(1 + e) * (e / (1 + e - 1));
    }

    private delegate void Kernel(
        ReadOnlySpan<float> scores, int outputs, ReadOnlySpan<int> labels, Span<float> losses, Span<float> gradient);

    private static void AssertTwins(int least, Kernel vector, Kernel scalar)
    {
        for (int outputs = least; outputs < 12; outputs++)
        {
            float[] plain = [.. Numbers.Uniform(outputs * Lanes.Count, outputs).Select(x => x * 50)];
            float[] edges = [.. plain.Select((x, i) => i % 3 == outputs % 3 ? Edges[i * 7 % Edges.Length] : x)];
            int[] labels = [.. Enumerable.Range(0, Lanes.Count).Select(lane => lane * 5 % Math.Max(2, outputs))];
            foreach (float[] scores in (float[][])[plain, edges])
            {
                float[][] losses = [new float[Lanes.Count], new float[Lanes.Count]];
                float[][] gradients = [new float[scores.Length], new float[scores.Length]];
                vector(scores, outputs, labels, losses[0], gradients[0]);
                scalar(scores, outputs, labels, losses[1], gradients[1]);
                AssertSameOrNaN(losses[1], losses[0]);
                AssertSameOrNaN(gradients[1], gradients[0]);
            }
        }
    }

    // Which of several NaN bits comes out is the processor's choice.
    private static void AssertSameOrNaN(float[] expected, float[] actual) =>
        Numbers.AssertSameBits(
            [.. expected.Select(x => float.IsNaN(x) ? float.NaN : x)],
            [.. actual.Select(x => float.IsNaN(x) ? float.NaN : x)]);

    private static float[] Transpose(float[] lanes, int outputs) =>
        [.. Enumerable.Range(0, Lanes.Count).SelectMany(lane =>
            Enumerable.Range(0, outputs).Select(k => lanes[(k * Lanes.Count) + lane]))];
}
