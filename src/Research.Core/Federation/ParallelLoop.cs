using System.Runtime.ExceptionServices;

namespace Research.Federation;

/// <summary>A loop on some threads that throws what its body threw, as a plain loop does.</summary>
internal static class ParallelLoop
{
    /// <summary>Runs the body once for each number from 0 on.</summary>
    /// <param name="count">How many.</param>
    /// <param name="options">Threads and cancellation.</param>
    /// <param name="body">Runs on any thread, in any order.</param>
    public static void For(int count, ParallelOptions options, Action<int> body)
    {
        try
        {
            Parallel.For(0, count, options, body);
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.Flatten().InnerExceptions[0]);
        }
    }
}
