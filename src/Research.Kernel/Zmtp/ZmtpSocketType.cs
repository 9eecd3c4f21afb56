using System.Text;

namespace Research.Kernel.Zmtp;

/// <summary>The kinds of socket that a Jupyter kernel binds.</summary>
/// <param name="Name">The name on the wire.</param>
/// <param name="Peers">The kinds that may connect (RFC 23/ZMTP, "Socket-Type").</param>
internal sealed record ZmtpSocketType(string Name, IReadOnlyList<string> Peers)
{
    public static ZmtpSocketType Router { get; } = new("ROUTER", ["DEALER", "REQ", "ROUTER"]);

    public static ZmtpSocketType Publisher { get; } = new("PUB", ["SUB", "XSUB"]);

    public static ZmtpSocketType Reply { get; } = new("REP", ["REQ", "DEALER"]);

    public bool Accepts(ReadOnlySpan<byte> peerType) => Peers.Contains(Encoding.ASCII.GetString(peerType));
}
