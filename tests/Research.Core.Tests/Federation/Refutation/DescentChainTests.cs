using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Federation.Refutation;
using Research.Market;
using Research.Tests.Federation.Program;
using Research.Training;
using Research.Training.Layers;
using Xunit.Abstractions;

namespace Research.Tests.Federation.Refutation;

/// <summary>Whole descents on a real node: every demand and every answer is a transaction, down to the step.</summary>
/// <param name="output">Takes the gas.</param>
public sealed class DescentChainTests(ITestOutputHelper output)
{
    private static readonly Wei Fee = Wei.FromEther("0.1");

    [Theory]
    [InlineData(16, 64, 64, 5, 6)]
    [InlineData(20, 128, 256, 6, 14)]
    public async Task Descend_WithheldTrace_FallsToOneStep(int depth, int inputs, int hidden, int steps, int references)
    {
        ModelSpec spec = TinyTasks.Spec([inputs], [new Linear(inputs, hidden), new ReLU(), new Linear(hidden, 3)]);
        spec = spec with
        {
            Training = spec.Training with { Steps = steps },
            Task = spec.Task! with { Reward = spec.Task.Reward with { References = references } },
        };
        RefutedRound scene = new(spec, 3, 0);
        Assert.Equal(depth, scene.Trace.Depth);
        byte[] wrong = scene.Trace.Read(0, (int)scene.Trace.Bytes);
        wrong[wrong.Length / 7 * 5] ^= 1;
        BytesTree claimed = new(wrong);
        ClaimResult claim = scene.Right with { TraceRoot = claimed.Node(claimed.Depth, 0).ToBytes32() };
        RefuterCase @case = scene.CaseOf(claim);
        await using RefuterNode node = await RefuterNode.StartAsync();
        await node.SetMarketAsync(scene.Facts(claim, DateTimeOffset.UtcNow.ToUnixTimeSeconds()), scene.Before());
        Refuter challenger = node.As(1);
        Refuter claimant = node.As(2);

        Descent descent = scene.Refuter.Descend(ClaimTree.Trace, claimed.Node(claimed.Depth, 0));
        ulong demands = 0;
        ulong answers = 0;
        int moves = 0;
        while (descent.Next is { } next)
        {
            demands += (await challenger.DemandAsync(
                @case,
                CaseTree.Trace,
                next.Level,
                (ulong)next.Index,
                next.Node.ToBytes32(),
                [.. next.Siblings.Select(hash => hash.ToBytes32())],
                Fee)).GasUsed;
            byte[] data = Descent.Answer(claimed.Depth, next.Level, next.Index, claimed.Node, claimed.Leaf);
            answers += (await claimant.AnswerAsync(@case.Id, CaseTree.Trace, next.Level, data)).GasUsed;
            Assert.True(descent.Show(data));
            moves++;
        }

        RefutationCall call = scene.CallOf(claim, scene.Refuter.Refute(ClaimTree.Trace, descent));
        TransactionReceipt intent = await challenger.IntendAsync(call.IntentOf(challenger.Account!.Address));
        await Assert.ThrowsAsync<RevertException>(() => claimant.RefuteAsync(call)); // A copy was not announced.
        TransactionReceipt refuted = await challenger.RefuteAsync(call);

        Assert.Equal(Descent.Levels(depth), moves);
        Assert.Equal(challenger.Account.Address, (await challenger.StandingAsync(@case.Id)).Winner);
        output.WriteLine($"2^{depth} leaves: {moves} demands {demands}, answers {answers}, intent {intent.GasUsed}, step {refuted.GasUsed}");
    }
}
