using Research.Chain;
using Research.Chain.Contracts;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Contracts;

/// <summary>Our clock against the contract's, on both sides of every boundary.</summary>
public sealed class TaskClockTests(DevChainFixture fixture) : IClassFixture<DevChainFixture>
{
    private DevChain Chain => fixture.Chain;

    [RequiresFact("node", "npm")]
    public async Task PositionAt_UpdatesOnDemand_IsTheContractsAtEveryBoundary()
    {
        Phase[] phases = await CompareAsync(RoundTrees.Offer(2, Delivery.Demand) with { AnswerSeconds = 105 });

        Assert.Equal(Enum.GetValues<Phase>(), phases);
    }

    [RequiresFact("node", "npm")]
    public async Task PositionAt_UpdatesInReveals_IsTheContractsAndSkipsTheAnswers()
    {
        Phase[] phases = await CompareAsync(RoundTrees.Offer(2, Delivery.Calldata));

        Assert.Equal(Enum.GetValues<Phase>().Except([Phase.Answer]), phases);
    }

    [Fact]
    public void EndOf_EveryPosition_IsWhereTheNextBegins()
    {
        Terms terms = RoundTrees.Offer(1, Delivery.Demand) with { Start = 10_000 };

        Assert.Equal(
            [10_000UL, 11_000UL, 12_000UL, 13_000UL, 14_000UL, 15_000UL, 16_000UL],
            Enum.GetValues<Phase>()
                .Except([Phase.Closed])
                .Select(phase => terms.EndOf(new TaskPosition(0, phase))!.Value));
        Assert.Null(terms.EndOf(new TaskPosition(1, Phase.Closed)));
        Assert.Equal(12_000UL, (terms with { AnswerSeconds = 0 }).EndOf(new TaskPosition(0, Phase.Reveal)));
        Assert.Equal(13_000UL, (terms with { AnswerSeconds = 0 }).EndOf(new TaskPosition(0, Phase.Open)));
    }

    [Fact]
    public void ScheduleOf_TermsOfAStranger_StaysWithin64Bits()
    {
        Terms terms = RoundTrees.Offer(1, Delivery.Demand) with
        {
            Start = ulong.MaxValue - 5,
            CommitSeconds = uint.MaxValue,
            RevealSeconds = uint.MaxValue,
            AnswerSeconds = uint.MaxValue,
            OpenSeconds = uint.MaxValue,
            ScoreSeconds = uint.MaxValue,
            RefuteSeconds = uint.MaxValue,
            Rounds = ushort.MaxValue,
        };

        Assert.Equal(ulong.MaxValue, terms.ScheduleOf(65_534).End);
        Assert.Equal(ulong.MaxValue, terms.EndOf(new TaskPosition(0, Phase.Commit)));
        Assert.Equal(new TaskPosition(0, Phase.Commit), terms.PositionAt(ulong.MaxValue));
    }

    private async Task<Phase[]> CompareAsync(Terms offer)
    {
        TrainingMarket market = await TrainingMarket.DeployAsync(Chain.Client, Chain.Accounts[0]);
        Terms terms = offer with
        {
            Start = (await Chain.Client.GetBlockAsync()).Timestamp + 1000,
            CommitSeconds = 101,
            RevealSeconds = 103,
            OpenSeconds = 107,
            ScoreSeconds = 109,
            RefuteSeconds = 113,
        };
        ulong id = (await market.PublishAsync(terms)).TaskId;
        Schedule[] schedules = [await market.ScheduleOfAsync(id, 0), await market.ScheduleOfAsync(id, 1)];
        Assert.Equal(schedules, (Schedule[])[terms.ScheduleOf(0), terms.ScheduleOf(1)]);

        IEnumerable<ulong> boundaries = schedules.SelectMany(schedule => (ulong[])
        [
            schedule.Commit, schedule.Reveal, schedule.Answer, schedule.Demanded, schedule.Open, schedule.Score,
            schedule.Post, schedule.Refute, schedule.End,
        ]);
        List<Phase> seen = [];
        foreach (ulong time in boundaries.SelectMany(boundary => (ulong[])[boundary - 1, boundary]).Distinct().Order())
        {
            await Chain.AdvanceToAsync(time);
            TaskPosition position = terms.PositionAt(time);
            Assert.Equal(await market.PhaseOfAsync(id), position);
            Assert.True(terms.EndOf(position) is not ulong end
                || (end > time && terms.PositionAt(end) != position && terms.PositionAt(end - 1) == position));
            seen.Add(position.Phase);
        }

        return [.. seen.Distinct().Order()];
    }
}
