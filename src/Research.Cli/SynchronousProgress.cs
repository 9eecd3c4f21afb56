namespace Research.Cli;

/// <summary>
/// Progress that is heard where it is reported: <see cref="Progress{T}"/> posts to the thread pool, out of order.
/// </summary>
internal sealed class SynchronousProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
