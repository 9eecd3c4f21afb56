using Research.Chain;

namespace Research.Tests.Chain;

/// <summary>
/// A program that starts a chain and then ends in one of several ways, none of which disposes the chain.
/// </summary>
internal static class DevChainHost
{
    public static async Task RunAsync(string anvil, string ending, string? stateFile)
    {
        DevChain chain = await DevChain.StartAsync(new DevChainOptions { AnvilPath = anvil, StateFile = stateFile });
        Console.WriteLine(chain.Endpoint);
        await Console.Out.FlushAsync();
        await Console.In.ReadLineAsync(); // Until the test has seen the chain answer.
        switch (ending)
        {
            case "exit":
                Environment.Exit(3);
                break;
            case "throw":
                throw new InvalidOperationException("not caught");
            default:
                await Task.Delay(Timeout.Infinite);
                break;
        }
    }
}
