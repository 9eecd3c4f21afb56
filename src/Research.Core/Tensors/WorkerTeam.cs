using System.Runtime.ExceptionServices;

namespace Research.Tensors;

/// <summary>A few threads that stand ready to run the parts of a computation side by side.</summary>
/// <remarks>
/// Parts must write disjoint outputs, each in a fixed order: then the number of threads never shows in the bits. A
/// training step is a handful of short parallel phases, so a thread that has finished one waits awake for a moment
/// before it sleeps. Running parts allocates nothing.
/// </remarks>
internal sealed class WorkerTeam : IDisposable
{
    private const int SpinsBeforeSleep = 2000;

    private readonly object _gate = new();
    private readonly Thread[] _threads;
    private Action<int>? _part;
    private int _round;
    private int _running;
    private bool _isOver;
    private Exception? _failure;

    /// <summary>Starts a team.</summary>
    /// <param name="threads">Threads in all, the caller's own among them; at least 1.</param>
    public WorkerTeam(int threads)
    {
        Count = threads;
        _threads = new Thread[threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int index = i + 1;
            _threads[i] = new Thread(() => Serve(index)) { IsBackground = true, Name = $"research-{index}" };
            _threads[i].Start();
        }
    }

    /// <summary>Gets the number of threads.</summary>
    public int Count { get; }

    /// <summary>Calls <paramref name="part"/> with 0 … Count − 1 and returns when all are done.</summary>
    /// <exception cref="Exception">The first failure of a part, when all have ended.</exception>
    public void Run(Action<int> part)
    {
        if (Count == 1)
        {
            part(0);
            return;
        }

        lock (_gate)
        {
            _part = part;
            _failure = null;
            _running = Count;
            Volatile.Write(ref _round, _round + 1);
            Monitor.PulseAll(_gate);
        }

        Do(part, 0);
        SpinWait spin = default;
        while (Volatile.Read(ref _running) > 0)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        if (_failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            Monitor.PulseAll(_gate);
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private void Serve(int index)
    {
        int seen = 0;
        while (true)
        {
            for (int i = 0; i < SpinsBeforeSleep && Volatile.Read(ref _round) == seen; i++)
            {
                Thread.SpinWait(10);
            }

            Action<int> part;
            lock (_gate)
            {
                while (_round == seen && !_isOver)
                {
                    Monitor.Wait(_gate);
                }

                if (_isOver)
                {
                    return;
                }

                seen = _round;
                part = _part!;
            }

            Do(part, index);
        }
    }

    private void Do(Action<int> part, int index)
    {
        try
        {
            part(index);
        }
#pragma warning disable CA1031 // It is thrown again on the caller's thread.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, e, null);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
