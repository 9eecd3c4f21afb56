using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;

namespace Research.Tests.Training.Layers;

/// <summary>Dropout, seen through a linear layer: its gradient by weight [o, i] is dy_o times what arrives at
/// i.</summary>
public sealed class DropoutTests
{
    private const int Size = 400;

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void AddGradients_Training_DropsTheShareAndScalesTheRest(double rate)
    {
        float[] arrived = Arrived(rate, Data(50), example: 0, step: 1, count: 50);

        float scale = (float)(1 / (1 - rate));
        Assert.All(arrived, x => Assert.True(x == 0 || Math.Abs(x - scale) < 1e-5 * scale));
        double share = (double)arrived.Count(x => x == 0) / arrived.Length;
        Assert.Equal(rate, share, 5 * Math.Sqrt(rate * (1 - rate) / arrived.Length));
    }

    [Fact]
    public void AddGradients_OtherStepOrExample_DropsOthers()
    {
        Dataset data = Data(2);
        float[] first = Arrived(0.5, data, example: 0, step: 1);
        float[] again = Arrived(0.5, data, example: 0, step: 1);
        float[] nextStep = Arrived(0.5, data, example: 0, step: 2);
        float[] nextExample = Arrived(0.5, data, example: 1, step: 1);

        Assert.Equal(first, again);
        Assert.InRange(Agreeing(first, nextStep), 0.375, 0.625); // 5 standard deviations
        Assert.InRange(Agreeing(first, nextExample), 0.375, 0.625);
    }

    // What one clip norm bounds is an example's own gradient: that of the others must not move when one joins.
    [Fact]
    public void AddGradients_ExampleInAnotherPlace_HasTheSameMask()
    {
        Dataset data = Data(40);
        Network network = Make(0.5);
        using BatchPass pass = new(network, 1, training: true);
        float[] without = new float[network.Weights.Length];
        float[] with = new float[network.Weights.Length];
        float[] alone = new float[network.Weights.Length];

        pass.AddGradients(data, [.. Enumerable.Range(1, 39)], PassSums.Clip(ClippingMode.Flat, 1), without, step: 3);
        pass.AddGradients(data, [.. Enumerable.Range(0, 40)], PassSums.Clip(ClippingMode.Flat, 1), with, step: 3);
        pass.AddGradients(data, [0], PassSums.Clip(ClippingMode.Flat, 1), alone, step: 3);

        Assert.All(
            with.Zip(without, (a, b) => a - b).Zip(alone), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
    }

    [Fact]
    public void Forward_NotTraining_ChangesNothing()
    {
        Network network = Make(0.5);
        Network without = Network.Create(Spec(new Tanh(), new Linear(Size, 2)));
        network.Weights.CopyTo(without.Weights);
        float[] inputs = [.. Enumerable.Repeat(1f, Size)];
        float[] expected = new float[2];
        float[] actual = new float[2];

        network.Forward(inputs, actual);
        without.Forward(inputs, expected);

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Train_WithDropout_DiffersFromTrainingWithout()
    {
        Dataset data = Data(64);
        ModelSpec spec = Spec(new Linear(Size, 8), new Dropout(0.3), new Linear(8, 2));

        TrainingRun first = Trainer.Train(spec, data);
        TrainingRun again = Trainer.Train(spec, data, new TrainerOptions { Threads = 2 });

        Assert.Equal(first.Final.ToSafetensors(), again.Final.ToSafetensors());
        Assert.NotEqual(first.LossCurve[0].Loss, first.Network.Evaluate(data).Loss);
    }

    // The examples differ in their last element only: what comes out of tanh is 1 elsewhere.
    private static Dataset Data(int count)
    {
        float[] inputs = [.. Enumerable.Repeat(50f, count * Size)];
        for (int i = 0; i < count; i++)
        {
            inputs[(i * Size) + Size - 1] = i / 1000f;
        }

        return new Dataset(inputs, new int[count], [Size], 2);
    }

    private static float[] Arrived(double rate, Dataset data, int example, int step, int count = 1)
    {
        Network network = Make(rate);
        using BatchPass pass = new(network, 1, training: true);
        List<float> arrived = [];
        for (int i = example; i < example + count; i++)
        {
            float[] gradient = new float[network.Weights.Length];
            pass.AddGradients(data, [i], null, gradient, step);
            float dy = gradient[2 * Size]; // by the first bias
            arrived.AddRange(gradient[..(Size - 1)].Select(g => g / dy));
        }

        return [.. arrived];
    }

    private static double Agreeing(float[] first, float[] second) =>
        (double)first.Zip(second).Count(pair => pair.First == pair.Second) / first.Length;

    private static Network Make(double rate) =>
        Network.Create(Spec(new Tanh(), new Dropout(rate), new Linear(Size, 2)));

    private static ModelSpec Spec(params Layer[] layers) =>
        Specs.DigitsMlp with { Model = new ModelSection([Size], 5, layers) };
}
