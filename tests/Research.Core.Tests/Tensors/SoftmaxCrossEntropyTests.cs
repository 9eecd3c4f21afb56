using Research.Tensors;

namespace Research.Tests.Tensors;

public sealed class SoftmaxCrossEntropyTests
{
    [Fact]
    public void Forward_RandomScores_MatchesDouble()
    {
        const int Classes = 10;
        float[] scores = [.. Numbers.Uniform(50 * Classes, 1).Select(x => x * 20)];
        int[] labels = [.. Enumerable.Range(0, 50).Select(i => i % Classes)];
        float[] losses = new float[50];

        SoftmaxCrossEntropy.Forward(scores, Classes, labels, losses);

        for (int row = 0; row < 50; row++)
        {
            double[] x = [.. scores.Skip(row * Classes).Take(Classes).Select(v => (double)v)];
            double exact = Math.Log(x.Sum(v => Math.Exp(v - x.Max()))) + x.Max() - x[labels[row]];
            Assert.Equal(exact, losses[row], 1e-6 * Math.Max(1, exact));
        }
    }

    [Fact]
    public void ForwardBackward_AgainstCentralDifferencesInDouble_Agrees()
    {
        const int Classes = 7;
        float[] scores = [.. Numbers.Uniform(Classes, 3).Select(x => x * 4)];
        float[] gradient = new float[Classes];

        SoftmaxCrossEntropy.ForwardBackward(scores, Classes, [2], new float[1], gradient);

        for (int c = 0; c < Classes; c++)
        {
            double[] up = [.. scores.Select((v, i) => v + (i == c ? 1e-5 : 0))];
            double[] down = [.. scores.Select((v, i) => v - (i == c ? 1e-5 : 0))];
            Assert.Equal((Loss(up) - Loss(down)) / 2e-5, gradient[c], 1e-7);
        }

        static double Loss(double[] x) => Math.Log(x.Sum(Math.Exp)) - x[2];
    }

    [Fact]
    public void Forward_HugeScores_StayFinite()
    {
        float[] losses = new float[2];

        SoftmaxCrossEntropy.Forward([1000, 1001, 1002, 1e30f, -1e30f, 0], 3, [2, 0], losses);

        Assert.Equal(0.40760596444, losses[0], 1e-7); // ln(1 + e^-1 + e^-2)
        Assert.Equal(0f, losses[1]);
    }

    [Fact]
    public void ForwardBackward_NaNScore_ShowsInLossAndGradient()
    {
        float[] losses = new float[1];
        float[] gradient = new float[3];

        SoftmaxCrossEntropy.ForwardBackward([1, float.NaN, 2], 3, [0], losses, gradient);

        Assert.True(float.IsNaN(losses[0]));
        Assert.Contains(gradient, float.IsNaN);
    }
}
