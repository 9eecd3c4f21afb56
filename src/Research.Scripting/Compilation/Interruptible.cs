using Research.Scripting.Outputs;

namespace Research.Scripting.Compilation;

/// <summary>Runs user code so that cancelling stops it: in a busy loop, a sleep or a lock, before or after an
/// await.</summary>
/// <remarks>
/// Loops and functions of cells ask <see cref="Interrupt.Check"/>, on whatever thread they run; threads of the cell that
/// wait are interrupted; continuations after an await, which come to a thread of the cell's own (one that is idle or else
/// a new one, so that blocking on a task does not deadlock), are dropped. What does none of these, such as a long loop
/// inside a library or a native call, is abandoned: it ends when it returns.
/// The runtime can also abort a thread (ControlledExecution), but it corrupts the process: in .NET 10 on Linux, aborting
/// a deep recursion or a loop that writes to the console crashed it within a few tries.
/// </remarks>
internal sealed class Interruptible : SynchronizationContext
{
    private const int StackBytes = 16 << 20;
    private const int IdleMilliseconds = 2000;
    private const int GraceMilliseconds = 1000;
    private const int AfterlifeMilliseconds = 10_000;
    private const string StillRunning = "The interrupted cell is inside a call that does not stop, and goes on unseen " +
        "until that returns. Restart to end it.\n";

    private static readonly AsyncLocal<Interruptible?> Ambient = new();

    private readonly Queue<Action> _waiting = new();
    private readonly HashSet<Thread> _busy = [];
    private volatile bool _interrupted;
    private volatile bool _finished;
    private int _idle;

    private Interruptible()
    {
    }

    /// <summary>Gets whether the cell that the current flow of execution belongs to was interrupted.</summary>
    public static bool IsInterrupted => Ambient.Value is { _interrupted: true };

    /// <summary>Runs code to its end, or until it is cancelled.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; it may take a moment longer to
    /// stop.</exception>
    public static async Task<T> RunAsync<T>(Func<Task<T>> start, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Interruptible context = new();
        TaskCompletionSource<Task<T>> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        context.Queue(() => context.Start(start, started));
        try
        {
            Task<T> running = await started.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return await running.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (cancellationToken.IsCancellationRequested)
            {
                context.Stop();
            }
            else
            {
                context.Finish();
            }
        }
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) => Queue(() => RunPosted(d, state));

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        d(state);
    }

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    // What the cell left behind still finds threads, but none waits for it.
    private void Finish()
    {
        lock (_waiting)
        {
            _finished = true;
            Monitor.PulseAll(_waiting);
        }
    }

    private void Stop()
    {
        Interrupt.Raise();
        lock (_waiting)
        {
            _interrupted = true;
            Monitor.PulseAll(_waiting);
            foreach (Thread thread in _busy)
            {
                thread.Interrupt();
            }
        }

        // Nobody who interrupts a cell waits for what follows.
        new Thread(Outlive) { IsBackground = true, Name = "cell interrupt" }.Start();
    }

    private void Outlive()
    {
        Thread.Sleep(GraceMilliseconds);
        bool stopped;
        lock (_waiting)
        {
            stopped = _busy.Count == 0;
        }

        if (!stopped)
        {
            OutputChannel.Current?.Write("stderr", StillRunning);
        }

        Thread.Sleep(AfterlifeMilliseconds);
        Interrupt.Lower(); // Later cells run at full speed again, whatever still sleeps.
    }

    private void Queue(Action work)
    {
        // The flow of execution tells what a cell writes from what others write.
        ExecutionContext? flow = ExecutionContext.Capture();
        lock (_waiting)
        {
            _waiting.Enqueue(flow is null ? work : () => ExecutionContext.Run(flow, static work => ((Action)work!)(), work));
            if (_idle >= _waiting.Count)
            {
                Monitor.Pulse(_waiting);
                return;
            }
        }

        new Thread(Work, StackBytes) { IsBackground = true, Name = "cell" }.UnsafeStart();
    }

    private void Work()
    {
        SetSynchronizationContext(this);
        try
        {
            while (Next() is { } work)
            {
                work();
            }
        }
        catch (ThreadInterruptedException)
        {
            return; // The cell ended before the interrupt that was meant for it came.
        }
        finally
        {
            lock (_waiting)
            {
                _busy.Remove(Thread.CurrentThread);
            }
        }
    }

    private Action? Next()
    {
        lock (_waiting)
        {
            _busy.Remove(Thread.CurrentThread);
            _idle++;
            try
            {
                while (_waiting.Count == 0 && !_interrupted)
                {
                    if (_finished || !Monitor.Wait(_waiting, IdleMilliseconds))
                    {
                        return null;
                    }
                }

                if (_interrupted)
                {
                    return null;
                }

                _busy.Add(Thread.CurrentThread);
                return _waiting.Dequeue();
            }
            finally
            {
                _idle--;
            }
        }
    }

    private void Start<T>(Func<Task<T>> start, TaskCompletionSource<Task<T>> started)
    {
        Ambient.Value = this;
        try
        {
            started.TrySetResult(start());
        }
        catch (Exception exception)
        {
            started.TrySetException(exception);
        }
    }

    private void RunPosted(SendOrPostCallback callback, object? state)
    {
        try
        {
            callback(state);
        }
        catch (Exception exception) when (!_interrupted)
        {
            // Of an async void method: it has no caller, and must not end the process.
            OutputChannel.Current?.Write("stderr", $"Unhandled in an async void method: {exception}\n");
        }
        catch (Exception) when (_interrupted)
        {
            return; // The cell is over.
        }
    }
}
