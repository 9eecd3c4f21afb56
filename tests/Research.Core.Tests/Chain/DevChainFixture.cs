using Research.Chain;

namespace Research.Core.Tests.Chain;

/// <summary>One development chain for all tests of a class.</summary>
public sealed class DevChainFixture : IAsyncLifetime
{
    public DevChain Chain { get; private set; } = null!;

    public async Task InitializeAsync() => Chain = await DevChain.StartAsync(new DevChainOptions { Accounts = 20 });

    public async Task DisposeAsync() => await Chain.DisposeAsync();
}
