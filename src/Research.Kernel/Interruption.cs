namespace Research.Kernel;

/// <summary>Stops the request that is running, from another thread.</summary>
internal sealed class Interruption
{
    private readonly Lock _gate = new();
    private Action? _cancel;

    /// <summary>Starts a request.</summary>
    /// <returns>The token by which it is stopped.</returns>
    public CancellationToken Begin()
    {
        lock (_gate)
        {
            CancellationTokenSource source = new(); // Without a timer there is nothing to dispose.
            _cancel = source.Cancel;
            return source.Token;
        }
    }

    /// <summary>Ends the request: what comes later interrupts the next.</summary>
    public void End()
    {
        lock (_gate)
        {
            _cancel = null;
        }
    }

    /// <summary>Stops the running request, if there is one; does not wait for its end.</summary>
    public void Interrupt()
    {
        Action? cancel;
        lock (_gate)
        {
            cancel = _cancel;
        }

        // What waits for the token goes on inside Cancel: on a thread that nobody else waits for. Not of the pool,
        // all of whose threads the cell may hold.
        if (cancel is not null)
        {
            new Thread(() => cancel()) { IsBackground = true, Name = "interrupt" }.Start();
        }
    }
}
