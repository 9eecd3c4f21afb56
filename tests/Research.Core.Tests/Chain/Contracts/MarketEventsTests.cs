using System.Text;
using System.Text.Json.Nodes;
using Research.Chain;
using Research.Chain.Abi;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Tests.Chain.Rpc;
using Research.Tests.Tools;
using Generated = Research.Chain.Contracts.Generated;

namespace Research.Tests.Chain.Contracts;

/// <summary>The queries for events on a node that leaves some out, and that was asked from too late a block.</summary>
public sealed class MarketEventsTests(DevChainFixture fixture) : IClassFixture<DevChainFixture>
{
    private DevChain Chain => fixture.Chain;

    [RequiresFact("node", "npm")]
    public async Task Queries_ANodeThatLeavesOneOut_ThrowAndNameIt()
    {
        TrainingMarket market = await TrainingMarket.DeployAsync(Chain.Client, Chain.Accounts[0]);
        (ulong id, byte[] keys) = await PlayAsync(market);
        HashSet<string> dropped = [];
        await using ScriptedServer server = new(request => Forward(request, dropped));
        using EthereumClient client = new(server.Address);
        MarketEvents events = new TrainingMarket(client, market.Address).Events;

        Assert.Equal([0, 1], (await events.RevealedAsync(id)).Select(reveal => reveal.Index));
        Assert.Equal([0, 1], (await events.KeysOpenedAsync(id)).Select(opened => opened.Chunk));
        Assert.Equal([0, 1], (await events.ClaimPostedAsync(id)).Select(posted => posted.Place));
        Assert.Equal(keys, (await events.KeysOpenedAsync(id, 0)).SelectMany(opened => opened.Keys.ToArray()));

        dropped.UnionWith(
        [
            StrictAbi.TopicOf<Generated.RevealedEventDTO>().ToString(),
            StrictAbi.TopicOf<Generated.KeysOpenedEventDTO>().ToString(),
            StrictAbi.TopicOf<Generated.ClaimPostedEventDTO>().ToString(),
        ]);
        string[] messages =
        [
            (await Assert.ThrowsAsync<MissingEventsException>(() => events.RevealedAsync(id))).Message,
            (await Assert.ThrowsAsync<MissingEventsException>(() => events.KeysOpenedAsync(id, 0))).Message,
            (await Assert.ThrowsAsync<MissingEventsException>(() => events.ClaimPostedAsync(id))).Message,
        ];
        Assert.Contains($"lack reveal 0 of round 0 of task {id}", messages[0], StringComparison.Ordinal);
        Assert.Contains($"lack key chunk 0 of round 0 of task {id}", messages[1], StringComparison.Ordinal);
        Assert.Contains($"lack claim 0 of round 0 of task {id}", messages[2], StringComparison.Ordinal);
    }

    [RequiresFact("node", "npm")]
    public async Task GetTaskAsync_HashOfTheSpecification_IsLookedForOnceAndKept()
    {
        TrainingMarket market = await TrainingMarket.DeployAsync(Chain.Client, Chain.Accounts[0]);
        ulong[] ids =
        [
            (await market.PublishAsync(RoundTrees.Offer(1, Delivery.Demand))).TaskId,
            (await market.PublishAsync(
                RoundTrees.Offer(1, Delivery.Calldata) with { SpecHash = RoundTrees.Hash(99) })).TaskId,
        ];
        await using ScriptedServer server = new(request => Forward(request, []));
        using EthereumClient client = new(server.Address);
        TrainingMarket reader = new(client, market.Address);

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(RoundTrees.Hash(42), (await reader.GetTaskAsync(ids[0])).Terms.SpecHash);
            Assert.Equal(
                RoundTrees.Hash(99), (await reader.As(Chain.Accounts[1]).GetTaskAsync(ids[1])).Terms.SpecHash);
        }

        Assert.Equal(2, server.Count("eth_getLogs"));
    }

    [RequiresFact("node", "npm")]
    public async Task GetTaskAsync_FromABlockAfterThePublication_Throws()
    {
        TrainingMarket market = await TrainingMarket.DeployAsync(Chain.Client, Chain.Accounts[0]);
        ulong id = (await market.PublishAsync(RoundTrees.Offer(1, Delivery.Demand))).TaskId;
        ulong late = await Chain.Client.GetBlockNumberAsync() + 1;
        await Chain.MineAsync(2);
        TrainingMarket tooLate = new(Chain.Client, market.Address, null, late);

        MissingEventsException exception = await Assert.ThrowsAsync<MissingEventsException>(
            () => tooLate.GetTaskAsync(id));

        Assert.Contains($"lack the publication of task {id}", exception.Message, StringComparison.Ordinal);
        Assert.Equal(
            "UnknownTask", (await Assert.ThrowsAsync<RevertException>(() => tooLate.GetTaskAsync(99))).ErrorName);
    }

    /// <summary>Plays a round with two of everything that is numbered.</summary>
    private async Task<(ulong Id, byte[] Keys)> PlayAsync(TrainingMarket market)
    {
        byte[] keys = RoundTrees.Bytes(1, 130 * 32);
        Terms terms = RoundTrees.Offer(1, Delivery.Demand) with
        {
            ProgramRoot = RoundTrees.Root(RoundTrees.RoundLeaf(RoundTrees.Hash(1), RoundTrees.Hash(2), keys)),
            Keys = 130,
        };
        ulong id = (await market.PublishAsync(terms)).TaskId;
        Schedule schedule = await market.ScheduleOfAsync(id, 0);
        await Chain.MineAsync();
        await market.PinAsync(id);
        TrainingMarket[] both = [market.As(Chain.Accounts[1]), market.As(Chain.Accounts[2])];
        foreach (TrainingMarket own in both)
        {
            await own.CommitAsync(
                id,
                await own.CommitmentHashAsync(id, 0, own.Account!.Address, RoundTrees.Hash(3), RoundTrees.Hash(4)),
                terms.Stake);
        }

        await Chain.AdvanceToAsync(schedule.Reveal);
        foreach (TrainingMarket own in both)
        {
            await own.RevealAsync(id, RoundTrees.Hash(3), Bytes32.Zero, RoundTrees.Hash(4));
        }

        await Chain.AdvanceToAsync(schedule.Open);
        byte[] leaves = RoundTrees.KeyLeaves(keys);
        for (int chunk = 0; chunk < 2; chunk++)
        {
            await market.OpenKeysAsync(
                id,
                RoundTrees.Proof(RoundTrees.Hash(1), RoundTrees.Hash(2)),
                keys.Skip(chunk * 128 * 32).Take(128 * 32).ToArray(),
                RoundTrees.Piece(leaves, chunk).Siblings);
        }

        await Chain.AdvanceToAsync(schedule.Score);
        foreach (TrainingMarket own in both)
        {
            Bytes24 seal = await own.SealHashAsync(
                id, 0, own.Account!.Address, ClaimResult.None, RoundTrees.Hash(5));
            await own.SealClaimAsync(id, seal, terms.Bond);
        }

        await Chain.AdvanceToAsync(schedule.Post);
        foreach (TrainingMarket own in both)
        {
            await own.PostClaimAsync(id, ClaimResult.None, RoundTrees.Hash(5), Bytes32.Zero);
        }

        return (id, keys);
    }

    /// <summary>Answers as the chain does, without the first log of each of some topics.</summary>
    private string Forward(string request, IReadOnlyCollection<string> dropped)
    {
        using HttpClient http = new();
        using HttpRequestMessage message = new(HttpMethod.Post, Chain.Endpoint)
        {
            Content = new StringContent(request, Encoding.UTF8, "application/json"),
        };
        using HttpResponseMessage response = http.Send(message);
        using StreamReader reader = new(response.Content.ReadAsStream());
        JsonNode answer = JsonNode.Parse(reader.ReadToEnd())!;
        if (request.Contains("\"eth_getLogs\"", StringComparison.Ordinal)
            && answer["result"] is JsonArray { Count: > 0 } logs
            && dropped.Contains((string)logs[0]!["topics"]![0]!))
        {
            logs.RemoveAt(0);
        }

        return ScriptedServer.Http(answer.ToJsonString());
    }
}
