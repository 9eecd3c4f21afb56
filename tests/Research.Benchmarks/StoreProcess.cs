using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Research.Benchmarks;

/// <summary>A server of blobs as a process of its own, with what it cost.</summary>
internal sealed class StoreProcess : IDisposable
{
    private readonly Process _process;

    private StoreProcess(Process process, Uri address, string blobs) => (_process, Address, Blobs) = (process, address, blobs);

    /// <summary>Gets where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Gets the folder of its blobs.</summary>
    public string Blobs { get; }

    /// <summary>Starts <c>research store serve</c>.</summary>
    public static async Task<StoreProcess?> StartResearchAsync(string research, string home)
    {
        string folder = Path.Combine(home, "store");
        ProcessStartInfo start = new(
            "dotnet", [research, "store", "serve", "--folder", folder, "--listen", "127.0.0.1:0", "--json"])
        {
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        string line = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("research store serve ended.");
        using JsonDocument json = JsonDocument.Parse(line);
        return new StoreProcess(process, new Uri(json.RootElement.GetProperty("address").GetString()!), folder);
    }

    /// <summary>Starts nginx with DAV; null where there is none.</summary>
    public static async Task<StoreProcess?> StartNginxAsync(string home)
    {
        string? nginx = ((string[])["/usr/sbin", .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')])
            .Select(folder => Path.Combine(folder, "nginx")).FirstOrDefault(File.Exists);
        if (nginx is null)
        {
            return null;
        }

        int port = FreePort();
        string blobs = Directory.CreateDirectory(Path.Combine(home, "www", "blobs")).FullName;
        string file = Path.Combine(home, "nginx.conf");
        await File.WriteAllTextAsync(file, $$"""
            daemon off; pid {{home}}/pid; error_log {{home}}/error.log; worker_processes auto;
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            events { worker_connections 1024; }
            http {
              access_log off; sendfile on; tcp_nopush on; client_max_body_size 1g;
              client_body_temp_path {{home}}/body;
              server { listen 127.0.0.1:{{port}}; root {{home}}/www; location / { dav_methods PUT; } }
            }
            """);
        Process process = Process.Start(nginx, ["-c", file, "-e", Path.Combine(home, "error.log")]);
        Uri address = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        for (bool isUp = false; !isUp;)
        {
            using TcpClient client = new();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
                isUp = true;
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(50);
            }
        }

        return new StoreProcess(process, address, blobs);
    }

    /// <summary>Gets the most memory its processes had, in bytes, together; 0 where this system does not say.</summary>
    public long PeakBytes() => Ids().Sum(id => ReadStatus(id, "VmHWM:") * 1024);

    /// <summary>Gets the processor time its processes had.</summary>
    public double ProcessorSeconds() => Ids().Sum(id =>
    {
        using Process process = Process.GetProcessById(id);
        return process.TotalProcessorTime.TotalSeconds;
    });

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static long ReadStatus(int id, string field)
    {
        string path = $"/proc/{id}/status";
        string? line = File.Exists(path)
            ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal))
            : null;
        return line is null ? 0 : long.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }

    // nginx's work is its children's.
    private IEnumerable<int> Ids()
    {
        yield return _process.Id;
        string children = $"/proc/{_process.Id}/task/{_process.Id}/children";
        if (File.Exists(children))
        {
            foreach (string id in File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                yield return int.Parse(id, CultureInfo.InvariantCulture);
            }
        }
    }
}
