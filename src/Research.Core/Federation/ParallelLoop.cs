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

    /// <summary>Runs the body once for each number from 0 on, each thread with something of its own.</summary>
    /// <param name="count">How many.</param>
    /// <param name="options">Threads and cancellation.</param>
    /// <param name="begin">Makes what a thread has.</param>
    /// <param name="body">Runs on any thread, in any order.</param>
    public static void For<T>(long count, ParallelOptions options, Func<T> begin, Action<long, T> body)
        where T : IDisposable
    {
        try
        {
            Parallel.For(
                0L,
                count,
                options,
                begin,
                (i, _, own) =>
                {
                    body(i, own);
                    return own;
                },
                own => own.Dispose());
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.Flatten().InnerExceptions[0]);
        }
    }
}
