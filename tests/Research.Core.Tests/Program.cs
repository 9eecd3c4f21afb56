using Research.Tests.Chain;
using Research.Tests.Chain.Networks;
using Research.Tests.Chain.Rpc;

namespace Research.Tests;

/// <summary>
/// What this assembly does as a program: be a process that a test can kill. The test runner never calls it.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["dev-chain", string anvil, string ending, .. string[] state])
        {
            await DevChainHost.RunAsync(anvil, ending, state.FirstOrDefault());
            return 0;
        }

        if (arguments is ["send", string endpoint, string folder, string count])
        {
            await SenderHost.RunAsync(endpoint, folder, count);
            return 0;
        }

        if (arguments is ["record", string path, string first, string number])
        {
            await RecordHost.RunAsync(path, first, number);
            return 0;
        }

        await Console.Error.WriteLineAsync("Run the tests with: dotnet test");
        return 2;
    }
}
