using System.Diagnostics;
using System.Runtime;

namespace Research.Benchmarks;

/// <summary>Tells when a measurement may begin: the just-in-time compiler has come to rest.</summary>
/// <remarks>
/// Code is compiled quickly first, then with counters after 30 calls, then for good after 30 more, each time in the
/// background and 100 ms late. So enough calls must have been made, and then nothing compiled for a while.
/// </remarks>
internal sealed class WarmUp
{
    private const double QuietSeconds = 0.5;
    private const double MostSeconds = 15;

    private readonly int _leastRuns;
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _compiledAt;
    private long _compiled = -1;
    private int _runs;

    /// <summary>Starts.</summary>
    /// <param name="leastRuns">Runs before which it is not over.</param>
    public WarmUp(int leastRuns) => _leastRuns = leastRuns;

    /// <summary>Gets whether the compiler was at rest when the warm-up ended.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>Counts a run; gets whether measuring may begin. Allocates nothing.</summary>
    public bool IsOver()
    {
        _runs++;
        long compiled = JitInfo.GetCompiledMethodCount();
        if (compiled != _compiled)
        {
            _compiled = compiled;
            _compiledAt = Stopwatch.GetTimestamp();
        }

        IsSettled = _runs >= _leastRuns && Stopwatch.GetElapsedTime(_compiledAt).TotalSeconds >= QuietSeconds;
        return IsSettled || Stopwatch.GetElapsedTime(_began).TotalSeconds >= MostSeconds;
    }
}
