using System.Numerics;
using Nethereum.Contracts;
using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;
using Research.Tests.Tools;
using Generated = Research.Chain.Contracts.Generated;

namespace Research.Tests.Chain.Contracts;

/// <summary>
/// The binding against the compiled market on a real node, through whole lives of tasks. Account 0 sponsors.
/// </summary>
public sealed class TrainingMarketTests(DevChainFixture fixture) : IClassFixture<DevChainFixture>, IAsyncLifetime
{
    private const int Silent = 4;
    private const int Demander = 5;

    private static readonly Bytes32 Program = RoundTrees.Hash(101);
    private static readonly Bytes32 Records = RoundTrees.Hash(102);
    private static readonly Bytes32 Salt = RoundTrees.Hash(103);
    private static readonly Bytes32 File = RoundTrees.Hash(104);
    private static readonly int[] Auditors = [6, 7];

    private TrainingMarket _market = null!;

    private DevChain Chain => fixture.Chain;

    private IReadOnlyList<PrivateKeyAccount> Accounts => Chain.Accounts;

    public async Task InitializeAsync()
    {
        if (Chain is not null)
        {
            _market = await TrainingMarket.DeployAsync(Chain.Client, Accounts[0]);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [RequiresFact("node", "npm")]
    public async Task Task_UpdatesOnDemand_PlaysAScoredAndAnEmptyRound()
    {
        byte[] keys = RoundTrees.Bytes(1, 130 * 32);
        byte[] rounds =
            [.. RoundTrees.RoundLeaf(Program, Records, keys), .. RoundTrees.RoundLeaf(File, Records, keys)];
        AllowList list = new([.. Enumerable.Range(1, Silent).Select(AddressOf)]);
        Terms terms = RoundTrees.Offer(2, Delivery.Demand) with
        {
            Target = 1000,
            ProgramRoot = RoundTrees.Root(rounds),
            AllowRoot = list.Root,
            UpdateBytes = RoundTrees.ChunkBytes + 400,
            Keys = 130,
        };
        ulong id = (await _market.PublishAsync(terms)).TaskId;
        Schedule schedule = await _market.ScheduleOfAsync(id, 0);
        byte[][] updates = [.. Enumerable.Range(1, 4).Select(seed => RoundTrees.Bytes(seed, (int)terms.UpdateBytes))];
        Bytes32[] roots = [.. updates.Select(update => RoundTrees.Root(update))];

        for (int account = 1; account <= Silent; account++)
        {
            await CommitAsync(id, 0, account, roots[account - 1], list.ProofOf(AddressOf(account)));
        }

        RevertException stranger = await Assert.ThrowsAsync<RevertException>(
            () => CommitAsync(id, 0, Demander, roots[0], list.ProofOf(AddressOf(1))));
        Assert.Equal($"Reverted: NotAllowed(account: {AddressOf(Demander)})", stranger.Message);
        IReadOnlyList<Committed> committed = await _market.Events.CommittedAsync(id, 0);
        Assert.Equal(Enumerable.Range(1, Silent).Select(AddressOf), committed.Select(one => one.Participant));

        // Reveal: everybody but the fourth.
        await Chain.AdvanceToAsync(schedule.Reveal);
        Bytes24 roster = Bytes24.Zero;
        for (int index = 0; index < 3; index++)
        {
            Position before = await _market.PositionOfAsync(id, AddressOf(index + 1));
            Assert.Equal(
                new Position(committed[index].Commitment, committed[index].Log.BlockNumber, 0, Standing.Committed),
                before);
            await As(index + 1).RevealAsync(id, roots[index], RoundTrees.Hash((byte)index), Salt);
            Assert.Equal(
                before with { Word = WordOf(roots[index], index), Standing = Standing.Revealed },
                await _market.PositionOfAsync(id, AddressOf(index + 1)));
            roster = TrainingMarket.NextRoster(roster, index, AddressOf(index + 1), roots[index], before.Committed);
        }

        Assert.Equal(
            Enumerable.Range(0, 3).Select(i => (id, 0, AddressOf(i + 1), i, roots[i], RoundTrees.Hash((byte)i))),
            (await _market.Events.RevealedAsync(id)).Select(
                one => (one.TaskId, one.Round, one.Participant, one.Index, one.UpdateRoot, one.UpdateHash)));
        Round revealed = await _market.GetRoundAsync(id, 0);
        Assert.Equal(
            (roster, 3, 0, Outcome.None), (revealed.Roster, revealed.Reveals, revealed.Claims, revealed.Outcome));

        // Answer: the first shows both pieces, one by a stranger's hand; the second stays silent.
        await Chain.AdvanceToAsync(schedule.Answer);
        Wei fee = await _market.DemandFeeAsync() * 2;
        UpdatePiece[] pieces = [Piece(0, 0), Piece(0, 1), Piece(1, 1)];
        foreach (UpdatePiece piece in pieces)
        {
            await As(Demander).DemandAsync(id, piece, fee);
        }

        Assert.Equal(new Demands(3, 3), await _market.DemandsOfAsync(id, 0, AddressOf(1)));
        Assert.True(await _market.IsOutAsync(id, 0, 0));
        Wei held = await Chain.Client.GetBalanceAsync(AddressOf(1));
        Wei gas = Wei.Zero;
        foreach ((int chunk, int account) in ((int, int)[])[(1, 9), (0, 1)])
        {
            (byte[] data, Bytes32[] siblings) = RoundTrees.Piece(updates[0], chunk);
            Assert.Equal((chunk == 0 ? RoundTrees.ChunkBytes : 400, 1), (data.Length, siblings.Length));
            TransactionReceipt receipt = await As(account).AnswerAsync(id, pieces[chunk], data, siblings);
            gas += account == 1 ? receipt.Fee : Wei.Zero;
        }

        Assert.Equal(new Demands(3, 0), await _market.DemandsOfAsync(id, 0, AddressOf(1)));
        Assert.Equal(new Demands(2, 2), await _market.DemandsOfAsync(id, 0, AddressOf(2)));
        Assert.False(await _market.IsOutAsync(id, 0, 0));
        Assert.Equal(held + (fee * 2) - gas, await Chain.Client.GetBalanceAsync(AddressOf(1))); // Whoever shows them.
        Assert.Equal(
            pieces.Select(piece => (id, 0, piece.Participant, piece.Chunk, AddressOf(Demander), fee)),
            (await _market.Events.DemandedAsync(id, 0)).Select(
                one => (one.TaskId, one.Round, one.Participant, one.Chunk, one.Demander, one.Fee)));
        IReadOnlyList<UpdateShown> shown = await _market.Events.UpdateShownAsync(id, 0);
        Assert.Equal([(id, 0, AddressOf(1), 1), (id, 0, AddressOf(1), 0)], shown.Select(
            one => (one.TaskId, one.Round, one.Participant, one.Chunk)));
        Assert.Equal(updates[0], shown.Reverse().SelectMany(one => one.Data.ToArray()));

        // Open: what was not revealed or not shown burns; the fee goes back.
        await Chain.AdvanceToAsync(schedule.Open);
        Address refunded = Fresh(2);
        await As(Demander).ReclaimFeeAsync(id, 0, AddressOf(2), 1, refunded);
        Assert.Equal(fee, await Chain.Client.GetBalanceAsync(refunded));
        FeeReturned returned = Assert.Single(await _market.Events.FeeReturnedAsync(id, 0));
        Assert.Equal(new FeeReturned(id, 0, AddressOf(2), 1, fee, returned.Log), returned);
        Assert.True(await _market.IsOutAsync(id, 0, 1));
        foreach (int account in (int[])[Silent, 2])
        {
            await _market.ForfeitStakeAsync(id, AddressOf(account));
            StakeBurned burned = (await _market.Events.StakeBurnedAsync(id))[^1];
            Assert.Equal(new StakeBurned(id, 0, AddressOf(account), terms.Stake, burned.Log), burned);
        }

        await OpenKeysAsync(id, rounds, 0, keys);

        // Score: two claim the same.
        Reward[] rewards = [new(0, AddressOf(1), 300), new(1, AddressOf(2), 0), new(2, AddressOf(3), 200)];
        byte[] results = RoundTrees.ResultLeaves(rewards);
        ClaimResult result = new(RoundTrees.Hash(7), RoundTrees.Root(results), RoundTrees.Hash(8), 500, 9);
        await ClaimAsync(id, 0, result, Auditors);
        await Chain.AdvanceToAsync(schedule.End);
        await As(9).FinaliseAsync(id, 0, AddressOf(Auditors[0]), result);
        RoundFinalised final = Assert.Single(await _market.Events.RoundFinalisedAsync(id));
        Wei half = terms.Pool / 2;
        Assert.Equal(
            new RoundFinalised(
                id, 0, Outcome.Scored, AddressOf(Auditors[0]), half, half / 2, Wei.Zero, final.Log),
            final);
        Round scored = await _market.GetRoundAsync(id, 0);
        Assert.Equal(
            new Round(
                roster, result.ResultsRoot, result.ModelRoot, half, half / 2, 3, 2, 0, 2, true, Outcome.Scored, false, 1000, 4, scored.FinalisedAt),
            scored);
        Assert.InRange(scored.FinalisedAt, schedule.End, schedule.End + 60);

        // Payments: one by a stranger, and one to where the participant says.
        Address purse = Fresh(3);
        Assert.False(await _market.IsPaidAsync(id, 0, 0));
        await As(1).ClaimRewardAsync(id, 0, rewards[0], RoundTrees.Siblings(results, 0), purse);
        await As(9).ClaimRewardAsync(id, 0, rewards[2], RoundTrees.Siblings(results, 2), AddressOf(3));
        Assert.True(await _market.IsPaidAsync(id, 0, 0));
        Assert.Equal(Wei.FromEther("1.5"), await Chain.Client.GetBalanceAsync(purse));
        Assert.Equal(
            [
                (id, 0, AddressOf(1), 0, purse, Wei.FromEther("1.5")),
                (id, 0, AddressOf(3), 2, AddressOf(3), Wei.FromEther("1")),
            ],
            (await _market.Events.RewardPaidAsync(id, 0)).Select(
                one => (one.TaskId, one.Round, one.Participant, one.Index, one.Recipient, one.Amount)));
        foreach (int auditor in Auditors)
        {
            await As(auditor).ClaimBondAsync(id, 0, AddressOf(auditor), AddressOf(Auditors[0]), purse);
        }

        Wei bond = terms.Bond + (terms.AuditFee / 3);
        Assert.Equal(
            Auditors.Select(auditor => (id, 0, AddressOf(auditor), purse, bond)),
            (await _market.Events.BondPaidAsync(id, 0)).Select(
                one => (one.TaskId, one.Round, one.Claimant, one.Recipient, one.Amount)));
        Assert.Equal(
            ClaimState.Paid, (await _market.ClaimOfAsync(id, 0, AddressOf(Auditors[1]))).State);
        foreach (int account in (int[])[1, 3])
        {
            await As(account).WithdrawStakeAsync(id, purse);
        }

        Assert.Equal(
            [(id, AddressOf(1), purse, terms.Stake), (id, AddressOf(3), purse, terms.Stake)],
            (await _market.Events.StakePaidAsync(id)).Select(
                one => (one.TaskId, one.Participant, one.Recipient, one.Amount)));
        Assert.Equal(new Position(Bytes24.Zero, 0, 0, Standing.None), await _market.PositionOfAsync(id, AddressOf(1)));
        Assert.Equal(
            Wei.FromEther("1.5") + (bond * 2) + (terms.Stake * 2), await Chain.Client.GetBalanceAsync(purse));

        // The second round is empty: its own part and fee go back, and what the first did not earn is burned.
        MarketTask task = await _market.GetTaskAsync(id);
        Assert.Equal((1, half / 2), (task.Finalised, task.Carried));
        await Chain.AdvanceToAsync((await _market.ScheduleOfAsync(id, 1)).End);
        await _market.FinaliseAsync(id, 1, Address.Zero, ClaimResult.None);
        Address sponsor = Fresh(4);
        await _market.RefundAsync(id, 1, sponsor);
        final = Assert.Single(await _market.Events.RoundFinalisedAsync(id, 1));
        Assert.Equal(
            new RoundFinalised(id, 1, Outcome.Empty, Address.Zero, half, Wei.Zero, half / 2, final.Log), final);
        Refunded refund = Assert.Single(await _market.Events.RefundedAsync(id));
        Assert.Equal(new Refunded(id, 1, sponsor, half, terms.AuditFee, refund.Log), refund);
        Assert.Equal(half + terms.AuditFee, await Chain.Client.GetBalanceAsync(sponsor));
        Assert.Equal(new TaskPosition(2, Phase.Closed), await _market.PhaseOfAsync(id));
        task = await _market.GetTaskAsync(id);
        Assert.Equal((2, Wei.Zero), (task.Finalised, task.Carried));

        // What is left is burned: two stakes, a third of an audit fee, and what nobody earned.
        Assert.Equal(
            (terms.Stake * 2) + (terms.AuditFee / 3) + (half / 2), await Chain.Client.GetBalanceAsync(_market.Address));

        UpdatePiece Piece(int index, int chunk) => new(AddressOf(index + 1), index, roots[index], chunk);
    }

    [RequiresFact("node", "npm")]
    public async Task Task_UpdatesInReveals_EndsWithTheRoundThatReachesTheTarget()
    {
        byte[] keys = RoundTrees.Bytes(2, 10 * 32);
        byte[] rounds = [.. Enumerable.Range(0, 3).SelectMany(_ => RoundTrees.RoundLeaf(Program, Records, keys))];
        Terms terms = RoundTrees.Offer(3, Delivery.Calldata) with
        {
            ProgramRoot = RoundTrees.Root(rounds),
            Keys = 10,
            TargetRight = 5,
        };
        ulong id = (await _market.PublishAsync(terms)).TaskId;
        Schedule schedule = await _market.ScheduleOfAsync(id, 0);
        byte[][] updates = [RoundTrees.Bytes(3, 400), RoundTrees.Bytes(4, 400)];
        for (int i = 0; i < 2; i++)
        {
            await CommitAsync(id, 0, i + 1, RoundTrees.Root(updates[i]));
        }

        await Chain.AdvanceToAsync(schedule.Reveal);
        for (int i = 0; i < 2; i++)
        {
            await As(i + 1).RevealWholeAsync(id, updates[i], Salt);
        }

        IReadOnlyList<Revealed> revealed = await _market.Events.RevealedAsync(id, 0);
        Assert.Equal(
            updates.Select((update, i) => (i, RoundTrees.Root(update), Bytes32.Zero)),
            revealed.Select(one => (one.Index, one.UpdateRoot, one.UpdateHash)));
        IReadOnlyList<UpdateShown> shown = await _market.Events.UpdateShownAsync(id);
        Assert.Equal(
            [(AddressOf(1), 0, Hex.Encode(updates[0])), (AddressOf(2), 0, Hex.Encode(updates[1]))],
            shown.Select(one => (one.Participant, one.Chunk, Hex.Encode(one.Data.Span))));

        await Chain.AdvanceToAsync(schedule.Open);
        Assert.Equal(schedule.Answer, schedule.Open);
        await OpenKeysAsync(id, rounds, 0, keys);
        Reward[] rewards = [new(0, AddressOf(1), 1), new(1, AddressOf(2), 3)];
        byte[] results = RoundTrees.ResultLeaves(rewards);
        ClaimResult result = new(RoundTrees.Hash(7), RoundTrees.Root(results), RoundTrees.Hash(8), 4, 5);
        await ClaimAsync(id, 0, result, [Auditors[0]]);
        await Chain.AdvanceToAsync(schedule.End);
        await _market.FinaliseAsync(id, 0, AddressOf(Auditors[0]), result);
        for (int i = 0; i < 2; i++)
        {
            await _market.ClaimRewardAsync(
                id, 0, rewards[i], RoundTrees.Siblings(results, i), rewards[i].Participant);
        }

        Assert.Equal(
            [terms.Pool / 4, terms.Pool / 4 * 3],
            (await _market.Events.RewardPaidAsync(id)).Select(paid => paid.Amount));
        MarketTask task = await _market.GetTaskAsync(id);
        Assert.Equal((1, 1, Wei.Zero), (task.Terms.Rounds, task.Finalised, task.Carried));
        Assert.Equal(new TaskPosition(1, Phase.Closed), await _market.PhaseOfAsync(id));
        Assert.Equal(new TaskPosition(1, Phase.Closed), task.Terms.PositionAt(await _market.NextTimestampAsync()));
    }

    [RequiresFact("node", "npm")]
    public async Task Task_KeysNotOpened_BurnsTheRound()
    {
        Terms terms = RoundTrees.Offer(1, Delivery.Demand);
        ulong id = (await _market.PublishAsync(terms)).TaskId;
        Schedule schedule = await _market.ScheduleOfAsync(id, 0);
        await CommitAsync(id, 0, 1, RoundTrees.Hash(1));
        await Chain.AdvanceToAsync(schedule.Reveal);
        await As(1).RevealAsync(id, RoundTrees.Hash(1), Bytes32.Zero, Salt);
        await Chain.AdvanceToAsync(schedule.Score);

        RevertException keys = await Assert.ThrowsAsync<RevertException>(
            () => As(6).SealClaimAsync(id, Bytes24.Of(RoundTrees.Hash(1)), terms.Bond));
        await Chain.AdvanceToAsync(schedule.End);
        await _market.FinaliseAsync(id, 0, Address.Zero, ClaimResult.None);

        Assert.Equal("Reverted: WrongKeys(expected: 1, actual: 0)", keys.Message);
        RoundFinalised final = Assert.Single(await _market.Events.RoundFinalisedAsync(id));
        Assert.Equal(
            new RoundFinalised(
                id, 0, Outcome.Unopened, Address.Zero, terms.Pool, Wei.Zero, terms.Pool, final.Log),
            final);
    }

    [RequiresFact("node", "npm")]
    public async Task Views_PublishedTask_GiveBackWhatWasPublished()
    {
        Terms terms = RoundTrees.Offer(3, Delivery.Demand) with
        {
            AllowRoot = RoundTrees.Hash(1),
            Target = 12,
            Keys = 68,
            TargetRight = 34,
        };

        Publication published = await _market.PublishAsync(terms);
        MarketTask task = await _market.GetTaskAsync(published.TaskId);

        Block block = await Chain.Client.GetBlockAsync(published.Receipt.BlockNumber);
        Assert.Equal(
            new MarketTask(terms with { Start = block.Timestamp }, Accounts[0].Address, 0, Wei.Zero), task);
        Assert.Equal(published.TaskId, await _market.TaskCountAsync());
        Assert.Equal(terms.Pool + terms.AuditFees, await Chain.Client.GetBalanceAsync(_market.Address));
        TaskPublished found = Assert.Single(await _market.Events.TaskPublishedAsync());
        Assert.Equal(new TaskPublished(published.TaskId, Accounts[0].Address, terms.SpecHash, found.Log), found);
        Assert.Equal(block.Timestamp, (await _market.ScheduleOfAsync(published.TaskId, 0)).Commit);
        Assert.Equal(new TaskPosition(0, Phase.Commit), await _market.PhaseOfAsync(published.TaskId));
        Assert.Equal(
            new Round(
                Bytes24.Zero, Bytes32.Zero, Bytes32.Zero, Wei.Zero, Wei.Zero, 0, 0, 0, 0, false, Outcome.None, false, 0, 0, 0),
            await _market.GetRoundAsync(published.TaskId, 2));
        Assert.Equal(
            new MarketClaim(Bytes24.Zero, 0, ClaimState.None),
            await _market.ClaimOfAsync(published.TaskId, 0, AddressOf(1)));
        Assert.Equal(default, await _market.DemandsOfAsync(published.TaskId, 0, AddressOf(1)));
    }

    [RequiresFact("node", "npm")]
    public async Task Hashes_ComputedHere_AreTheOnesTheContractComputes()
    {
        ClaimResult result = new(
            RoundTrees.Hash(1), RoundTrees.Hash(2), RoundTrees.Hash(3), ulong.MaxValue, ulong.MaxValue - 1);
        foreach ((ulong id, int round, int account) in ((ulong, int, int)[])
            [(1, 0, 1), (ulong.MaxValue, int.MaxValue, 2)])
        {
            byte[] commitment = await CallAsync(new Generated.CommitmentHashFunction
            {
                TaskId = id,
                Round = round,
                Participant = AddressOf(account).ToString(),
                UpdateRoot = RoundTrees.Hash(1).ToArray(),
                Salt = RoundTrees.Hash(2).ToArray(),
            });
            byte[] seal = await CallAsync(new Generated.SealHashFunction
            {
                TaskId = id,
                Round = round,
                Claimant = AddressOf(account).ToString(),
                Result = result.ToMessage(),
                Salt = RoundTrees.Hash(4).ToArray(),
            });

            Assert.Equal(
                Bytes24.Of(new Bytes32(commitment)),
                await _market.CommitmentHashAsync(
                    id, round, AddressOf(account), RoundTrees.Hash(1), RoundTrees.Hash(2)));
            Assert.Equal(
                Bytes24.Of(new Bytes32(seal)),
                await _market.SealHashAsync(id, round, AddressOf(account), result, RoundTrees.Hash(4)));
        }
    }

    [RequiresFact("node", "npm")]
    public async Task DemandFeeAsync_OfTheBlock_IsTheLeastThatTheContractTakes()
    {
        ulong id = (await _market.PublishAsync(RoundTrees.Offer(1, Delivery.Demand))).TaskId;
        Schedule schedule = await _market.ScheduleOfAsync(id, 0);
        await CommitAsync(id, 0, 1, RoundTrees.Hash(1));
        await Chain.AdvanceToAsync(schedule.Reveal);
        await As(1).RevealAsync(id, RoundTrees.Hash(1), Bytes32.Zero, Salt);
        await Chain.AdvanceToAsync(schedule.Answer);
        UpdatePiece piece = new(AddressOf(1), 0, RoundTrees.Hash(1), 0);

        Wei fee = await _market.DemandFeeAsync();
        byte[] view = await CallAsync(new Generated.DemandFeeFunction());
        RevertException refused = await Assert.ThrowsAsync<RevertException>(
            () => As(2).DemandAsync(id, piece, Wei.Zero));
        await As(2).DemandAsync(id, piece, fee * 9 / 8); // A block moves it by an eighth at most.

        Assert.NotEqual(Wei.Zero, fee);
        Assert.Equal(fee.Amount, new BigInteger(view, isUnsigned: true, isBigEndian: true));
        Assert.Equal("WrongValue", refused.ErrorName);
        RevertException again = await Assert.ThrowsAsync<RevertException>(() => As(2).DemandAsync(id, piece, fee * 2));
        Assert.Equal("Reverted: WrongChunk(chunk: 0, chunks: 1)", again.Message);
    }

    [RequiresFact("node", "npm")]
    public async Task StakeDueAsync_EveryStanding_IsWhatTheContractTakes()
    {
        Terms terms = RoundTrees.Offer(3, Delivery.Demand);
        ulong id = (await _market.PublishAsync(terms)).TaskId;
        Schedule schedule = await _market.ScheduleOfAsync(id, 0);
        Assert.Equal(terms.Stake, await _market.StakeDueAsync(id, AddressOf(1)));
        for (int account = 1; account <= 3; account++)
        {
            await CommitAsync(id, 0, account, RoundTrees.Hash(1));
            Assert.Equal(terms.Stake, await _market.StakeDueAsync(id, AddressOf(account)));
        }

        await Chain.AdvanceToAsync(schedule.Reveal);
        for (int account = 1; account <= 2; account++)
        {
            await As(account).RevealAsync(id, RoundTrees.Hash(1), Bytes32.Zero, Salt);
            Assert.Equal(Wei.Zero, await _market.StakeDueAsync(id, AddressOf(account)));
        }

        await Chain.AdvanceToAsync(schedule.Answer);
        await As(4).DemandAsync(
            id, new UpdatePiece(AddressOf(2), 1, RoundTrees.Hash(1), 0), await _market.DemandFeeAsync() * 2);

        // Revealed, shown too little, not revealed: the first alone has its stake still.
        await Chain.AdvanceToAsync(schedule.End);
        Wei[] due = [.. await Task.WhenAll(Enumerable.Range(1, 3).Select(
            account => _market.StakeDueAsync(id, AddressOf(account))))];
        Assert.Equal([Wei.Zero, terms.Stake, terms.Stake], due);
        for (int account = 1; account <= 3; account++)
        {
            await CommitAsync(id, 1, account, RoundTrees.Hash(2));
        }

        Assert.Equal(
            [(0, AddressOf(2)), (0, AddressOf(3))],
            (await _market.Events.StakeBurnedAsync(id)).Select(burned => (burned.Round, burned.Participant)));
    }

    [RequiresFact("node", "npm")]
    public async Task RevealAsync_AnotherRootThanCommittedTo_RevertsWithBothCommitments()
    {
        ulong id = (await _market.PublishAsync(RoundTrees.Offer(1, Delivery.Demand))).TaskId;
        Bytes24 committed = await CommitAsync(id, 0, 1, RoundTrees.Hash(1));
        await Chain.AdvanceToAsync((await _market.ScheduleOfAsync(id, 0)).Reveal);

        RevertException refused = await Assert.ThrowsAsync<RevertException>(
            () => As(1).RevealAsync(id, RoundTrees.Hash(3), RoundTrees.Hash(1), Salt));
        RevertException whole = await Assert.ThrowsAsync<RevertException>(
            () => As(1).RevealWholeAsync(id, new byte[400], Salt));

        Bytes24 opened = await _market.CommitmentHashAsync(id, 0, AddressOf(1), RoundTrees.Hash(3), Salt);
        Assert.Equal($"Reverted: WrongReveal(expected: {committed}, actual: {opened})", refused.Message);
        Assert.Equal("WrongDelivery", whole.ErrorName);
    }

    [RequiresFact("node", "npm")]
    public async Task Reverts_OfTheMarket_CarryNameAndArguments()
    {
        Terms terms = RoundTrees.Offer(1, Delivery.Demand);
        ulong id = (await _market.PublishAsync(terms)).TaskId;
        Schedule schedule = await _market.ScheduleOfAsync(id, 0);

        RevertException phase = await RevertOfAsync(
            _market.RevealAsync(id, RoundTrees.Hash(1), RoundTrees.Hash(2), RoundTrees.Hash(3)));
        Assert.Equal("WrongPhase", phase.ErrorName);
        Assert.Equal(
            [new BigInteger((int)Phase.Reveal), new BigInteger((int)Phase.Commit)],
            phase.Error!.Arguments.Select(argument => argument.Value));
        RevertException standing = await RevertOfAsync(_market.ForfeitStakeAsync(id, AddressOf(1)));
        Assert.Equal("WrongStanding", standing.ErrorName);
        Assert.Equal(
            [AddressOf(1), BigInteger.Zero, new BigInteger((int)Standing.None)],
            standing.Error!.Arguments.Select(argument => argument.Value));

        (string Expected, Task<RevertException> Thrown)[] others =
        [
            ("ZeroHash(field: \"programRoot\")",
                RevertOfAsync(_market.PublishAsync(terms with { ProgramRoot = Bytes32.Zero }))),
            ("ZeroHash(field: \"specHash\")",
                RevertOfAsync(_market.PublishAsync(terms with { SpecHash = Bytes32.Zero }))),
            ("TermOutOfRange(field: \"rounds\", value: 257, least: 1, most: 256)",
                RevertOfAsync(_market.PublishAsync(terms with { Rounds = 257 }))),
            ($"TokenWithoutCode(token: {AddressOf(1)})",
                RevertOfAsync(_market.PublishAsync(terms with { Token = AddressOf(1) }))),
            ("UnknownTask(taskId: 99)", RevertOfAsync(_market.GetTaskAsync(99))),
            ("UnknownRound(round: 1, rounds: 1)", RevertOfAsync(_market.ScheduleOfAsync(id, 1))),
            ($"WrongValue(expected: {terms.Stake.Amount}, actual: {terms.Pool.Amount})",
                RevertOfAsync(_market.CommitAsync(id, Bytes24.Of(RoundTrees.Hash(1)), terms.Pool))),
            ("WrongOutcome(expected: 2, actual: 0)", RevertOfAsync(_market.RefundAsync(id, 0, AddressOf(0)))),
        ];
        foreach ((string expected, Task<RevertException> thrown) in others)
        {
            Assert.Equal($"Reverted: {expected}", (await thrown).Message);
        }

        // Where the pool is a token's, the fees alone are sent along: the contract goes on to ask the token.
        RevertException token = await RevertOfAsync(_market.PublishAsync(terms with { Token = _market.Address }));
        Assert.Null(token.ErrorName);
        RevertException early = await RevertOfAsync(
            _market.FinaliseAsync(id, 0, Address.Zero, ClaimResult.None));
        Assert.Equal("TooEarly", early.ErrorName);
        Assert.Equal(new BigInteger(schedule.End), early.Error!.Arguments[0].Value);
    }

    [RequiresFact("node", "npm")]
    public async Task Binding_WrongAddressOrNoAccount_Throws()
    {
        Terms terms = RoundTrees.Offer(1, Delivery.Demand);
        TrainingMarket nowhere = new(Chain.Client, AddressOf(9), Accounts[0]);
        TrainingMarket reader = new(Chain.Client, _market.Address);

        await Assert.ThrowsAsync<NoCodeException>(() => nowhere.TaskCountAsync());
        await Assert.ThrowsAsync<NoCodeException>(() => nowhere.PublishAsync(terms));
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.PublishAsync(terms));
        Assert.Equal(0UL, await reader.TaskCountAsync());
    }

    private static async Task<RevertException> RevertOfAsync(Task attempt) =>
        await Assert.ThrowsAsync<RevertException>(() => attempt);

    private static Address Fresh(byte seed) => new(RoundTrees.Hash(seed).ToArray().AsSpan(12));

    private static Bytes24 WordOf(Bytes32 root, int index) => Bytes24.Of(
        Keccak256.Hash([.. root.ToArray(), .. ContractConnection.ToWord((ulong)index).ToArray()]));

    private Address AddressOf(int account) => Accounts[account].Address;

    private TrainingMarket As(int account) => _market.As(Accounts[account]);

    private async Task<byte[]> CallAsync<TMessage>(TMessage message)
        where TMessage : FunctionMessage, new() =>
        await Chain.Client.CallAsync(new CallRequest { To = _market.Address, Data = message.GetCallData() });

    private async Task<Bytes24> CommitAsync(
        ulong id, int round, int account, Bytes32 root, IReadOnlyList<Bytes32>? allowProof = null)
    {
        TrainingMarket own = As(account);
        Bytes24 commitment = await own.CommitmentHashAsync(id, round, AddressOf(account), root, Salt);
        await own.CommitAsync(id, commitment, await own.StakeDueAsync(id, AddressOf(account)), allowProof);
        return commitment;
    }

    /// <summary>Opens all keys of a round, and finds them again.</summary>
    private async Task OpenKeysAsync(ulong id, byte[] rounds, int round, byte[] keys)
    {
        RoundProof proof = RoundTrees.Proof(Program, Records, RoundTrees.Siblings(rounds, round));
        await As(9).PinAsync(id);
        byte[][] chunks = [.. keys.Chunk(128 * 32)];
        byte[] leaves = RoundTrees.KeyLeaves(keys);
        for (int chunk = 0; chunk < chunks.Length; chunk++)
        {
            await As(9).OpenKeysAsync(id, proof, chunks[chunk], RoundTrees.Piece(leaves, chunk).Siblings);
        }

        Assert.Equal(
            chunks.Select((chunk, i) => (id, round, i, Hex.Encode(chunk))),
            (await _market.Events.KeysOpenedAsync(id, round)).Select(
                opened => (opened.TaskId, opened.Round, opened.Chunk, Hex.Encode(opened.Keys.Span))));
        Assert.Equal(chunks.Length, (await _market.GetRoundAsync(id, round)).KeyChunks);
    }

    /// <summary>Seals and posts the same claim for each account, and finds them again.</summary>
    private async Task ClaimAsync(ulong id, int round, ClaimResult result, int[] accounts)
    {
        Schedule schedule = await _market.ScheduleOfAsync(id, round);
        Wei bond = (await _market.GetTaskAsync(id)).Terms.Bond;
        await Chain.AdvanceToAsync(schedule.Score);
        List<Bytes24> seals = [];
        foreach (int account in accounts)
        {
            seals.Add(await _market.SealHashAsync(id, round, AddressOf(account), result, Salt));
            await As(account).SealClaimAsync(id, seals[^1], bond);
            Assert.Equal(
                new MarketClaim(seals[^1], 0, ClaimState.Sealed),
                await _market.ClaimOfAsync(id, round, AddressOf(account)));
        }

        await Chain.AdvanceToAsync(schedule.Post);
        RevertException another = await Assert.ThrowsAsync<RevertException>(
            () => As(accounts[0]).PostClaimAsync(id, result with { Right = 1 }, Salt, File));
        Assert.Equal("WrongResult", another.ErrorName);
        for (int place = 0; place < accounts.Length; place++)
        {
            await As(accounts[place]).PostClaimAsync(id, result, Salt, File);
            MarketClaim claim = await _market.ClaimOfAsync(id, round, AddressOf(accounts[place]));
            Assert.Equal((place, ClaimState.Posted), (claim.Place, claim.State));
        }

        Assert.Equal(
            accounts.Select((account, i) => (id, round, AddressOf(account), seals[i])),
            (await _market.Events.ClaimSealedAsync(id, round)).Select(
                one => (one.TaskId, one.Round, one.Claimant, one.Seal)));
        Assert.Equal(
            accounts.Select((account, place) => (id, round, AddressOf(account), place, result, File)),
            (await _market.Events.ClaimPostedAsync(id, round)).Select(
                one => (one.TaskId, one.Round, one.Claimant, one.Place, one.Result, one.File)));
    }
}
