using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Research.Tests.Tools;

namespace Research.Tests.Guides;

/// <summary>
/// A machine for each person as far as the network goes: a namespace of Linux with an address and a loopback of its own. What
/// listens on this machine's loopback is reached over TLS, at the address of the bridge between them.
/// </summary>
internal sealed class NetworkNamespaces : IAsyncDisposable
{
    private const string Prefix = "rw";

    private readonly string _network = FreeNetwork();
    private readonly string _bridge = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}");
    private readonly List<string> _names = [];
    private readonly List<TlsFront> _fronts = [];
    private readonly X509Certificate2 _certificate;

    public NetworkNamespaces(TemporaryFolder folder)
    {
        SweepDead();
        Host = IPAddress.Parse($"{_network}.1");
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=walk-through", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(Host);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        Authority = folder.Write("authority.pem", _certificate.ExportCertificatePem());
        Ip($"link add {_bridge} type bridge");
        Ip($"addr add {Host}/24 dev {_bridge}");
        Ip($"link set {_bridge} up");
    }

    /// <summary>Gets the address of this machine, as all others see it.</summary>
    public IPAddress Host { get; }

    /// <summary>Gets the file of the certificate that others trust.</summary>
    public string Authority { get; }

    /// <summary>Says why there can be none here, or null where there can.</summary>
    public static string? ReasonToSkip()
    {
        if (ExternalTool.Find("ip") is null)
        {
            return "needs ip (iproute2) on PATH, for network namespaces";
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-try");
        (int code, string error) = TryIp($"netns add {name}");
        if (code == 0)
        {
            (code, error) = TryIp($"link add {name} type bridge");
            _ = TryIp($"link del {name}");
            _ = TryIp($"netns del {name}");
        }

        return code == 0 ? null : $"network namespaces cannot be had here: {error.Trim()}";
    }

    /// <summary>Makes a machine, and gets what starts a shell on it.</summary>
    public string[] ShellOf(string person)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{_bridge}-{_names.Count}");
        _names.Add(name);
        Ip($"netns add {name}");
        Ip($"link add {name} type veth peer name eth0 netns {name}");
        Ip($"link set {name} master {_bridge} up");
        Ip($"-n {name} addr add {_network}.{10 + _names.Count}/24 dev eth0");
        Ip($"-n {name} link set eth0 up");
        Ip($"-n {name} link set lo up");
        return ["ip", "netns", "exec", name, "bash"];
    }

    /// <summary>Gets where others reach what listens on this machine's loopback.</summary>
    public Uri AddressOf(Uri address)
    {
        if (!address.IsLoopback)
        {
            return address;
        }

        TlsFront? front = _fronts.Find(one => one.Real == address);
        if (front is null)
        {
            front = TlsFront.Start(Host, address, _certificate);
            _fronts.Add(front);
        }

        return front.Address;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (string name in _names)
        {
            Ip($"netns del {name}"); // With its end of the pair, and so with the other.
        }

        Ip($"link del {_bridge}");
        foreach (TlsFront front in _fronts)
        {
            await front.DisposeAsync();
        }

        _certificate.Dispose();
    }

    // Of runs that were killed: two bridges with one network, and what is sent to one may come to the other.
    private static void SweepDead()
    {
        foreach (string name in Names("netns list").Where(IsDead))
        {
            _ = TryIp($"netns del {name}");
        }

        foreach (string name in Names("-br link").Where(IsDead))
        {
            _ = TryIp($"link del {name}");
        }
    }

    private static string[] Names(string command) =>
        [.. Lines(command).Select(line => line.Split(' ', '@')[0]).Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))];

    private static bool IsDead(string name)
    {
        string id = name[Prefix.Length..].Split('-')[0];
        return int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int process)
            && !Directory.Exists($"/proc/{process.ToString(CultureInfo.InvariantCulture)}");
    }

    // RFC 2544: for benchmarks, so nobody's; one that no other run on this machine has.
    private static string FreeNetwork()
    {
        string[] addresses = Lines("-br addr");
        for (int i = 0; ; i++)
        {
            string network = string.Create(CultureInfo.InvariantCulture, $"198.18.{(Environment.ProcessId + i) % 250}");
            if (!addresses.Any(line => line.Contains($"{network}.", StringComparison.Ordinal)))
            {
                return network;
            }
        }
    }

    private static string[] Lines(string command)
    {
        using Process process = Process.Start(new ProcessStartInfo("ip", command) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static void Ip(string command)
    {
        (int code, string error) = TryIp(command);
        Assert.True(code == 0, $"ip {command}: {error}");
    }

    private static (int Code, string Error) TryIp(string command)
    {
        using Process process = Process.Start(new ProcessStartInfo("ip", command) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
