using Research.Chain.Abi;

namespace Research.Chain.Contracts;

/// <summary>
/// The functions and events of <c>ITrainingMarket.sol</c>, in its order; a test holds each to the compiled ABI.
/// </summary>
internal static class MarketAbi
{
    private const string Terms =
        "(address,uint256,uint256,uint256,bytes32,uint64,uint32,uint32,uint32,uint32,uint32,uint16)";

    public static readonly AbiFunction Publish = new("publish(" + Terms + ")", "(uint256)");
    public static readonly AbiFunction Commit = new("commit(uint256,bytes32)");
    public static readonly AbiFunction Reveal = new("reveal(uint256,bytes32,bytes32)");
    public static readonly AbiFunction PostScore = new("postScore(uint256,bytes32,uint256,bytes32,bytes32)");
    public static readonly AbiFunction Challenge = new("challenge(uint256,bytes32)");
    public static readonly AbiFunction Finalise = new("finalise(uint256,uint256)");
    public static readonly AbiFunction Claim = new("claim(uint256,uint256,uint256,address,uint256,bytes32[])");
    public static readonly AbiFunction ClaimDefault = new("claimDefault(uint256,uint256,address)");
    public static readonly AbiFunction Refund = new("refund(uint256)");
    public static readonly AbiFunction WithdrawStake = new("withdrawStake(uint256)");
    public static readonly AbiFunction ForfeitStake = new("forfeitStake(uint256,address)");
    public static readonly AbiFunction Withdraw = new("withdraw()");
    public static readonly AbiFunction TaskCount = new("taskCount()", "(uint256)");
    public static readonly AbiFunction GetTask = new("getTask(uint256)", "((" + Terms + ",address,bool,uint256))");
    public static readonly AbiFunction GetRound = new(
        "getRound(uint256,uint256)",
        "((bytes32,bytes32,bytes32,bytes32,uint128,uint128,address,uint32,uint8,address))");
    public static readonly AbiFunction PhaseOf = new("phaseOf(uint256)", "(uint256,uint8)");
    public static readonly AbiFunction ScheduleOf = new(
        "scheduleOf(uint256,uint256)", "((uint256,uint256,uint256,uint256,uint256))");
    public static readonly AbiFunction ClaimDeadline = new("claimDeadline(uint256)", "(uint256)");
    public static readonly AbiFunction RoundPool = new("roundPool(uint256,uint256)", "(uint256)");
    public static readonly AbiFunction CommitmentHash = new(
        "commitmentHash(uint256,uint256,address,bytes32,bytes32)", "(bytes32)");
    public static readonly AbiFunction CommitmentOf = new("commitmentOf(uint256,address)", "(uint256,bytes32)");
    public static readonly AbiFunction RevealIndexOf = new("revealIndexOf(uint256,uint256,address)", "(bool,uint256)");
    public static readonly AbiFunction IsClaimed = new("isClaimed(uint256,uint256,uint256)", "(bool)");
    public static readonly AbiFunction StakeOf = new("stakeOf(uint256,address)", "(uint256)");
    public static readonly AbiFunction CreditOf = new("creditOf(address)", "(uint256)");

    public static readonly AbiEvent TaskPublished =
        new("TaskPublished(uint256,address,bytes32," + Terms + ")", 3);

    public static readonly AbiEvent Committed =
        new("Committed(uint256,uint256,address,bytes32)", 3);

    public static readonly AbiEvent Revealed =
        new("Revealed(uint256,uint256,address,uint256,bytes32,bytes32,bytes32)", 3);

    public static readonly AbiEvent ScorePosted =
        new("ScorePosted(uint256,uint256,address,bytes32,uint256,bytes32,bytes32)", 3);

    public static readonly AbiEvent Challenged =
        new("Challenged(uint256,uint256,address,bytes32)", 3);

    public static readonly AbiEvent Finalised =
        new("Finalised(uint256,uint256,uint8)", 2);

    public static readonly AbiEvent Claimed =
        new("Claimed(uint256,uint256,address,uint256,uint256)", 3);

    public static readonly AbiEvent Refunded =
        new("Refunded(uint256,address,uint256)", 2);

    public static readonly AbiEvent StakeWithdrawn =
        new("StakeWithdrawn(uint256,address,uint256)", 2);

    public static readonly AbiEvent StakeForfeited =
        new("StakeForfeited(uint256,uint256,address,uint256)", 3);

    public static readonly AbiEvent Withdrawn =
        new("Withdrawn(address,uint256)", 1);
}
