using Research.Privacy.Mechanisms;
using Research.Training;
using Research.Training.Data;
using Research.Training.Optimizers;

namespace Research.Tests.Training;

/// <summary>A training step allocates nothing. Runs alone, since it counts the bytes of all threads.</summary>
[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
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
        ModelSpec spec = (isConvolution ? Specs.DigitsCnn : Specs.DigitsMlp) with
        {
            Optimizer = isPrivate
                ? new AdamW(1e-3, 0.9, 0.999, 1e-8, 0.1) { Schedule = new CosineSchedule(5) }
                : new Sgd(0.1, 0.9),
            Training = new TrainingSection(
                40,
                Steps,
                AverageDecay: 0.9,
                isConvolution && isPrivate ? new Augmentation(1, true, 2) : null),
            Privacy = isPrivate ? Specs.Privacy : null,
        };
        Listener listener = new();

        Trainer.Train(spec, Train, new TrainerOptions
        {
            Random = isPrivate ? new InsecureSeededRandom(1, "allocation") : null,
            Threads = threads,
            Progress = listener,
        });

        // The runtime may allocate now and then (tiering, timers); a step that does shows in every window.
        long[] windows = [.. listener.Bytes.Zip(listener.Bytes.Skip(1), (a, b) => b - a)];
        Assert.Equal((Steps / Window) - 1, windows.Length);
        Assert.Equal(0, windows.Skip(5).Min());
    }

    private sealed class Listener : IProgress<TrainingProgress>
    {
        private readonly long[] _bytes = new long[Steps / Window];
        private int _count;

        public long[] Bytes => _bytes;

        public void Report(TrainingProgress value)
        {
            if (value.Point.Step % Window == 0)
            {
                _bytes[_count++] = GC.GetTotalAllocatedBytes(precise: true);
            }
        }
    }
}
