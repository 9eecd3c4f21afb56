using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Research.Chain;

/// <summary>Finds out whether a chain can listen on a port, which anvil itself says only once it has started.</summary>
internal static class LoopbackPort
{
    // A chain whose starter was killed needs a moment to end.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Returns once the port is free.</summary>
    /// <param name="port">The port; nothing is to be waited for at 0, any free one.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="DevChainException">It is not free, or not this user's to listen on.</exception>
    public static async Task RequireFreeAsync(int port, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (port != 0 && Refusal(port) is SocketException refusal)
        {
            if (refusal.SocketErrorCode != SocketError.AddressAlreadyInUse)
            {
                throw new DevChainException(
                    $"A chain cannot listen on port {Text(port)}: {refusal.Message}. Name another port.", refusal);
            }

            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw InUse(port, refusal);
            }

            await Task.Delay(50, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes the error of a port that something else listens on.</summary>
    public static DevChainException InUse(int port, Exception cause) => new(
        $"Port {Text(port)} is in use: another chain or program listens there. End it, or name another port; 0 is any "
        + "free one.",
        cause);

    private static SocketException? Refusal(int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
            return null;
        }
        catch (SocketException e)
        {
            return e;
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
