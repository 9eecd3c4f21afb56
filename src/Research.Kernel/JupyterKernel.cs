using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Research.Kernel.Messages;
using Research.Kernel.Requests;
using Research.Kernel.Zmtp;
using Research.Scripting;
using Research.Scripting.History;

namespace Research.Kernel;

/// <summary>A C# kernel for Jupyter: one session, served over five sockets.</summary>
/// <remarks>HOW_IT_WORKS.md has the message flow.</remarks>
public sealed class JupyterKernel : IDisposable
{
    private const int LeastPoolThreads = 8;

    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShellPatience = TimeSpan.FromMilliseconds(300);

    private readonly KernelOptions _options;
    private readonly TextWriter _log;
    private readonly Interruption _interruption = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<ScriptSession> _session =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly IOPub _iopub;
    private readonly ShellRequests _shell;
    private readonly InputChannel _input;
    private readonly List<ZmtpListener> _listeners = [];

    /// <summary>Binds the sockets; they are served by <see cref="RunAsync(CancellationToken)"/>.</summary>
    /// <param name="connection">Where to listen; a port of 0 takes a free one.</param>
    /// <param name="options">What else it starts with.</param>
    /// <exception cref="System.Net.Sockets.SocketException">A port is taken.</exception>
    public JupyterKernel(ConnectionFile connection, KernelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _options = options ?? new KernelOptions();
        _log = TextWriter.Synchronized(_options.Log ?? Console.Error);
        MessageSigner signer = new(connection.Key.Span);
        if (!signer.IsOn)
        {
            Log("The connection file has no key: every local user can run code here.");
        }

        MessageReader reader = new(signer);
        MessageWriter writer = new(signer, _options.Time);
        ZmtpLimits limits = ZmtpLimits.Default;
        ReceiveBudget budget = new(8L * limits.MessageBytes);
        _iopub = new IOPub(writer, limits, Log);
        _input = new InputChannel(reader, writer, Log);
        _shell = new ShellRequests(reader, writer, _iopub, _interruption, Stop, Log);
        ControlRequests control = new(reader, writer, _iopub, _interruption, Stop, Log);
        try
        {
            ShellPort = Bind(ZmtpSocketType.Router, connection.ShellPort, _shell.Channel.Socket);
            ControlPort = Bind(ZmtpSocketType.Router, connection.ControlPort, control.Channel.Socket);
            StdinPort = Bind(ZmtpSocketType.Router, connection.StdinPort, _input.Channel.Socket);
            IOPubPort = Bind(ZmtpSocketType.Publisher, connection.IOPubPort, _iopub.Socket);
            HeartbeatPort = Bind(ZmtpSocketType.Reply, connection.HeartbeatPort, new ReplySocket());
        }
        catch
        {
            Dispose();
            throw;
        }

        AnswerShell(control);

        int Bind(ZmtpSocketType type, int port, IConnectionHandler handler)
        {
            ZmtpListener listener = new(
                type, new IPEndPoint(connection.Address, port), handler, limits, budget, Log);
            _listeners.Add(listener);
            return listener.Port;
        }
    }

    /// <summary>Gets the port of requests.</summary>
    public int ShellPort { get; }

    /// <summary>Gets the port of requests that may not wait.</summary>
    public int ControlPort { get; }

    /// <summary>Gets the port of questions to the user.</summary>
    public int StdinPort { get; }

    /// <summary>Gets the port of what the kernel publishes.</summary>
    public int IOPubPort { get; }

    /// <summary>Gets the port of the heartbeat.</summary>
    public int HeartbeatPort { get; }

    /// <summary>Serves a kernel until a client shuts it down, or its parent process ends.</summary>
    /// <param name="connection">Where to listen.</param>
    /// <param name="options">What else it starts with.</param>
    /// <param name="cancellationToken">Shuts it down.</param>
    public static async Task RunAsync(
        ConnectionFile connection, KernelOptions? options = null, CancellationToken cancellationToken = default)
    {
        using JupyterKernel kernel = new(connection, options);
        await kernel.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Serves clients until one shuts the kernel down, or its parent process ends.</summary>
    /// <param name="cancellationToken">Shuts it down.</param>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource ended =
            CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        using PosixSignalRegistration? interrupt = OnSignal(PosixSignal.SIGINT, _interruption.Interrupt);
        using PosixSignalRegistration? terminate = OnSignal(PosixSignal.SIGTERM, Stop);
        if (_options.OwnsProcess)
        {
            ScriptSession.OutliveThreads();

            // Cells that fill the pool with waiting threads should not make the kernel wait for the pool to grow.
            ThreadPool.GetMinThreads(out int workers, out int ports);
            ThreadPool.SetMinThreads(Math.Max(workers, LeastPoolThreads), ports);
        }

        _iopub.PublishStatus("starting", null);
        foreach (ZmtpListener listener in _listeners)
        {
            listener.Start();
        }

        _ = Task.Run(StartSessionAsync, CancellationToken.None);
        Task shell = _shell.RunAsync(ended.Token);
        Task orphaned = _options.OwnsProcess
            ? ParentProcess.WaitForExitAsync(ended.Token)
            : Task.Delay(Timeout.Infinite, ended.Token);
        await orphaned.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ended.IsCancellationRequested)
        {
            Log("The process that started the kernel is gone.");
        }

        _interruption.Interrupt();
        await Task.WhenAll(_listeners.Select(listener => listener.DrainAsync(DrainPatience))).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await Task.WhenAny(shell, Task.Delay(ShellPatience, CancellationToken.None)).ConfigureAwait(false);
    }

    /// <summary>Closes the sockets.</summary>
    public void Dispose()
    {
        foreach (ZmtpListener listener in _listeners)
        {
            listener.Dispose();
        }

        _input.Dispose();
        _stop.Dispose();
    }

    private void Stop() => _stop.Cancel();

    // Not while the first cell compiles: that is no faster, and Roslyn has taken one assembly for two then.
    private async Task StartSessionAsync()
    {
        try
        {
            await ScriptSession.WarmAsync().ConfigureAwait(false);
            _session.TrySetResult(new ScriptSession(new ScriptSessionOptions
            {
                Folder = _options.Folder,
                ReadLine = _input.AskAsync,
            }));
        }
        catch (Exception exception) // Every cell then reports it.
        {
            _session.TrySetException(exception);
        }
    }

    private void AnswerShell(ControlRequests control)
    {
        CellHistory history = new(_options.HistoryPath, Log);
        ExecuteRequests execute = new(_session.Task, _iopub, _input, history);
        CodeRequests code = new(_session.Task);
        CommRequests comms = new(_session.Task, _iopub, Log);
        _shell.Answer("kernel_info_request", static _ => KernelInformation.Reply());
        _shell.Answer("execute_request", execute.ExecuteAsync);
        _shell.Answer("complete_request", code.CompleteAsync);
        _shell.Answer("inspect_request", code.InspectAsync);
        _shell.Answer("is_complete_request", code.IsCompleteAsync);
        _shell.Answer("history_request", new HistoryRequests(history).Find);
        _shell.Answer("comm_info_request", comms.ListAsync);
        _shell.Take("comm_open", comms.OpenAsync);
        _shell.Take("comm_msg", comms.ReceiveAsync);
        _shell.Take("comm_close", comms.CloseAsync);
        _shell.Answer("connect_request", _ => Ports());
        _shell.Answer("shutdown_request", control.Shutdown);
    }

    private JsonObject Ports()
    {
        JsonObject content = ReplyContent.Ok();
        content["shell_port"] = ShellPort;
        content["iopub_port"] = IOPubPort;
        content["stdin_port"] = StdinPort;
        content["hb_port"] = HeartbeatPort;
        content["control_port"] = ControlPort;
        return content;
    }

    private PosixSignalRegistration? OnSignal(PosixSignal signal, Action act) => !_options.OwnsProcess
        ? null
        : PosixSignalRegistration.Create(
            signal,
            context =>
            {
                context.Cancel = true; // The process goes on.
                act();
            });

    // Called by the threads of connections: a log that was closed (a front end that went away) must not end the process.
    private void Log(string line)
    {
        try
        {
            _log.WriteLine($"research kernel: {line}");
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return;
        }
    }
}
