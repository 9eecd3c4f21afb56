using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Contracts;

/// <summary>Our clock against the contract's, on both sides of every boundary.</summary>
public sealed class TaskClockTests
{
    [RequiresFact("node", "npm")]
    public async Task PositionAt_EveryBoundary_IsTheContracts()
    {
        NodeTools.EnsureInstalled();
        await using DevChain chain = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });
        TrainingMarket market = await TrainingMarket.DeployAsync(chain.Client, chain.Accounts[0]);
        ulong start = (await chain.Client.GetBlockAsync()).Timestamp + 1000;
        Terms terms = new()
        {
            Pool = Wei.FromEther("1"),
            SpecHash = Bytes32.Random(),
            ProgramRoot = Bytes32.Random(),
            Start = start,
            CommitSeconds = 101,
            RevealSeconds = 103,
            ScoreSeconds = 107,
            ChallengeSeconds = 109,
            ClaimSeconds = 113,
            Rounds = 2,
        };
        ulong id = (await market.PublishAsync(terms)).TaskId;

        Schedule first = await market.ScheduleOfAsync(id, 0);
        Schedule second = await market.ScheduleOfAsync(id, 1);
        Assert.Equal(await market.ClaimDeadlineAsync(id), terms.ClaimDeadline());
        Assert.Equal([first, second], (Schedule[])[terms.ScheduleOf(0), terms.ScheduleOf(1)]);
        ulong[] boundaries =
        [
            first.Commit, first.Reveal, first.Score, first.Challenge,
            second.Commit, second.Reveal, second.Score, second.Challenge, second.End,
        ];
        foreach (ulong time in boundaries.SelectMany(boundary => (ulong[])[boundary - 1, boundary]))
        {
            await chain.AdvanceToAsync(time);
            TaskPosition position = terms.PositionAt(time);
            Assert.Equal(await market.PhaseOfAsync(id), position);
            Assert.True(terms.EndOf(position) is not ulong end || (end > time && terms.PositionAt(end) != position));
        }
    }

    [Fact]
    public void ScheduleOf_TermsOfAStranger_StaysWithin64Bits()
    {
        Terms terms = new()
        {
            Pool = Wei.Zero,
            SpecHash = Bytes32.Zero,
            ProgramRoot = Bytes32.Zero,
            Start = ulong.MaxValue - 5,
            CommitSeconds = uint.MaxValue,
            RevealSeconds = uint.MaxValue,
            ScoreSeconds = uint.MaxValue,
            ChallengeSeconds = uint.MaxValue,
            ClaimSeconds = uint.MaxValue,
            Rounds = ushort.MaxValue,
        };

        Assert.Equal(ulong.MaxValue, terms.ClaimDeadline());
        Assert.Equal(ulong.MaxValue, terms.ScheduleOf(65_534).End);
        Assert.Equal(new TaskPosition(0, Phase.Commit), terms.PositionAt(ulong.MaxValue));
    }
}
