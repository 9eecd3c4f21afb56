using Research.Privacy.Mechanisms;
using Research.Training;
using Research.Training.Data;
using Research.Training.Optimizers;

namespace Research.Tests.Training;

/// <summary>A training step allocates nothing, on any of its threads.</summary>
/// <remarks>
/// Every thread's own count is read, from the optimiser, which runs on all of them: the process's count moves with
/// whatever else the machine lets happen in the meantime.
/// </remarks>
public sealed class AllocationTests
{
    private const int Window = 12;
    private const int Steps = 20 * Window;

    private static readonly Dataset Train = Datasets.Open("digits").Train;

    [Theory]
    [InlineData(false, false, 1)]
    [InlineData(false, true, 2)]
    [InlineData(true, false, 2)]
    [InlineData(true, true, 1)]
    [InlineData(true, true, 2)]
    public void Train_Step_AllocatesNothing(bool isConvolution, bool isPrivate, int threads)
    {
        Optimizer optimizer = isPrivate
            ? new AdamW(1e-3, 0.9, 0.999, 1e-8, 0.1) { Schedule = new CosineSchedule(5) }
            : new Sgd(0.1, 0.9);

        IList<long[]> counts = Run(optimizer, wastes: false, isConvolution, isPrivate, threads);

        Assert.Equal(threads, counts.Count);
        Assert.All(counts, count => Assert.Equal(0, LeastOfWindows(count)));
    }

    [Fact]
    public void Train_StepThatAllocatesOnAnotherThread_IsSeen()
    {
        IList<long[]> counts = Run(new Sgd(0.1, 0.9), wastes: true, isConvolution: false, isPrivate: false, threads: 2);

        Assert.Equal(2, counts.Count);
        Assert.Equal(1, counts.Count(count => LeastOfWindows(count) >= Window * 24)); // 24 bytes: the least object
        Assert.Equal(1, counts.Count(count => LeastOfWindows(count) == 0));
    }

    private static IList<long[]> Run(
        Optimizer optimizer, bool wastes, bool isConvolution, bool isPrivate, int threads)
    {
        ModelSpec spec = (isConvolution ? Specs.DigitsCnn : Specs.DigitsMlp) with
        {
            Optimizer = optimizer,
            Training = new TrainingSection(
                40,
                Steps,
                AverageDecay: 0.9,
                isConvolution && isPrivate ? new Augmentation(1, true, 2) : null),
            Privacy = isPrivate ? Specs.Privacy : null,
        };
        CountingOptimizerState? counting = null;
        Trainer.Train(spec, Train, new TrainerOptions
        {
            Random = isPrivate ? new InsecureSeededRandom(1, "allocation") : null,
            Threads = threads,
            Optimizer = state => counting = new CountingOptimizerState(state, Steps, wastes),
        });
        using (counting)
        {
            return counting!.Counts;
        }
    }

    // The runtime may allocate now and then (tiering, a collection); a step that does shows in every window.
    private static long LeastOfWindows(long[] bytes) =>
        Enumerable.Range(5, (Steps / Window) - 5).Min(i => bytes[(i + 1) * Window] - bytes[i * Window]);
}
