using System.Diagnostics;
using System.Globalization;
using Research.Chain;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;

namespace Research.Tests.Chain.Rpc;

/// <summary>A program that sends from the first development account, as another process of the same machine.</summary>
internal static class SenderHost
{
    public static Process Start(Uri endpoint, string folder, int count) => Process.Start(
        new ProcessStartInfo(
            "dotnet",
            [
                typeof(SenderHost).Assembly.Location, "send", endpoint.ToString(), folder,
                count.ToString(CultureInfo.InvariantCulture),
            ])
        {
            RedirectStandardError = true,
        })!;

    public static async Task RunAsync(string endpoint, string folder, string count)
    {
        using EthereumClient client = new(new Uri(endpoint), new EthereumClientOptions { NonceFolder = folder });
        using PrivateKeyAccount sender = PrivateKeyAccount.Parse(DevChain.PublicKnowledgeKeys(1)[0]);
        Address receiver = new([.. Enumerable.Repeat((byte)7, 20)]);
        for (int i = 0; i < int.Parse(count, CultureInfo.InvariantCulture); i++)
        {
            await client.SendAsync(sender, new CallRequest { To = receiver, Value = new Wei(1) });
        }
    }
}
