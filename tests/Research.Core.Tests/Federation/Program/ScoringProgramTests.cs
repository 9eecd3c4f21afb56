using Research.Federation.Program;
using Research.Federation.Scoring;
using Research.Federation.Trace;
using Research.Training;
using Research.Training.Layers;
using Research.Training.Losses;

namespace Research.Tests.Federation.Program;

public sealed class ScoringProgramTests
{
    public static TheoryData<string, int, int> Rounds
    {
        get
        {
            TheoryData<string, int, int> rounds = [];
            foreach (string task in TinyTasks.All.Keys)
            {
                rounds.Add(task, 5, 0);
                rounds.Add(task, 17, 1);
            }

            return rounds;
        }
    }

    // Every output by itself: from its operands as the records say where they lie, in whole numbers of any size.
    [Theory]
    [MemberData(nameof(Rounds))]
    public void Run_AnyStepOpened_IsWhatItsOperandsGive(string task, int reveals, int round)
    {
        using RoundTrace trace = TinyTasks.Score(TinyTasks.All[task], reveals, round: round).Trace;
        Random random = new(1);
        HashSet<int> records = [];
        foreach (Step step in trace.Program.Draft.Steps)
        {
            long start = step.Address.At(trace.Seats / Extent.SeatBlock);
            for (int i = 0; i < 3; i++)
            {
                Open(start + (random.NextInt64(step.Count.At(trace.Seats / Extent.SeatBlock)) * step.Width));
            }
        }

        for (int i = 0; i < 200; i++)
        {
            long address = random.NextInt64(trace.Bytes);
            try
            {
                Open(address);
            }
            catch (ArgumentException) // What fills up a leaf.
            {
                Assert.Equal(0, trace.Read(address, 1)[0]);
            }
        }

        Assert.Equal(trace.Program.Draft.Steps.Count, records.Count);

        void Open(long address)
        {
            TraceStep opened = trace.Step(address);
            records.Add(opened.Record);
            Assert.True(opened.IsRight, $"{opened}: {string.Join("; ", opened.Operands)}");
        }
    }

    [Theory]
    [MemberData(nameof(Rounds))]
    public void Of_AnyRound_TilesAndReadsOnlyWhatIsEarlier(string task, int reveals, int round)
    {
        ScoringProgram program = ScoringProgram.Of(TinyTasks.All[task], round);
        ProgramCode code = ProgramCode.Of(program);

        Assert.Equal(program.Bytes, ProgramChecker.Check(code.Records));
        Assert.Equal(code.Root, ProgramCode.Of(ScoringProgram.Of(TinyTasks.All[task], round)).Root);
        Assert.True(program.Bytes.At(Extent.SeatsOf(reveals) / Extent.SeatBlock) % Step.Leaf == 0);
    }

    [Fact]
    public void Run_OnAnyNumberOfThreads_GivesTheSameRoot()
    {
        using RoundTrace one = TinyTasks.Score(TinyTasks.All["convolutions"], 20).Trace;
        using RoundTrace three = TinyTasks.Score(TinyTasks.All["convolutions"], 20, threads: 3).Trace;

        Assert.Equal(one.Root, three.Root);
    }

    // The next round projects out what this one moved: from the models alone, whoever was not there.
    [Fact]
    public void Moved_OfTwoRounds_IsWhatTheModelsSay()
    {
        ModelSpec spec = TinyTasks.All["perceptron"];
        using RoundTrace trace = TinyTasks.Score(spec, 9, round: 1).Trace;
        RoundScore score = TinyTasks.Score(spec, 9, round: 1);
        int p = trace.Program.Numbers.Parameters;
        Random random = new(9);
        Research.Federation.Aggregation.GlobalModel first = Research.Federation.Aggregation.GlobalModel.Initial(spec);
        Research.Federation.Aggregation.GlobalModel second = first.Moved(TinyTasks.Noise(random, p));

        IReadOnlyList<ReadOnlyMemory<short>> past = PastSteps.Of(
            [first, second, score.NextModel], trace.Program.Numbers.LengthShift);

        Assert.Equal(
            trace.Machine.ValuesOf<short>(trace.Program.Aggregation.Moved, p).ToArray(), past[1].ToArray());
        score.Trace.Dispose();
    }

    public static TheoryData<string, ModelSpec> WithoutProgram => new()
    {
        { "$.model.layers[1]", TinyTasks.All["perceptron"] with { Model = new ModelSection([12], 1, [new Linear(12, 9), new Gelu()]) } },
        { "$.model.layers[1]", TinyTasks.All["perceptron"] with { Model = new ModelSection([12], 1, [new Linear(12, 6), new Dropout(0.5), new Linear(6, 3)]) } },
        { "$.model.layers[0].layers[0]", TinyTasks.All["perceptron"] with { Model = new ModelSection([12], 1, [new Residual([new Gelu()]), new Linear(12, 6), new Linear(6, 3)]) } },
        { "$.loss", TinyTasks.All["perceptron"] with { Loss = new CrossEntropy(0.1) } },
        { "$.loss", TinyTasks.All["perceptron"] with { Loss = new MeanSquaredError() } },
        { "$.privacy.clipping", TinyTasks.All["perceptron"] with { Privacy = new PrivacySection(0.7, 1, 1, 1e-5, 20, ClippingMode.PerLayer) } },
        { "$.privacy.clipNorm", TinyTasks.All["perceptron"] with { Privacy = new PrivacySection(0.7, 1000, 1, 1e-5, 20) } },
        { "$.model.layers", TinyTasks.All["perceptron"] with { Model = new ModelSection([12], 1, [new Linear(12, 300)]) } },
    };

    // What has no integer program is refused before anybody trains, with what there is.
    [Theory]
    [MemberData(nameof(WithoutProgram))]
    public void Of_WhatHasNoProgram_NamesTheField(string path, ModelSpec spec) =>
        Assert.Equal(path, Assert.Throws<SpecException>(() => ScoringProgram.Of(spec, 0)).Path);

    // So many outputs that their number does not fit 64 bits.
    [Fact]
    public void Of_MoreOutputsThanThereAreNumbers_IsRefused()
    {
        ModelSpec spec = TinyTasks.All["perceptron"] with
        {
            Optimizer = new Research.Training.Optimizers.Sgd(0.0001),
            Model = new ModelSection(
                [12],
                1,
                [new Linear(12, 10_000), .. Enumerable.Repeat(new Tanh(), 40), new Linear(10_000, 3)]),
            Training = new TrainingSection(40, 10_000),
        };
        spec = spec with
        {
            Task = spec.Task! with
            {
                Reward = new RewardSection(50, References: 1000),
                Evaluation = spec.Task.Evaluation with { Examples = 4_000_000 },
            },
        };

        Assert.Equal("$", Assert.Throws<SpecException>(() => ScoringProgram.Of(spec, 0)).Path);
    }

    [Theory]
    [InlineData(9000, 1000)]
    [InlineData(10_000, 300)]
    public void Of_TooManyOutputs_IsRefusedWithTheNumbers(int steps, int references)
    {
        ModelSpec spec = TinyTasks.All["convolutions"] with
        {
            Optimizer = new Research.Training.Optimizers.Sgd(0.001),
            Training = new TrainingSection(40, steps),
            Task = TinyTasks.All["convolutions"].Task! with { Reward = new RewardSection(50, References: references) },
        };

        SpecException refused = Assert.Throws<SpecException>(() => ScoringProgram.Of(spec, 0));

        Assert.Contains($"{steps} steps", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"{references} reference runs", refused.Message, StringComparison.Ordinal);
    }
}
