using System.Net;
using System.Security.Cryptography;
using System.Text;
using Research.Kernel;

namespace Research.Tests;

/// <summary>A kernel in this process, on free ports, with its log.</summary>
internal sealed class RunningKernel : IDisposable
{
    private readonly StringWriter _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly JupyterKernel _kernel;
    private readonly Task _running;

    public RunningKernel(string? historyPath = null)
    {
        ConnectionFile connection = new()
        {
            Address = IPAddress.Loopback,
            ShellPort = 0,
            IOPubPort = 0,
            StdinPort = 0,
            ControlPort = 0,
            HeartbeatPort = 0,
            Key = Key,
        };
        _kernel = new JupyterKernel(connection, new KernelOptions { Log = _log, HistoryPath = historyPath });
        _running = _kernel.RunAsync(_stop.Token);
    }

    public byte[] Key { get; } = Encoding.ASCII.GetBytes(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));

    public JupyterKernel Ports => _kernel;

    public WireClient Connect(int port, string socketType, string identity = "") =>
        WireClient.Connect(port, socketType, identity, Key);

    public void Dispose()
    {
        _stop.Cancel();
        Assert.True(((IAsyncResult)_running).AsyncWaitHandle.WaitOne(TimeSpan.FromMinutes(5)));
        _kernel.Dispose();
        _stop.Dispose();
        _log.Dispose();
    }
}
