using System.Text;
using System.Text.Json.Nodes;

namespace Research.Tests.Zmtp;

public sealed class ConnectionTests : IDisposable
{
    private readonly RunningKernel _kernel = new();

    public void Dispose() => _kernel.Dispose();

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000")]
    public void Greeting_OfAnotherProtocol_EndsTheConnection(string bytes)
    {
        using WireClient client = WireClient.Raw(_kernel.Ports.ShellPort);
        client.Write(Encoding.ASCII.GetBytes(bytes));

        Assert.True(client.IsEnded());
        AssertAlive();
    }

    [Theory]
    [InlineData("SUB")]
    [InlineData("PUSH")]
    [InlineData("")]
    public void Ready_OfAnIncompatibleSocket_EndsTheConnection(string socketType)
    {
        using WireClient client = WireClient.Raw(_kernel.Ports.ShellPort);
        client.Write(WireClient.Greeting);
        client.Write(WireClient.Command(WireClient.Ready(socketType, "")));

        Assert.True(client.IsEnded());
    }

    [Fact]
    public void Ready_WithPropertyLongerThanItself_EndsTheConnection()
    {
        using WireClient client = WireClient.Raw(_kernel.Ports.ShellPort);
        client.Write(WireClient.Greeting);
        client.Write(WireClient.Command([.. "\u0005READY"u8, 3, 65, 66, 67, 0xff, 0xff, 0xff, 0xff]));

        Assert.True(client.IsEnded());
    }

    [Theory]
    [InlineData(100L << 20)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public void Frame_AnnouncedBeyondTheLimit_EndsTheConnectionAtOnce(long size)
    {
        using WireClient client = _kernel.Connect(_kernel.Ports.ShellPort, "DEALER");
        byte[] length = BitConverter.GetBytes(size);
        Array.Reverse(length);
        client.Write([2, .. length]);

        Assert.True(client.IsEnded());
        AssertAlive();
    }

    [Fact]
    public void Frame_AnnouncedAndNeverSent_CostsNoMemory()
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        List<WireClient> clients = [];
        for (int i = 0; i < 40; i++)
        {
            WireClient client = _kernel.Connect(_kernel.Ports.ShellPort, "DEALER");
            client.Write([2, 0, 0, 0, 0, 3, 0, 0, 0, 1]); // 48 MiB, of which one byte comes.
            clients.Add(client);
        }

        AssertAlive();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 40 << 20);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public void Message_OfManyMegabytesOverTheLimit_EndsTheConnection()
    {
        using WireClient client = _kernel.Connect(_kernel.Ports.ShellPort, "DEALER");
        byte[] block = new byte[16 << 20];
        Assert.ThrowsAny<IOException>((Action)(() =>
        {
            for (int i = 0; i < 8; i++)
            {
                client.Write([3, 0, 0, 0, 0, 1, 0, 0, 0]);
                client.Write(block);
            }
        }));

        AssertAlive();
    }

    [Fact]
    public void Message_OfTooManyFrames_EndsTheConnection()
    {
        using WireClient client = _kernel.Connect(_kernel.Ports.ShellPort, "DEALER");
        client.Write([.. Enumerable.Repeat((byte[])[1, 0], 2000).SelectMany(frame => frame)]);

        Assert.True(client.IsEnded());
    }

    [Theory]
    [InlineData(0x08)]
    [InlineData(0x05)]
    [InlineData(0xff)]
    public void Flags_ThatAreReserved_EndTheConnection(int flags)
    {
        using WireClient client = _kernel.Connect(_kernel.Ports.ShellPort, "DEALER");
        client.Write([(byte)flags, 0]);

        Assert.True(client.IsEnded());
    }

    [Fact]
    public void Ping_IsAnsweredWithItsContext()
    {
        using WireClient client = _kernel.Connect(_kernel.Ports.ShellPort, "DEALER");
        client.Write(WireClient.Command([.. "\u0004PING"u8, 0, 10, 1, 2, 3]));

        (byte flags, byte[] body) = client.ReadFrame();
        Assert.Equal(4, flags);
        Assert.Equal([.. "\u0004PONG"u8, 1, 2, 3], body);
    }

    [Fact]
    public void Half_OfAFrame_ThenNothing_StopsNobodyElse()
    {
        using WireClient half = _kernel.Connect(_kernel.Ports.ShellPort, "DEALER");
        half.Write([1, 200, 1, 2, 3]);

        AssertAlive();
    }

    [Fact]
    public void Reconnect_UnderTheSameIdentity_TakesRepliesOver()
    {
        using WireClient lost = _kernel.Connect(_kernel.Ports.ShellPort, "DEALER", "same");
        Assert.Equal("kernel_info_reply", lost.Ask("kernel_info_request", "{}").Type);
        using WireClient found = _kernel.Connect(_kernel.Ports.ShellPort, "DEALER", "same");

        Assert.Equal("kernel_info_reply", found.Ask("kernel_info_request", "{}").Type);
    }

    [Fact]
    public void Subscription_ByMessageOrCommand_FiltersByPrefix()
    {
        using WireClient shell = _kernel.Connect(_kernel.Ports.ShellPort, "DEALER");
        using WireClient status = _kernel.Connect(_kernel.Ports.IOPubPort, "SUB");
        using WireClient input = _kernel.Connect(_kernel.Ports.IOPubPort, "SUB");
        status.Write(WireClient.Message([1, .. "status"u8]));
        input.Write(WireClient.Command([.. "\u0009SUBSCRIBE"u8, .. "execute_in"u8]));
        Assert.Equal("iopub_welcome", status.ReadJupyter().Type);
        (string welcome, _, JsonNode content) = input.ReadJupyter();
        Assert.Equal(("iopub_welcome", "execute_in"), (welcome, (string?)content["subscription"]));

        shell.Ask("execute_request", """{"code":"1"}""");

        Assert.Equal("status", status.ReadJupyter().Type);
        Assert.Equal("status", status.ReadJupyter().Type);
        Assert.Equal("execute_input", input.ReadJupyter().Type);
    }

    [Fact]
    public void Subscription_Cancelled_HearsNoMore()
    {
        using WireClient shell = _kernel.Connect(_kernel.Ports.ShellPort, "DEALER");
        using WireClient subscriber = _kernel.Connect(_kernel.Ports.IOPubPort, "SUB");
        subscriber.Write(WireClient.Message([1, .. "status"u8]));
        Assert.Equal("iopub_welcome", subscriber.ReadJupyter().Type);
        subscriber.Write(WireClient.Message([0, .. "status"u8]));
        subscriber.Write(WireClient.Message([1, .. "execute"u8]));
        Assert.Equal("iopub_welcome", subscriber.ReadJupyter().Type);

        shell.Ask("execute_request", """{"code":"1"}""");

        Assert.Equal("execute_input", subscriber.ReadJupyter().Type);
    }

    private void AssertAlive()
    {
        using WireClient client = _kernel.Connect(_kernel.Ports.ControlPort, "DEALER");
        Assert.Equal("kernel_info_reply", client.Ask("kernel_info_request", "{}").Type);
    }
}
