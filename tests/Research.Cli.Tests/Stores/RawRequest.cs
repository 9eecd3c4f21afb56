using System.Net.Sockets;
using System.Text;

namespace Research.Tests.Stores;

/// <summary>Requests byte for byte, which no HTTP client would send.</summary>
internal static class RawRequest
{
    /// <summary>Sends bytes and reads until the server closes.</summary>
    public static async Task<string> SendAsync(Uri address, byte[] request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(address.Host, address.Port);
        NetworkStream stream = client.GetStream();
        StringBuilder answer = new();
        try
        {
            await stream.WriteAsync(request);
            byte[] buffer = new byte[4096];
            int count;
            while ((count = await stream.ReadAsync(buffer)) > 0)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (IOException)
        {
            // It closed with bytes of ours unread: what it said is here.
        }

        return answer.ToString();
    }

    /// <summary>Sends a head of these lines, and no body.</summary>
    public static Task<string> SendAsync(Uri address, string line, params string[] headers) => SendAsync(
        address,
        Encoding.Latin1.GetBytes(
            $"{line} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n"
            + string.Concat(headers.Select(header => header + "\r\n")) + "\r\n"));

    /// <summary>Gets the status of an answer; 0 where there was none.</summary>
    public static int StatusOf(string answer) =>
        answer.Length > 12 && int.TryParse(answer.AsSpan(9, 3), out int status) ? status : 0;
}
