using System.Net.Sockets;
using System.Text;

namespace Research.Tests.Zmtp;

public sealed class WireFuzzTests
{
    private const int Frames = 10_000;

    // One seed, so that a failure can be run again.
    private readonly Random _random = new(20261127);

    [Fact]
    public void Kernel_TenThousandMutatedFrames_ServesOthersThroughout()
    {
        using RunningKernel kernel = new();
        using WireClient steady = kernel.Connect(kernel.Ports.ShellPort, "DEALER", "steady");
        using WireClient heart = kernel.Connect(kernel.Ports.HeartbeatPort, "REQ");
        int[] ports =
        [
            kernel.Ports.ShellPort, kernel.Ports.ControlPort, kernel.Ports.StdinPort, kernel.Ports.IOPubPort,
            kernel.Ports.HeartbeatPort,
        ];
        for (int i = 0; i < Frames;)
        {
            i += Attack(kernel, ports[_random.Next(ports.Length)]);
            if (_random.Next(20) == 0)
            {
                Assert.Equal("kernel_info_reply", steady.Ask("kernel_info_request", "{}").Type);
                heart.Write(WireClient.Message([], [7, 7]));
                Assert.Equal([7, 7], heart.ReadMessage()[1]);
            }
        }

        (string type, System.Text.Json.Nodes.JsonNode content) = steady.Ask("execute_request", """{"code":"6*7"}""");
        Assert.Equal(("execute_reply", "ok"), (type, (string?)content["status"]));
    }

    /// <summary>Connects, sends frames that were valid before, and vanishes.</summary>
    /// <returns>How many frames were sent.</returns>
    private int Attack(RunningKernel kernel, int port)
    {
        int count = 0;
        try
        {
            using WireClient client = WireClient.Raw(port, kernel.Key);
            client.Write(Mutated(WireClient.Greeting, _random.Next(8) == 0));
            client.Write(Mutated(WireClient.Command(WireClient.Ready("DEALER", "x")), _random.Next(8) == 0));
            for (int i = _random.Next(1, 40); i > 0; i--)
            {
                count++;
                client.Write(Mutated(Sample(client), _random.Next(10) != 0));
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            count++; // The kernel had enough of it, as it should.
        }

        return Math.Max(count, 1);
    }

    private byte[] Sample(WireClient client) => _random.Next(4) switch
    {
        0 => WireClient.Message([1], Encoding.ASCII.GetBytes("topic")),
        1 => WireClient.Command([.. "\u0009SUBSCRIBE"u8, 65]),
        2 => WireClient.Message([]),
        _ => WireClient.Message(client.Request("execute_request", """{"code":"1","silent":true}""", out _)),
    };

    private byte[] Mutated(byte[] bytes, bool mutate)
    {
        if (!mutate)
        {
            return bytes;
        }

        List<byte> changed = [.. bytes];
        for (int i = _random.Next(1, 6); i > 0 && changed.Count > 0; i--)
        {
            int at = _random.Next(changed.Count);
            switch (_random.Next(5))
            {
                case 0:
                    changed[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    changed[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 2:
                    changed.RemoveAt(at);
                    break;
                case 3:
                    changed.Insert(at, (byte)_random.Next(256));
                    break;
                default:
                    changed.RemoveRange(at, changed.Count - at);
                    break;
            }
        }

        return [.. changed];
    }
}
