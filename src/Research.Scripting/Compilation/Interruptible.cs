using System.Runtime;

namespace Research.Scripting.Compilation;

/// <summary>Runs user code so that cancelling stops it even in a busy loop or a sleep.</summary>
/// <remarks>
/// Code up to its first real await runs on a thread of its own under <see cref="ControlledExecution"/>, which aborts
/// it.
/// What runs after an await is on the thread pool: it sees no abort, and is abandoned when cancelled.
/// </remarks>
internal static class Interruptible
{
    public static async Task<T> RunAsync<T>(Func<Task<T>> start, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CancellationTokenSource abort = new();
        using CancellationTokenRegistration interrupted =
            cancellationToken.UnsafeRegister(static source => AbortAside((CancellationTokenSource)source!), abort);
        TaskCompletionSource<Task<T>> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() => Start(start, started, cancellationToken.CanBeCanceled, abort.Token), maxStackSize: 16 << 20)
        {
            IsBackground = true,
            Name = "cell",
        };
        thread.Start();
        Task<T> running = await started.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await running.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    // Asking for an abort returns only when it has happened, and one that comes just before a sleep waits the sleep out:
    // nobody who interrupts a cell should wait for that.
    private static void AbortAside(CancellationTokenSource abort) =>
        new Thread(abort.Cancel) { IsBackground = true, Name = "cell abort" }.Start();

    private static void Start<T>(
        Func<Task<T>> start, TaskCompletionSource<Task<T>> started, bool canBeAborted, CancellationToken abort)
    {
        try
        {
            if (canBeAborted)
            {
#pragma warning disable SYSLIB0046 // The only way to stop a busy loop in this process; made for scripting hosts.
                ControlledExecution.Run(() => started.TrySetResult(start()), abort);
#pragma warning restore SYSLIB0046
            }
            else
            {
                started.TrySetResult(start());
            }
        }
        catch (Exception exception)
        {
            started.TrySetException(exception);
        }
    }
}
