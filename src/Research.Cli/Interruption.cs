using System.Runtime.InteropServices;

namespace Research.Cli;

/// <summary>Ctrl-C and SIGTERM of one run: the first asks it to end, and whoever does not in time is left behind.</summary>
/// <remarks>
/// Ours, for System.CommandLine's own handling waits on a task that it only has once the command first awaits: a command
/// that still computed then could not be stopped, and the signal ended in an unhandled exception.
/// </remarks>
internal sealed class Interruption : IDisposable
{
    private const int Interrupted = 130; // 128 and the signal's number, as shells have it.
    private const int Terminated = 143;

    private readonly TimeSpan _grace;
    private readonly PosixSignalRegistration[] _registrations;
    private readonly CancellationTokenSource _asked = new();
    private readonly CancellationTokenSource _late = new();

    /// <summary>Starts to listen.</summary>
    /// <param name="grace">How long a run may take to end: it may have a state to write, or a chain to stop.</param>
    public Interruption(TimeSpan grace)
    {
        _grace = grace;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Interrupt(signal, Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Interrupt(signal, Terminated)),
        ];
    }

    /// <summary>Gets what the run listens to.</summary>
    public CancellationToken Asked => _asked.Token;

    /// <summary>Gets what is cancelled once the run should be left behind: after the grace, or at a second signal.</summary>
    public CancellationToken Late => _late.Token;

    /// <summary>Gets the exit code of a run that is left behind.</summary>
    public int ExitCode { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _asked.Dispose();
        _late.Dispose();
    }

    private void Interrupt(PosixSignalContext signal, int exitCode)
    {
        signal.Cancel = true; // Of the runtime's own answer, which ends the process.
        ExitCode = exitCode;
        if (_asked.IsCancellationRequested)
        {
            _late.Cancel();
            return;
        }

        _late.CancelAfter(_grace);
        _ = _asked.CancelAsync(); // On other threads: what hears it may take its time.
    }
}
