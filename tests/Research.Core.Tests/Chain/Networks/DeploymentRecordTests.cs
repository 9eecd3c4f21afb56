using Research.Chain.Contracts;
using Research.Chain.Networks;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Networks;

public sealed class DeploymentRecordTests(DevChainFixture fixture) : IClassFixture<DevChainFixture>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("deployments-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "deployments.json");

    private EthereumClient Client => fixture.Chain.Client;

    [RequiresFact("node", "npm")]
    public async Task LocateAsync_Market_FindsTheBlockOfItsDeployment()
    {
        await fixture.Chain.MineAsync();
        TrainingMarket market = await TrainingMarket.DeployAsync(Client, fixture.Chain.Accounts[0]);
        await fixture.Chain.MineAsync();
        await fixture.Chain.MineAsync();

        Deployment? found = await DeploymentRecord.LocateAsync(Client, market.Address);

        Assert.Equal(market.FromBlock, found!.Block);
        Assert.Equal((await Client.GetBlockAsync(found.Block)).Hash, found.BlockHash);
    }

    [RequiresFact("node", "npm")]
    public async Task LocateAsync_AnotherContract_IsRefused() =>
        await Assert.ThrowsAsync<NoCodeException>(
            () => DeploymentRecord.LocateAsync(Client, fixture.Chain.Accounts[1].Address));

    [RequiresFact("node", "npm")]
    public async Task FindAsync_ChainWithAnotherBlockThere_IsVoid()
    {
        TrainingMarket market = await TrainingMarket.DeployAsync(Client, fixture.Chain.Accounts[0]);
        Deployment made = (await DeploymentRecord.LocateAsync(Client, market.Address))!;
        DeploymentRecord record = new(Path);
        await record.RecordAsync(made with { IsOwn = true });

        Assert.Equal(made with { IsOwn = true }, await record.FindAsync(Client, market.Address));

        await record.RecordAsync(made with { BlockHash = default });
        Assert.Null(await record.FindAsync(Client, market.Address));
        await record.RecordAsync(made with { Block = made.Block + 1_000_000 });
        Assert.Null(await record.FindAsync(Client, market.Address));
        await record.RecordAsync(made with { ChainId = 5 });
        Assert.Empty(await record.OnChainAsync(Client));
    }

    [Fact]
    public async Task RecordAsync_ManyAtOnce_KeepsAll()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => new DeploymentRecord(Path).RecordAsync(Made(i)))));

        Assert.Equal(40, new DeploymentRecord(Path).Read().Select(one => one.Market).Distinct().Count());
        Assert.DoesNotContain(_folder.GetFiles(), file => file.Name.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RecordAsync_TwoProcesses_KeepAll()
    {
        using System.Diagnostics.Process one = RecordHost.Start(Path, 0, 40);
        using System.Diagnostics.Process other = RecordHost.Start(Path, 100, 40);
        await Task.WhenAll(one.WaitForExitAsync(), other.WaitForExitAsync());

        Assert.Equal((0, 0), (one.ExitCode, other.ExitCode));
        Assert.Equal(80, new DeploymentRecord(Path).Read().Count);
    }

    [Theory]
    [InlineData("", "$: expected a JSON document")]
    [InlineData("{\"version\":1,\"deployments\":[{\"chainId\":1", "$: expected a JSON document")]
    [InlineData("{\"version\":2,\"deployments\":[]}", "$.version: expected a whole number from 1 to 1, got 2.")]
    [InlineData("{\"version\":1,\"deployments\":[{\"chainId\":1,\"market\":\"0x12\"}]}", "$.deployments[0].market: Expected an address")]
    public async Task Read_DamagedFile_IsOneLineAndLeftAsItIs(string text, string reason)
    {
        await File.WriteAllTextAsync(Path, text);

        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => new DeploymentRecord(Path).Read());
        Assert.StartsWith($"{Path}: {reason}", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        await Assert.ThrowsAsync<InvalidDataException>(() => new DeploymentRecord(Path).RecordAsync(Made(1)));
        Assert.Equal(text, await File.ReadAllTextAsync(Path));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    internal static Deployment Made(int i) => new(
        1, new Address([.. Enumerable.Repeat((byte)(i + 1), 20)]), (ulong)i, default, default, IsOwn: true);
}
