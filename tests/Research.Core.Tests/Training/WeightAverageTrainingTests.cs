using Research.Training;
using Research.Training.Data;

namespace Research.Tests.Training;

public sealed class WeightAverageTrainingTests
{
    [Fact]
    public void Train_AverageDecay_EqualsAnAverageOverEachStepsWeights()
    {
        const double Decay = 0.8;
        const int Steps = 12;
        Dataset data = Datasets.Open("digits").Train;
        double[]? average = null;
        for (int step = 0; step <= Steps; step++)
        {
            // The weights after each step are those of a shorter run: the rate is constant.
            float[] weights = step == 0
                ? Network.Create(Specs.DigitsMlp).Weights.ToArray()
                : Trainer.Train(Specs.DigitsMlp with { Training = new TrainingSection(32, step) }, data)
                    .Final.Values.ToArray();
            average = average is null
                ? [.. weights.Select(w => (double)w)]
                : [.. average.Zip(weights, (a, w) => (Decay * a) + ((1 - Decay) * w))];
        }

        TrainerOptions options = new() { Validation = data, ValidationInterval = 5 };
        TrainingRun run = Trainer.Train(
            Specs.DigitsMlp with { Training = new TrainingSection(32, Steps, AverageDecay: Decay) }, data, options);

        Assert.All(average!.Zip(run.Final.Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.Equal(run.Network.Evaluate(data), run.LossCurve[^1].Validation);
    }
}
