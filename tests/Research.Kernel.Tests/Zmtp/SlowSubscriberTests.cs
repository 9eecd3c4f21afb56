using System.Globalization;
using System.Net;
using System.Text;
using Research.Kernel.Zmtp;

namespace Research.Tests.Zmtp;

public sealed class SlowSubscriberTests
{
    private const int MessageBytes = 1 << 20;

    [Fact]
    public void Publisher_SubscriberThatDoesNotRead_LosesMessagesAndOthersNone()
    {
        ZmtpLimits limits = ZmtpLimits.Default with { WaitingBytes = 8 << 20 };
        PublisherSocket publisher = new(limits, (peer, topic) => peer.Send(ZmtpFrame.Encode([topic])), _ => { });
        using ZmtpListener listener = new(
            ZmtpSocketType.Publisher,
            new IPEndPoint(IPAddress.Loopback, 0),
            publisher,
            limits,
            new ReceiveBudget(1 << 20),
            _ => { });
        listener.Start();
        using WireClient slow = Subscribe(listener.Port);
        using WireClient quick = Subscribe(listener.Port);
        byte[] block = new byte[MessageBytes];

        for (int i = 0; i <= 64; i++)
        {
            publisher.Send([Encoding.ASCII.GetBytes($"m{i}"), block]);
            Assert.Equal($"m{i}", Read(quick));
        }

        // What it reads makes room; the first small message that is let in comes after all that waited.
        List<int> heard = [];
        for (string topic = Read(slow); topic != "m-end"; topic = Read(slow))
        {
            heard.Add(int.Parse(topic[1..], CultureInfo.InvariantCulture));
            publisher.Send(["m-end"u8.ToArray()]);
            Assert.Equal("m-end", Read(quick));
        }

        Assert.InRange(heard.Count, 8, 63); // What waits for it, and what the network holds.
        Assert.Equal(heard.Order(), heard);
        Assert.Equal(0, heard[0]);
    }

    private static string Read(WireClient client) => Encoding.ASCII.GetString(client.ReadMessage()[0]);

    private static WireClient Subscribe(int port)
    {
        WireClient client = WireClient.Connect(port, "SUB", "", []);
        client.Write(WireClient.Message([1, .. "m"u8]));
        Assert.Equal("m", Encoding.ASCII.GetString(client.ReadMessage()[0]));
        return client;
    }
}
