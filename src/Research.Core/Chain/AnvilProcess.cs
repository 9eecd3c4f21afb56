using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Research.Chain;

/// <summary>A running anvil that ends with this process, however this process ends.</summary>
/// <remarks>
/// On Unix a shell stands between: it waits for the end of its standard input, which the kernel closes when this
/// process is gone, even after SIGKILL, and then stops anvil. anvil runs in its own session where <c>setsid</c> exists,
/// so that a Ctrl-C meant for a notebook's cell does not reach it. On Windows the process is ended from exit and
/// console events, which a killed process does not see.
/// </remarks>
internal sealed class AnvilProcess : IAsyncDisposable
{
    // The shell leaves standard output to anvil alone, so that its end is anvil's end.
    private const string Watchdog = """
        trap '' INT HUP
        if command -v setsid >/dev/null 2>&1; then setsid "$@" </dev/null 2>&1 & else "$@" </dev/null 2>&1 & fi
        anvil=$!
        exec >/dev/null 2>&1
        trap 'kill -TERM $anvil' TERM
        read -r line
        kill -TERM $anvil
        wait $anvil
        """;

    private const string Ready = "Listening on ";
    private const int LongestReason = 300;
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _endpoint = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> _lastLines = new();
    private readonly Task _reading;
    private readonly List<PosixSignalRegistration> _signals = [];
    private int _stopped;
    private int _disposed;

    private AnvilProcess(Process process)
    {
        _process = process;
        _reading = ReadOutputAsync();
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        if (OperatingSystem.IsWindows())
        {
            foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            {
                _signals.Add(PosixSignalRegistration.Create(signal, _ => RequestStop()));
            }
        }
    }

    public static AnvilProcess Start(string anvil, IEnumerable<string> arguments)
    {
        bool isUnix = !OperatingSystem.IsWindows();
        string[] command = [anvil, .. arguments];
        ProcessStartInfo start = new(isUnix ? "/bin/sh" : anvil)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = !isUnix,
        };
        foreach (string argument in isUnix ? ["-c", Watchdog, "anvil-watchdog", .. command] : command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return new AnvilProcess(Process.Start(start) ?? throw new DevChainException($"{anvil} did not start."));
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new DevChainException($"{anvil} did not start: {exception.Message}.", exception);
        }
    }

    /// <summary>Waits until anvil says which port the system gave it.</summary>
    public Task<Uri> WaitUntilReadyAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        _endpoint.Task.WaitAsync(timeout, cancellationToken);

    /// <summary>Gets whether anvil has ended, however it did.</summary>
    public bool HasEnded => _reading.IsCompleted;

    /// <summary>Waits until anvil has ended, however it does.</summary>
    public Task WaitForEndAsync(CancellationToken cancellationToken) => _reading.WaitAsync(cancellationToken);

    /// <summary>Gets what anvil last said about why it cannot go on, in one line.</summary>
    public string Reason()
    {
        string[] lines;
        lock (_lastLines)
        {
            lines = [.. _lastLines.Select(line => line.Trim()).Where(line => line.Length > 0)];
        }

        // A panic's first line ends in a colon and its words follow; an error's details follow under "Context:".
        int start = Array.FindIndex(
            lines,
            line => line.StartsWith("error:", StringComparison.OrdinalIgnoreCase)
                || line.Contains("panicked at", StringComparison.Ordinal));
        string reason = string.Join(' ', start < 0 ? lines[Math.Max(0, lines.Length - 1)..] : lines[start..]);
        return reason.Length switch
        {
            0 => "it said nothing",
            > LongestReason => $"{reason[..LongestReason]}…",
            _ => reason,
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        RequestStop();
        try
        {
            await _reading.WaitAsync(StopTimeout).ConfigureAwait(false);
            await _process.WaitForExitAsync().WaitAsync(StopTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
        }

        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        _signals.ForEach(signal => signal.Dispose());
        _process.Dispose();
    }

    private void OnProcessExit(object? sender, EventArgs e) => RequestStop();

    // Only asks: the watchdog stops anvil and outlives this process for the moment that takes.
    private void RequestStop()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1)
        {
            return;
        }

        try
        {
            _process.StandardInput.Close();
            if (OperatingSystem.IsWindows())
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            return; // It has ended already.
        }
    }

    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is string line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal)
                && int.TryParse(
                    line.AsSpan(line.LastIndexOf(':') + 1),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out int port))
            {
                _endpoint.TrySetResult(
                    new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")));
            }

            lock (_lastLines)
            {
                _lastLines.Enqueue(line);
                if (_lastLines.Count > 20)
                {
                    _lastLines.Dequeue();
                }
            }
        }

        _endpoint.TrySetException(new DevChainException($"anvil ended before it was ready: {Reason()}"));
    }
}
