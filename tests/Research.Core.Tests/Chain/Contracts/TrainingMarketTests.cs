using System.Numerics;
using Nethereum.Contracts;
using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Contracts;

/// <summary>
/// The binding against the compiled market on a real node, through whole lives of tasks. Account 0 sponsors.
/// </summary>
public sealed class TrainingMarketTests : IAsyncLifetime
{
    private static readonly Wei Pool = Wei.FromEther("10");
    private static readonly Wei Stake = Wei.FromEther("0.5");
    private static readonly Wei Bond = Wei.FromEther("0.2");

    private DevChain _chain = null!;
    private TrainingMarket _market = null!;

    private IReadOnlyList<PrivateKeyAccount> Accounts => _chain.Accounts;

    public async Task InitializeAsync()
    {
        if (ExternalTool.ReasonToSkip("node", "npm") is null)
        {
            NodeTools.EnsureInstalled();
            _chain = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });
            _market = await TrainingMarket.DeployAsync(_chain.Client, Accounts[0]);
        }
    }

    public async Task DisposeAsync()
    {
        if (_chain is not null)
        {
            await _chain.DisposeAsync();
        }
    }

    [RequiresFact("node", "npm")]
    public async Task Task_TwoScoredRounds_PaysEveryWeiOfThePool()
    {
        Publication published = await _market.PublishAsync(Offer(2));
        ulong id = published.TaskId;
        for (int round = 0; round < 2; round++)
        {
            (Bytes32 Update, Bytes32 Salt)[] secrets = await CommitAndRevealAsync(id, round, [1, 2, 3]);
            Round revealed = await _market.GetRoundAsync(id, round);
            Assert.Equal(3, revealed.Reveals);
            Assert.Equal(
                secrets.Aggregate(Bytes32.Zero, (beacon, secret) => TrainingMarket.NextBeacon(beacon, secret.Salt)),
                revealed.Beacon);

            Wei part = await _market.RoundPoolAsync(id, round);
            ClaimTree tree = new(
            [
                .. Enumerable.Range(0, 3)
                    .Select(i => new RewardClaim(i, Accounts[i + 1].Address, part / 6 * (i + 1))),
            ]);
            Schedule schedule = await _market.ScheduleOfAsync(id, round);
            await _chain.AdvanceToAsync(schedule.Score);
            await _market.As(Accounts[4]).PostScoreAsync(id, tree.Root, tree.Total, Hash(7), Hash(8), Bond);
            await _chain.AdvanceToAsync(schedule.End);
            await _market.As(Accounts[5]).FinaliseAsync(id, round);
            foreach (RewardClaim claim in tree.Claims)
            {
                await _market.As(Accounts[5]).ClaimAsync(id, round, claim, tree.ProofOf(claim));
                Assert.True(await _market.IsClaimedAsync(id, round, claim.Index));
            }

            Assert.Equal(Outcome.Scored, (await _market.GetRoundAsync(id, round)).Outcome);
            Assert.Equal(tree.Total, (await _market.GetRoundAsync(id, round)).Claimed);
        }

        await _chain.AdvanceToAsync(await _market.ClaimDeadlineAsync(id));
        await _market.RefundAsync(id);

        IReadOnlyList<Claimed> claims = await _market.Events.ClaimedAsync(id);
        Refunded refund = Assert.Single(await _market.Events.RefundedAsync(id));
        Assert.Equal(6, claims.Count);
        Assert.Equal(Pool, claims.Aggregate(refund.Amount, (sum, claim) => sum + claim.Amount));
        Assert.Equal(3, (await _market.Events.ClaimedAsync(id, 1)).Count);
        Assert.Equal(Bond * 2, await _market.CreditOfAsync(Accounts[4].Address));
        await _market.As(Accounts[4]).WithdrawAsync();
        Assert.Equal(Bond * 2, Assert.Single(await _market.Events.WithdrawnAsync(Accounts[4].Address)).Amount);
        await _market.As(Accounts[1]).WithdrawStakeAsync(id);
        Assert.Equal(Stake, Assert.Single(await _market.Events.StakeWithdrawnAsync(id)).Amount);
        Assert.Equal(new TaskPosition(2, Phase.Closed), await _market.PhaseOfAsync(id));
    }

    [RequiresFact("node", "npm")]
    public async Task Task_ChallengedScoreAndSilentParticipant_SplitsEquallyAndForfeits()
    {
        ulong id = (await _market.PublishAsync(Offer(1))).TaskId;
        await CommitAsync(id, 0, 4, Hash(1), Hash(2)); // Never revealed.
        await CommitAndRevealAsync(id, 0, [1, 2, 3]);
        Schedule schedule = await _market.ScheduleOfAsync(id, 0);
        await _chain.AdvanceToAsync(schedule.Score);
        await _market.As(Accounts[5]).PostScoreAsync(id, Hash(3), Pool, Hash(4), Hash(5), Bond);
        await _chain.AdvanceToAsync(schedule.Challenge);
        await _market.As(Accounts[6]).ChallengeAsync(id, Hash(6), Bond);
        await _chain.AdvanceToAsync(schedule.End);
        await _market.FinaliseAsync(id, 0);
        for (int i = 1; i <= 3; i++)
        {
            await _market.ClaimDefaultAsync(id, 0, Accounts[i].Address);
        }

        await _market.ForfeitStakeAsync(id, Accounts[4].Address);

        Assert.Equal(Outcome.DefaultSplit, Assert.Single(await _market.Events.FinalisedAsync(id)).Outcome);
        Assert.Equal(Hash(6), Assert.Single(await _market.Events.ChallengedAsync(id, 0)).Root);
        Assert.Equal(Hash(3), Assert.Single(await _market.Events.ScorePostedAsync(id, 0)).Root);
        IReadOnlyList<Claimed> claims = await _market.Events.ClaimedAsync(id, 0);
        Assert.Equal(Pool, claims.Aggregate(Wei.Zero, (sum, claim) => sum + claim.Amount));
        Assert.Equal(new Wei(1), claims[0].Amount - claims[2].Amount); // 10^19 mod 3 = 1: the first gets the odd wei.
        Assert.Equal(Stake, Assert.Single(await _market.Events.StakeForfeitedAsync(id)).Amount);
        Assert.Equal(Stake, await _market.CreditOfAsync(Accounts[0].Address));
        Assert.Equal(Wei.Zero, await _market.StakeOfAsync(id, Accounts[4].Address));
        Assert.Equal(Wei.Zero, (await _market.GetTaskAsync(id)).Terms.Pool - (await _market.GetTaskAsync(id)).Paid);
    }

    [RequiresFact("node", "npm")]
    public async Task Views_PublishedTask_GiveBackWhatWasPublished()
    {
        Terms terms = Offer(3);

        Publication published = await _market.PublishAsync(terms);
        MarketTask task = await _market.GetTaskAsync(published.TaskId);

        Block block = await _chain.Client.GetBlockAsync(published.Receipt.BlockNumber);
        Assert.Equal(terms with { Start = block.Timestamp }, task.Terms);
        Assert.Equal((Accounts[0].Address, false, Wei.Zero), (task.Sponsor, task.Refunded, task.Paid));
        Assert.Equal(published.TaskId, await _market.TaskCountAsync());
        TaskPublished found = Assert.Single(await _market.Events.TaskPublishedAsync());
        Assert.Equal(task.Terms, found.Terms);
        Assert.Equal(terms.SpecHash, found.SpecHash);
        Wei sum = Wei.Zero;
        for (int round = 0; round < 3; round++)
        {
            sum += await _market.RoundPoolAsync(published.TaskId, round);
        }

        Assert.Equal(Pool, sum);
        Assert.Equal(block.Timestamp, (await _market.ScheduleOfAsync(published.TaskId, 0)).Commit);
    }

    [RequiresFact("node", "npm")]
    public async Task Commitment_ComputedHere_IsTheOneTheContractComputes()
    {
        ulong id = (await _market.PublishAsync(Offer(1))).TaskId;
        Address participant = Accounts[1].Address;

        Bytes32 ours = await CommitAsync(id, 0, 1, Hash(1), Hash(2));
        byte[] theirs = await _chain.Client.CallAsync(new CallRequest
        {
            To = _market.Address,
            Data = new Research.Chain.Contracts.Generated.CommitmentHashFunction
            {
                TaskId = id,
                Round = 0,
                Participant = participant.ToString(),
                UpdateRoot = Hash(1).ToArray(),
                Salt = Hash(2).ToArray(),
            }.GetCallData(),
        });

        Assert.Equal(new Bytes32(theirs), ours);
        Assert.Equal(new OpenCommitment(0, ours), await _market.CommitmentOfAsync(id, participant));
        Assert.Equal(Stake, await _market.StakeOfAsync(id, participant));
        Assert.Equal(Wei.Zero, await _market.StakeDueAsync(id, participant));
        Assert.Equal(Stake, await _market.StakeDueAsync(id, Accounts[2].Address));
        Assert.Null(await _market.RevealIndexOfAsync(id, 0, participant));
        Assert.Equal(ours, Assert.Single(await _market.Events.CommittedAsync(id, 0)).Commitment);
    }

    [RequiresFact("node", "npm")]
    public async Task RevealAsync_AnotherRootThanCommittedTo_RevertsWithBothCommitments()
    {
        ulong id = (await _market.PublishAsync(Offer(1))).TaskId;
        Bytes32 committed = await CommitAsync(id, 0, 1, Hash(1), Hash(2));
        TrainingMarket own = _market.As(Accounts[1]);
        await _chain.AdvanceToAsync((await _market.ScheduleOfAsync(id, 0)).Reveal);

        // The hash of a file can be any; the root cannot, and the one does not stand in for the other.
        foreach ((Bytes32 root, Bytes32 file) in (IReadOnlyList<(Bytes32, Bytes32)>)[(Hash(3), Hash(1)), (Hash(3), Hash(3))])
        {
            RevertException refused = await Assert.ThrowsAsync<RevertException>(
                () => own.RevealAsync(id, root, file, Hash(2)));
            Bytes32 opened = await own.CommitmentHashAsync(id, 0, Accounts[1].Address, root, Hash(2));
            Assert.Equal("WrongReveal", refused.ErrorName);
            Assert.Equal(
                [committed, opened],
                refused.Error!.Arguments.Select(argument => argument.Value).Cast<Bytes32>());
        }

        await own.RevealAsync(id, Hash(1), Hash(3), Hash(2));
        Revealed revealed = Assert.Single(await _market.Events.RevealedAsync(id, 0));
        Assert.Equal((Hash(1), Hash(3)), (revealed.UpdateRoot, revealed.UpdateHash));
    }

    [RequiresFact("node", "npm")]
    public async Task StakeDueAsync_UnrevealedCommitmentOfAnEarlierRound_IsDueAgain()
    {
        ulong id = (await _market.PublishAsync(Offer(2))).TaskId;
        await CommitAsync(id, 0, 1, Hash(1), Hash(2));

        await _chain.AdvanceToAsync((await _market.ScheduleOfAsync(id, 1)).Commit);

        Assert.Equal(Stake, await _market.StakeDueAsync(id, Accounts[1].Address));
        await CommitAsync(id, 1, 1, Hash(3), Hash(4));
        Assert.Equal(Stake, await _market.StakeOfAsync(id, Accounts[1].Address));
        Assert.Equal(Stake, await _market.CreditOfAsync(Accounts[0].Address));
    }

    [RequiresFact("node", "npm")]
    public async Task Reverts_OfTheMarket_CarryNameAndArguments()
    {
        ulong id = (await _market.PublishAsync(Offer(1))).TaskId;

        RevertException phase = await Assert.ThrowsAsync<RevertException>(
            () => _market.RevealAsync(id, Hash(1), Hash(2), Hash(3)));
        RevertException programs = await Assert.ThrowsAsync<RevertException>(
            () => _market.PublishAsync(Offer(1) with { ProgramRoot = Bytes32.Zero }));
        RevertException unknown = await Assert.ThrowsAsync<RevertException>(() => _market.GetTaskAsync(99));
        RevertException value = await Assert.ThrowsAsync<RevertException>(
            () => _market.CommitAsync(id, Hash(1), Wei.FromEther("1")));

        Assert.Equal("WrongPhase", phase.ErrorName);
        Assert.Equal(
            [new BigInteger((int)Phase.Reveal), new BigInteger((int)Phase.Commit)],
            phase.Error!.Arguments.Select(a => a.Value));
        Assert.Equal("ZeroProgramRoot", programs.ErrorName);
        Assert.Equal("Reverted: UnknownTask(taskId: 99)", unknown.Message);
        Assert.Equal(
            $"Reverted: WrongValue(expected: {Stake.Amount}, actual: {Wei.FromEther("1").Amount})", value.Message);
    }

    [RequiresFact("node", "npm")]
    public async Task Binding_WrongAddressOrNoAccount_Throws()
    {
        TrainingMarket nowhere = new(_chain.Client, Accounts[9].Address, Accounts[0]);
        TrainingMarket reader = new(_chain.Client, _market.Address);

        await Assert.ThrowsAsync<NoCodeException>(() => nowhere.TaskCountAsync());
        await Assert.ThrowsAsync<NoCodeException>(() => nowhere.PublishAsync(Offer(1)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.PublishAsync(Offer(1)));
        Assert.Equal(0UL, await reader.TaskCountAsync());
    }

    private static Terms Offer(ushort rounds) => new()
    {
        Pool = Pool,
        Stake = Stake,
        Bond = Bond,
        SpecHash = Hash(42),
        ProgramRoot = Hash(43),
        CommitSeconds = 1000,
        RevealSeconds = 1000,
        ScoreSeconds = 1000,
        ChallengeSeconds = 1000,
        ClaimSeconds = 5000,
        Rounds = rounds,
    };

    private static Bytes32 Hash(byte seed) => Keccak256.Hash([seed]);

    private static Bytes32 FileOf(Bytes32 root) => Keccak256.Hash(root.ToArray());

    private async Task<Bytes32> CommitAsync(ulong id, int round, int account, Bytes32 root, Bytes32 salt)
    {
        TrainingMarket own = _market.As(Accounts[account]);
        Bytes32 commitment = await own.CommitmentHashAsync(id, round, Accounts[account].Address, root, salt);
        await own.CommitAsync(id, commitment, await own.StakeDueAsync(id, Accounts[account].Address));
        return commitment;
    }

    private async Task<(Bytes32 Update, Bytes32 Salt)[]> CommitAndRevealAsync(ulong id, int round, int[] accounts)
    {
        (Bytes32 Update, Bytes32 Salt)[] secrets =
            [.. accounts.Select(account => (Hash((byte)account), Bytes32.Random()))];
        for (int i = 0; i < accounts.Length; i++)
        {
            await CommitAsync(id, round, accounts[i], secrets[i].Update, secrets[i].Salt);
        }

        await _chain.AdvanceToAsync((await _market.ScheduleOfAsync(id, round)).Reveal);
        for (int i = 0; i < accounts.Length; i++)
        {
            await _market.As(Accounts[accounts[i]]).RevealAsync(
                id, secrets[i].Update, FileOf(secrets[i].Update), secrets[i].Salt);
            Assert.Equal(i, await _market.RevealIndexOfAsync(id, round, Accounts[accounts[i]].Address));
        }

        Assert.Equal(
            secrets.Select((secret, i) => (i, secret.Update, FileOf(secret.Update), secret.Salt)),
            (await _market.Events.RevealedAsync(id, round))
                .Select(revealed => (revealed.Index, revealed.UpdateRoot, revealed.UpdateHash, revealed.Salt)));
        return secrets;
    }
}
