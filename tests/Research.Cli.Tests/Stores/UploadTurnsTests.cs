using System.Net;
using System.Net.Sockets;
using System.Text;
using Research.Cli.Stores;
using Research.Storage;

namespace Research.Tests.Stores;

/// <summary>One client's slow uploads do not keep others out: real sockets of two addresses.</summary>
public sealed class UploadTurnsTests : IAsyncLifetime, IDisposable
{
    private static readonly IPAddress Slow = IPAddress.Parse("127.0.0.1");
    private static readonly IPAddress Other = IPAddress.Parse("127.0.0.2");
    private static readonly byte[] Blob = Encoding.ASCII.GetBytes("what another brings");

    private readonly TemporaryFolder _folder = new();
    private readonly List<TcpClient> _held = [];
    private BlobServer _server = null!;

    public async Task InitializeAsync() => _server = await BlobServer.StartAsync(
        new BlobServerOptions
        {
            Folder = _folder["store"],
            MostUploads = 8,
            SlowStart = TimeSpan.FromHours(1), // Nobody is cut off here for being slow.
            TurnPatience = TimeSpan.FromMilliseconds(100),
        },
        CancellationToken.None);

    public async Task DisposeAsync()
    {
        _held.ForEach(client => client.Dispose());
        await _server.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Put_SlowClientHoldsItsQuarter_WaitsItselfAndOthersGetIn()
    {
        Assert.True(await BeginsAsync(Slow));
        Assert.True(await BeginsAsync(Slow));

        Assert.False(await BeginsAsync(Slow)); // The third of two.
        using SocketsHttpHandler handler = From(Other);
        using HttpClient http = new(handler);
        using HttpStore store = new(_server.Address);
        using ByteArrayContent content = new(Blob);
        using HttpResponseMessage put = await http.PutAsync(
            new Uri(_server.Address, $"/blobs/{ContentHash.Of(Blob)}"), content);

        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal(Blob, await store.FindAsync(ContentHash.Of(Blob), 1000)); // Reading takes no place.
        Assert.True(await BeginsAsync(Other));
    }

    [Fact]
    public async Task Put_SlowClientLetsGo_GetsInAgain()
    {
        Assert.True(await BeginsAsync(Slow));
        Assert.True(await BeginsAsync(Slow));
        _held[0].Dispose();

        while (!await BeginsAsync(Slow)) // Once the server has seen that it is gone.
        {
        }
    }

    [Theory]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1")]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void KeyOf_Address_IsWhatOneClientHas(string address, string expected) =>
        Assert.Equal(IPAddress.Parse(expected), UploadTurns.KeyOf(IPAddress.Parse(address)));

    // The server asks for the body (100) once the upload has its place.
    private async Task<bool> BeginsAsync(IPAddress from)
    {
        TcpClient client = new(new IPEndPoint(from, 0));
        _held.Add(client);
        await client.ConnectAsync(IPAddress.Loopback, _server.Address.Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"PUT /blobs/{new string('0', 64)} HTTP/1.1\r\nHost: {_server.Address.Authority}\r\nContent-Length: 1000\r\n"
            + "Expect: 100-continue\r\n\r\n"));
        byte[] status = new byte["HTTP/1.1 100".Length];
        await stream.ReadExactlyAsync(status);
        int code = RawRequest.StatusOf(Encoding.ASCII.GetString(status) + " ");
        Assert.True(code is 100 or 503, $"{code}");
        return code == 100;
    }

    private static SocketsHttpHandler From(IPAddress address) => new()
    {
        ConnectCallback = async (context, cancellationToken) =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };
}
