using Research.Tests.Tools;

namespace Research.Tests.Storage.Ipfs;

/// <summary>Two nodes that are each other's only peers, for all tests that talk to one; none where those are skipped.</summary>
public sealed class IpfsNodeFixture : IAsyncLifetime
{
    internal IpfsNode First { get; private set; } = null!;

    internal IpfsNode Second { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (ExternalTool.ReasonToSkip("node", "npm") is null)
        {
            First = await IpfsNode.StartAsync();
            Second = await IpfsNode.StartAsync(First.Swarm);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (IpfsNode? node in (IpfsNode?[])[Second, First])
        {
            if (node is not null)
            {
                await node.DisposeAsync();
            }
        }
    }
}
