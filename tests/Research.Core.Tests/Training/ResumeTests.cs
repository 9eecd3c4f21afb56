using Research.Privacy.Accounting;
using Research.Privacy.Mechanisms;
using Research.Tests.Tensors;
using Research.Training;
using Research.Training.Data;
using Research.Training.Optimizers;

namespace Research.Tests.Training;

/// <summary>A run that was stopped and resumed ends where the same run without a stop does, to the bit.</summary>
public sealed class ResumeTests
{
    private static readonly Dataset Train = Datasets.Open("digits").Train.Select([.. Enumerable.Range(0, 150)]);
    private static readonly Dataset Test = Datasets.Open("digits").Test.Select([.. Enumerable.Range(0, 40)]);

    private static readonly ModelSpec Plain = Specs.DigitsMlp with { Training = new TrainingSection(37, 23) };

    private static readonly ModelSpec Private = Plain with
    {
        Optimizer = new Sgd(0.5, 0.5),
        Privacy = Specs.Privacy with { SampleRate = 0.2 },
    };

    public static TheoryData<string, ModelSpec> Runs => new()
    {
        { "plain, over several epochs", Plain },
        { "private", Private },
        {
            "adam, cosine, warm-up, average",
            Plain with
            {
                Optimizer = new AdamW(1e-3, 0.9, 0.999, 1e-8, 0.01) { Schedule = new CosineSchedule(5, 0.1) },
                Training = new TrainingSection(37, 23, AverageDecay: 0.9),
            }
        },
        {
            "private, adam, steps, average, per layer",
            Private with
            {
                Optimizer = new Adam(1e-2, 0.9, 0.999, 1e-8) { Schedule = new StepSchedule(4, 0.5, 3) },
                Training = new TrainingSection(37, 23, AverageDecay: 0.7),
                Privacy = Private.Privacy! with { Clipping = ClippingMode.PerLayer },
            }
        },
        {
            "private, augmented copies, automatic",
            Private with
            {
                Model = Specs.DigitsCnn.Model,
                Training = new TrainingSection(37, 9, Augmentation: new Augmentation(2, true, 3)),
                Privacy = Private.Privacy! with { Clipping = ClippingMode.Automatic },
            }
        },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void Train_StoppedAndResumedWithOtherThreads_EqualsAnUninterruptedRun(string name, ModelSpec spec)
    {
        Assert.NotEmpty(name);
        TrainerOptions options = Options(spec, threads: 2);
        Dataset data = Poisoned(spec.Privacy is not null);

        TrainingRun whole = Trainer.Train(spec, data, options);
        foreach (int stop in (int[])[1, 5, spec.Training.Steps - 1])
        {
            TrainingState state = Stopped(spec, data, Options(spec, threads: 1), stop);
            Assert.Equal(stop, state.Step);
            TrainingState read = TrainingState.Read(state.Write());
            TrainingRun resumed = Trainer.Train(spec, data, Options(spec, threads: 3) with { Resume = read });

            Numbers.AssertSameBits(whole.Final.Values, resumed.Final.Values);
            Numbers.AssertSameBits(whole.Initial.Values, resumed.Initial.Values);
            Assert.Equal(whole.LossCurve, resumed.LossCurve);
            Assert.Contains(whole.LossCurve, point => point.Validation is not null && point.Step <= 5);
            Assert.Equal(whole.NonFiniteGradients, resumed.NonFiniteGradients);
            Assert.Equal(whole.Privacy, resumed.Privacy);
            Assert.False(resumed.IsNoiseCryptographic);
        }

        Assert.Equal(spec.Privacy is not null, whole.NonFiniteGradients > 0);
    }

    [Fact]
    public void Train_ResumedTwice_EqualsAnUninterruptedRun()
    {
        TrainerOptions options = Options(Private, threads: 1);
        TrainingState first = Stopped(Private, Train, options, 4);
        TrainingState second = Stopped(Private, Train, Options(Private, threads: 2) with { Resume = first }, 11);

        TrainingRun resumed = Trainer.Train(Private, Train, Options(Private, threads: 1) with { Resume = second });

        TrainingRun whole = Trainer.Train(Private, Train, Options(Private, threads: 1));
        Numbers.AssertSameBits(whole.Final.Values, resumed.Final.Values);
        Assert.Equal(whole.LossCurve, resumed.LossCurve);
    }

    [Fact]
    public void Train_SaveInterval_GivesStatesThatDoNotChangeAfterwards()
    {
        List<TrainingState> states = [];
        List<byte[]> bytes = [];
        TrainingRun whole = Trainer.Train(Plain, Train, Options(Plain, 1) with
        {
            SaveInterval = 7,
            SaveState = state =>
            {
                states.Add(state);
                bytes.Add(state.Write());
            },
        });

        Assert.Equal([7, 14, 21], states.Select(state => state.Step));
        for (int i = 0; i < states.Count; i++)
        {
            Assert.Equal(bytes[i], states[i].Write());
            TrainingRun resumed = Trainer.Train(Plain, Train, Options(Plain, 2) with { Resume = states[i] });
            Numbers.AssertSameBits(whole.Final.Values, resumed.Final.Values);
        }
    }

    [Fact]
    public void Train_StateOfTheLastStep_MakesNoStepMore()
    {
        TrainingState? last = null;
        TrainerOptions saving = Options(Plain, 1) with { SaveInterval = 23, SaveState = state => last = state };
        TrainingRun whole = Trainer.Train(Plain, Train, saving);

        TrainingRun resumed = Trainer.Train(Plain, Train, Options(Plain, 1) with { Resume = last });

        Numbers.AssertSameBits(whole.Final.Values, resumed.Final.Values);
        Assert.Equal(whole.LossCurve, resumed.LossCurve);
    }

    [Fact]
    public void Train_SecretNoise_ResumesWithFreshNoiseAndTheWholePlan()
    {
        TrainerOptions secret = Options(Private, 1) with { Random = null };
        TrainingState state = Stopped(Private, Train, secret, 10);

        TrainingRun first = Trainer.Train(Private, Train, secret with { Resume = state });
        TrainingRun second = Trainer.Train(Private, Train, secret with { Resume = state });

        Assert.True(first.IsNoiseCryptographic);
        Assert.Equal(new GaussianEvent(0.2, 1.2, 23), first.Privacy);
        Assert.Equal(first.LossCurve.Take(10), second.LossCurve.Take(10));
        Assert.NotEqual(first.Final.Values.ToArray(), second.Final.Values.ToArray());
    }

    [Fact]
    public void Train_SeededStateUnderSecretNoise_IsRefused()
    {
        TrainingState state = Stopped(Private, Train, Options(Private, 1), 10);

        ArgumentException e = Assert.Throws<ArgumentException>(
            () => Trainer.Train(Private, Train, Options(Private, 1) with { Random = null, Resume = state }));

        Assert.StartsWith(
            "The state to resume: expected randomness secret, got seeded ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_StateOfAnotherRun_IsRefusedByName()
    {
        TrainerOptions options = Options(Plain, 1);
        TrainingState state = Stopped(Plain, Train, options, 10);
        ModelSpec longer = Plain with { Training = new TrainingSection(37, 24) };
        Dataset relabelled = Train.WithLabels((int[])[.. Train.Labels.ToArray().Reverse()]);

        Refused("specification", longer, Train, options);
        Dataset fewer = Train.Select([.. Enumerable.Range(0, 149)]);
        Refused("number of training examples 149, got 150", Plain, fewer, options);
        Refused("training data with hash", Plain, relabelled, options);
        Refused("seed 4, got 3", Plain, Train, options with { Seed = 4 });
        TrainingState seeded = Stopped(Private, Train, Options(Private, 1), 10);
        Assert.Contains("randomness seeded", Assert.Throws<ArgumentException>(() => Trainer.Train(
            Private,
            Train,
            Options(Private, 1) with { Random = new InsecureSeededRandom(6, "resume"), Resume = seeded })).Message,
            StringComparison.Ordinal);

        void Refused(string what, ModelSpec spec, Dataset data, TrainerOptions other)
        {
            int steps = 0;
            ArgumentException e = Assert.Throws<ArgumentException>(() => Trainer.Train(
                spec, data, other with { Resume = state, Progress = new Listener(_ => steps++) }));
            Assert.StartsWith("The state to resume: expected ", e.Message, StringComparison.Ordinal);
            Assert.Contains(what, e.Message, StringComparison.Ordinal);
            Assert.Equal(0, steps);
        }
    }

    [Fact]
    public void Train_DivergedRun_KeepsItsNaNLosses()
    {
        Dataset poisoned = Poisoned(true);
        TrainingRun whole = Trainer.Train(Plain, poisoned, Options(Plain, 1));
        TrainingState state = Stopped(Plain, poisoned, Options(Plain, 1), 15);

        TrainingState read = TrainingState.Read(state.Write());
        TrainingRun resumed = Trainer.Train(Plain, poisoned, Options(Plain, 1) with { Resume = read });

        Assert.Contains(whole.LossCurve, point => point.Loss is { } loss && double.IsNaN(loss));
        Assert.Equal(whole.LossCurve.Select(point => point.Loss), resumed.LossCurve.Select(point => point.Loss));
    }

    internal static TrainerOptions Options(ModelSpec spec, int threads) => new()
    {
        Seed = 3,
        Random = spec.Privacy is null ? null : new InsecureSeededRandom(5, "resume"),
        Threads = threads,
        Validation = Test,
        ValidationInterval = 4,
    };

    /// <summary>Cancels a run after a step and returns the state that it leaves.</summary>
    internal static TrainingState Stopped(ModelSpec spec, Dataset data, TrainerOptions options, int after)
    {
        using CancellationTokenSource cancel = new();
        TrainingState? saved = null;
        TrainerOptions stopping = options with
        {
            Progress = new Listener(progress =>
            {
                if (progress.Point.Step == after)
                {
                    cancel.Cancel();
                }
            }),
            SaveState = state => saved = state,
        };
        Assert.Throws<OperationCanceledException>(() => Trainer.Train(spec, data, stopping, cancel.Token));
        return saved!;
    }

    // One record of the private runs has no finite gradient, so that these are counted across a stop.
    private static Dataset Poisoned(bool isPrivate)
    {
        float[] inputs = Train.Inputs.ToArray();
        inputs[64 * 3] = isPrivate ? float.NaN : inputs[64 * 3];
        return new Dataset(inputs, Train.Labels, [64], 10);
    }

    private sealed class Listener(Action<TrainingProgress> hear) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => hear(value);
    }
}
