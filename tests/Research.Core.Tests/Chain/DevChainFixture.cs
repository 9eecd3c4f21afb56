using Research.Chain;
using Research.Tests.Tools;

namespace Research.Tests.Chain;

/// <summary>One development chain for all tests of a class; none where its tests are skipped.</summary>
public sealed class DevChainFixture : IAsyncLifetime
{
    public DevChain Chain { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (ExternalTool.ReasonToSkip("node", "npm") is null)
        {
            NodeTools.EnsureInstalled();
            Chain = await DevChain.StartAsync(new DevChainOptions { Accounts = 20, AnvilPath = NodeTools.Anvil });
        }
    }

    public async Task DisposeAsync()
    {
        if (Chain is not null)
        {
            await Chain.DisposeAsync();
        }
    }
}
