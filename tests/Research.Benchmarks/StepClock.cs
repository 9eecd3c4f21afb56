using System.Diagnostics;
using Research.Training;

namespace Research.Benchmarks;

/// <summary>Turns progress reports into rates, and stops training when it has enough of them.</summary>
/// <remarks>A report allocates nothing, so that what is allocated after the warm-up is the trainer's own.</remarks>
internal sealed class StepClock : IProgress<TrainingProgress>
{
    private const int WarmUpSteps = 100;

    private readonly WarmUp _warmUp = new(WarmUpSteps);
    private readonly double _seconds;
    private readonly CancellationTokenSource _enough;
    private readonly double[] _rates;
    private bool _isMeasuring;
    private int _done;
    private long _firstStepAt;
    private long _began;
    private long _samples;
    private long _steps;
    private long _allocatedBefore;
    private long _allocated;

    /// <summary>Starts the warm-up.</summary>
    /// <param name="seconds">Least length of a repetition.</param>
    /// <param name="repetitions">How many.</param>
    /// <param name="enough">Cancelled after the last.</param>
    public StepClock(double seconds, int repetitions, CancellationTokenSource enough)
    {
        _seconds = seconds;
        _enough = enough;
        _rates = new double[repetitions];
    }

    /// <summary>Gets the samples a second of each repetition.</summary>
    public double[] Rates => _rates;

    /// <summary>Gets whether the compiler had come to rest before the first repetition.</summary>
    public bool IsSettled => _warmUp.IsSettled;

    /// <summary>Gets the managed bytes allocated a step, rounded up to thousandths.</summary>
    /// <remarks>Past step 65,536 the run's loss curve grows, which counts too.</remarks>
    public double AllocatedBytesPerStep => Math.Ceiling(1000.0 * _allocated / _steps) / 1000;

    /// <summary>Gets the seconds from the start of the process to the end of the first step.</summary>
    public double FirstStepSeconds
    {
        get
        {
            using Process process = Process.GetCurrentProcess();
            TimeSpan age = DateTime.UtcNow - process.StartTime.ToUniversalTime();
            return Math.Round((age - Stopwatch.GetElapsedTime(_firstStepAt)).TotalSeconds, 2);
        }
    }

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (!_isMeasuring)
        {
            Warm(value.Point.Step);
            return;
        }

        _steps++;
        _samples += value.Point.BatchSize;
        double elapsed = Stopwatch.GetElapsedTime(_began).TotalSeconds;
        if (elapsed < _seconds || _done == _rates.Length)
        {
            return;
        }

        _rates[_done++] = _samples / elapsed;
        if (_done == _rates.Length)
        {
            _allocated = GC.GetTotalAllocatedBytes(precise: true) - _allocatedBefore;
            _enough.Cancel();
        }

        _samples = 0;
        _began = Stopwatch.GetTimestamp();
    }

    private void Warm(int step)
    {
        if (step == 1)
        {
            _firstStepAt = Stopwatch.GetTimestamp();
        }

        if (_warmUp.IsOver())
        {
            _isMeasuring = true;
            _allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
            _began = Stopwatch.GetTimestamp();
        }
    }
}
