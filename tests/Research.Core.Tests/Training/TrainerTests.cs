using Research.Privacy.Accounting;
using Research.Privacy.Mechanisms;
using Research.Tests.Tensors;
using Research.Training;
using Research.Training.Data;
using Research.Training.Optimizers;

namespace Research.Tests.Training;

public sealed class TrainerTests
{
    private static readonly DatasetSplit Digits = Datasets.Open("digits");

    [Fact]
    public void Train_DigitsMlpWithoutPrivacy_ReachesNinetyFivePercent()
    {
        ModelSpec spec = Specs.DigitsMlp with { Training = new TrainingSection(32, 900) };

        TrainingRun run = Trainer.Train(spec, Digits.Train);

        Evaluation test = run.Network.Evaluate(Digits.Test);
        Assert.InRange(test.Accuracy, 0.95, 1);
        Assert.Equal(900, run.LossCurve.Count);
        Assert.True(run.LossCurve[^1].Loss < run.LossCurve[0].Loss / 4);
        Assert.Null(run.Privacy);
        Assert.False(run.IsNoiseCryptographic);
    }

    [Fact]
    public void Train_Private_LearnsAndCarriesItsCost()
    {
        ModelSpec spec = Specs.DigitsMlp with
        {
            Optimizer = new Sgd(1.0, 0.5),
            Training = new TrainingSection(72, 150),
            Privacy = Specs.Privacy,
        };

        TrainingRun run = Trainer.Train(spec, Digits.Train);

        Assert.Equal(new GaussianEvent(0.05, 1.2, 150), run.Privacy);
        Assert.True(run.IsNoiseCryptographic);
        Assert.InRange(run.Network.Evaluate(Digits.Test).Accuracy, 0.75, 1);
        // 1437 · 0.05 = 71.9, 8 standard errors
        Assert.InRange(run.LossCurve.Average(point => point.BatchSize), 65, 79);
        Assert.Equal(0, run.NonFiniteGradients);
    }

    [Fact]
    public void Train_LargeClipAndTinyNoise_ApproximatesFullGradientDescent()
    {
        ModelSpec plain = Specs.DigitsMlp with { Training = new TrainingSection(Digits.Train.Count, 30) };
        ModelSpec quiet = plain with { Privacy = new PrivacySection(1, 16, 1e-5, 1e-5, 1e6) };

        TrainingRun expected = Trainer.Train(plain, Digits.Train);
        TrainingRun actual = Trainer.Train(quiet, Digits.Train); // rate 1: every batch is the whole set

        // Nothing is clipped; noise of std 1.6e-4 on the sum over 1,437 examples, and factors of some 10 bits.
        Assert.All(
            expected.Final.Values.ToArray().Zip(actual.Final.Values.ToArray()),
            pair => Assert.Equal(pair.First, pair.Second, 4e-3));
        Assert.Equal(expected.LossCurve[^1].Loss!.Value, actual.LossCurve[^1].Loss!.Value, 3e-3);
    }

    [Fact]
    public void Train_PrivateWithSeededRandom_IsTheSameForAnyThreadCount()
    {
        ModelSpec spec = Specs.DigitsCnn with { Training = new TrainingSection(72, 5), Privacy = Specs.Privacy };

        float[][] finals = [.. ((int[])[1, 2, 5]).Select(threads => Trainer.Train(
            spec,
            Digits.Train,
            new TrainerOptions { Random = new InsecureSeededRandom(4, "test"), Threads = threads })
            .Final.Values.ToArray())];

        Numbers.AssertSameBits(finals[0], finals[1]);
        Numbers.AssertSameBits(finals[0], finals[2]);
    }

    [Fact]
    public void Train_PrivateWithSeededRandom_SaysThatItsNoiseIsNotCryptographic()
    {
        ModelSpec spec = Specs.DigitsMlp with { Privacy = Specs.Privacy, Training = new TrainingSection(72, 1) };

        TrainerOptions seeded = new() { Random = new InsecureSeededRandom(4, "t") };
        Assert.False(Trainer.Train(spec, Digits.Train, seeded).IsNoiseCryptographic);
    }

    [Fact]
    public void Train_EmptyPoissonBatch_StillAddsNoiseAndSteps()
    {
        ModelSpec spec = Specs.DigitsMlp with
        {
            Optimizer = new Sgd(1),
            Training = new TrainingSection(10, 1),
            Privacy = new PrivacySection(1e-12, 2, 3, 1e-5, 8),
        };

        TrainingRun run = Trainer.Train(spec, Digits.Train);

        Assert.Equal(0, run.LossCurve[0].BatchSize);
        Assert.Null(run.LossCurve[0].Loss);
        double[] moves = [.. run.Final.Values.ToArray().Zip(run.Initial.Values.ToArray(), (f, i) => (double)f - i)];

        // η·σ·C / batchSize = 0.6; 2,410 weights give its square to 2.9% (one standard deviation), so 5 of them are
        // 14%.
        Assert.InRange(moves.Average(move => move * move) / 0.36, 0.85, 1.15);
    }

    [Fact]
    public void Train_PoisonedRecords_AreCountedAndDoNoHarm()
    {
        float[] inputs = Digits.Train.Inputs.ToArray();
        inputs[5] = float.NaN;
        inputs[64 * 700] = float.PositiveInfinity;
        ModelSpec spec = Specs.DigitsMlp with
        {
            Training = new TrainingSection(1437, 3),
            Privacy = Specs.Privacy with { SampleRate = 1 },
        };

        TrainingRun run = Trainer.Train(spec, new Dataset(inputs, Digits.Train.Labels, [64], 10));

        Assert.Equal(6, run.NonFiniteGradients);
        Assert.All(run.Final.Values.ToArray(), weight => Assert.True(float.IsFinite(weight)));
    }

    [Fact]
    public void Train_FromACheckpoint_StartsThereAndLeavesItAlone()
    {
        TrainingRun first = Trainer.Train(Specs.DigitsMlp, Digits.Train);
        float[] before = first.Final.Values.ToArray();

        TrainingRun second = Trainer.Train(Specs.DigitsMlp, Digits.Train, new TrainerOptions { Initial = first.Final });

        Numbers.AssertSameBits(before, second.Initial.Values);
        Numbers.AssertSameBits(before, first.Final.Values);
        Numbers.AssertSameBits(second.Final.Values, second.Network.Weights);
        Assert.NotEqual(before, second.Final.Values.ToArray());
    }

    [Fact]
    public void Train_PlainRun_ShowsEveryExampleOnceAnEpoch()
    {
        BatchStream stream = new(10, seed: 1);
        List<int> chosen = [];
        List<int> seen = [];
        for (int i = 0; i < 10; i++)
        {
            stream.Take(3, chosen);
            seen.AddRange(chosen);
        }

        foreach (int[] epoch in seen.Chunk(10))
        {
            Assert.Equal(Enumerable.Range(0, 10), epoch.Order());
        }
    }

    [Fact]
    public void Train_OtherShuffleSeed_GivesOtherWeights()
    {
        TrainingRun first = Trainer.Train(Specs.DigitsMlp, Digits.Train, new TrainerOptions { Seed = 1 });
        TrainingRun second = Trainer.Train(Specs.DigitsMlp, Digits.Train, new TrainerOptions { Seed = 2 });

        Assert.NotEqual(first.Final.Values.ToArray(), second.Final.Values.ToArray());
    }

    [Fact]
    public void Train_WithValidation_MeasuresAtTheIntervalAndTheEnd()
    {
        TrainerOptions options = new() { Validation = Digits.Test, ValidationInterval = 15 };

        TrainingRun run = Trainer.Train(Specs.DigitsMlp, Digits.Train, options);

        Assert.Equal([15, 30, 40], run.LossCurve.Where(point =>
            point.Validation is not null).Select(point => point.Step));
        Assert.Equal(run.Network.Evaluate(Digits.Test), run.LossCurve[^1].Validation);
    }

    [Fact]
    public void Train_WithValidationAndNoInterval_ReadsNoMoreThanTrainingDoes()
    {
        TrainingRun run = Trainer.Train(Specs.DigitsMlp, Digits.Train, new TrainerOptions { Validation = Digits.Test });

        int points = run.LossCurve.Count(point => point.Validation is not null);
        Assert.InRange(points * 360, 360, 40 * 32);
    }

    [Fact]
    public void Train_Progress_HearsEveryStep()
    {
        List<TrainingProgress> heard = [];

        TrainingRun run = Trainer.Train(
            Specs.DigitsMlp, Digits.Train, new TrainerOptions { Progress = new Listener(heard.Add) });

        Assert.Equal(run.LossCurve, heard.Select(progress => progress.Point));
        Assert.All(heard, progress => Assert.Equal(40, progress.Steps));
    }

    [Fact]
    public void Train_Cancelled_StopsBetweenSteps()
    {
        using CancellationTokenSource source = new();
        int steps = 0;
        TrainerOptions options = new()
        {
            Progress = new Listener(_ =>
            {
                steps++;
                source.Cancel();
            }),
        };

        Assert.Throws<OperationCanceledException>(() =>
            Trainer.Train(Specs.DigitsMlp, Digits.Train, options, source.Token));
        Assert.Equal(1, steps);
    }

    [Fact]
    public void Train_BadArguments_AreRefused()
    {
        Dataset empty = Digits.Train.Select([]);
        Dataset wide = new(new float[65], new int[1], [65], 10);

        Assert.Throws<ArgumentOutOfRangeException>(() => Trainer.Train(Specs.DigitsMlp, empty));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Trainer.Train(Specs.DigitsMlp, Digits.Train, new TrainerOptions { Threads = 0 }));
        Assert.Throws<SpecException>(() => Trainer.Train(Specs.DigitsMlp, wide));
        Assert.Throws<SpecException>(() =>
            Trainer.Train(Specs.DigitsMlp, Digits.Train, new TrainerOptions { Validation = wide }));
        Assert.Throws<ArgumentException>(() => Trainer.Train(
            Specs.DigitsMlp,
            Digits.Train,
            new TrainerOptions { Initial = Network.Create(Specs.DigitsCnn).ToCheckpoint() }));
    }

    private sealed class Listener(Action<TrainingProgress> hear) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => hear(value);
    }
}
