using Research.Tests.Tensors;
using Research.Training.Optimizers;

namespace Research.Tests.Training.Optimizers;

public sealed class WeightAverageTests
{
    [Fact]
    public void Step_ManySteps_FollowsTheAverageInDouble()
    {
        float[] initial = Numbers.Uniform(37, 1);
        double[] expected = [.. initial.Select(value => (double)value)];
        WeightAverage average = new(initial, 0.95);

        for (int step = 1; step <= 100; step++)
        {
            float[] weights = Numbers.Uniform(37, 1 + step);
            average.Step(weights, 16, 37);
            average.Step(weights, 0, 16);
            expected = [.. expected.Select((value, i) => (0.95 * value) + (0.05 * weights[i]))];
        }

        // Each step rounds by at most 2 · 6e-8 of a weight, and older roundings fade: 20 of them remain.
        TorchRows.AssertNear(expected, average.Values, 3e-6);
    }

    [Fact]
    public void Step_WeightsThatStandStill_LeaveTheAverageThere()
    {
        float[] weights = Numbers.Uniform(37, 1);
        WeightAverage average = new(weights, 0.9999);

        for (int step = 0; step < 1000; step++)
        {
            average.Step(weights, 0, 37);
        }

        Numbers.AssertSameBits(weights, average.Values);
    }

    [Fact]
    public void Values_OfANewAverage_AreACopyOfTheFirstWeights()
    {
        float[] weights = [1, 2];
        WeightAverage average = new(weights, 0.5);
        weights[0] = 9;

        Assert.Equal([1, 2], average.Values);
    }
}
