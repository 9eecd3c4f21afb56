using System.Net;
using System.Net.Sockets;

namespace Research.Storage;

/// <summary>
/// Connections that go to the whole internet only: never to this machine or its own network, whoever named the host.
/// </summary>
/// <remarks>
/// A specification is a stranger's, and it names stores. What it cannot do is have whoever reads it knock at doors behind
/// her firewall. The addresses are looked at after the name is resolved, and the connection goes to what was looked at, so
/// that a name which resolves to another address a moment later (DNS rebinding) gains nothing.
/// </remarks>
internal static class PublicInternet
{
    // IANA IPv4 Special-Purpose Address Registry (RFC 6890), its blocks that are not globally reachable, and multicast.
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    // The only block from which global addresses are given (RFC 4291, 2.4), without what is special in it.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] SpecialInGlobal =
    [
        IPNetwork.Parse("2001::/23"), // Protocol assignments, Teredo among them.
        IPNetwork.Parse("2001:db8::/32"), // Documentation.
        IPNetwork.Parse("3fff::/20"), // Documentation (RFC 9637).
    ];

    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16"); // RFC 3056: an IPv4 address inside.
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96"); // RFC 6052: likewise.

    /// <summary>Says whether anybody on the internet may be at an address.</summary>
    public static bool Reaches(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !Special.Any(block => block.Contains(address));
        }

        byte[] bytes = address.GetAddressBytes();
        return SixToFour.Contains(address) ? Reaches(Inside(bytes, 2))
            : Translated.Contains(address) ? Reaches(Inside(bytes, 12))
            : Global.Contains(address) && !SpecialInGlobal.Any(block => block.Contains(address));
    }

    /// <summary>Connects where <see cref="Reaches"/> allows; for <see cref="System.Net.Http.SocketsHttpHandler"/>.</summary>
    /// <exception cref="NotPublicException">No address of the host is public.</exception>
    public static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        DnsEndPoint end = context.DnsEndPoint;
        IPAddress[] all = await Dns.GetHostAddressesAsync(end.Host, cancellationToken).ConfigureAwait(false);
        Uri target = context.InitialRequestMessage.RequestUri!;
        IPAddress[] allowed = IsThroughProxy(end, target) ? all : [.. all.Where(Reaches)];
        if (allowed.Length == 0)
        {
            throw new NotPublicException(target.IdnHost);
        }

        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, end.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A proxy is this network's own door and resolves names itself; an address that is written out it is not asked for.
    private static bool IsThroughProxy(DnsEndPoint end, Uri target) =>
        !end.Host.Equals(target.IdnHost, StringComparison.OrdinalIgnoreCase)
        && !target.IsLoopback
        && (!IPAddress.TryParse(target.IdnHost, out IPAddress? written) || Reaches(written));

    private static IPAddress Inside(byte[] bytes, int at) => new(bytes.AsSpan(at, 4));
}
