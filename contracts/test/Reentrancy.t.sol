// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {ReentrantRecipient} from "./fixtures/Recipients.sol";
import {HookToken} from "./fixtures/Tokens.sol";
import {Trees} from "./fixtures/Trees.sol";

/// @title ReentrancyTest
/// @author The Research authors
/// @notice A recipient that answers each payment with a call of its own: the same payout again, or another.
contract ReentrancyTest is MarketTest {
    ReentrantRecipient private _attacker;
    address private _who;

    function setUp() public override {
        super.setUp();
        _attacker = new ReentrantRecipient();
        _who = address(_attacker);
        VM.deal(_who, FUNDS);
        // A second task's money, there to be stolen.
        publish();
    }

    function test_ClaimReward_Reentered_PaysOnce() public {
        uint256 taskId = _scored(defaultTerms());
        bytes memory attack = _rewardCall(taskId);

        _attack(attack, attack);

        VM.assertEq(_who.balance, FUNDS - STAKE + FIRST, "one reward");
    }

    function test_ClaimReward_ReenteredByOtherExit_Refused() public {
        uint256 taskId = _scored(defaultTerms());

        _attack(_rewardCall(taskId), abi.encodeCall(ITrainingMarket.withdrawStake, (taskId, _who)));

        VM.assertEq(standingOf(taskId, _who), uint256(ITrainingMarket.Standing.Revealed), "the stake is still there");
    }

    function test_WithdrawStake_Reentered_PaysOnce() public {
        uint256 taskId = _revealed(defaultTerms());
        warpTo(taskId, 0, ITrainingMarket.Phase.Open);
        bytes memory attack = abi.encodeCall(ITrainingMarket.withdrawStake, (taskId, _who));

        _attack(attack, attack);

        VM.assertEq(_who.balance, FUNDS, "one stake");
    }

    function test_ClaimBond_Reentered_PaysOnce() public {
        uint256 taskId = publishOpened(defaultTerms());
        claimAs(_who, taskId, 0, twoResult());
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0, _who, twoResult());
        bytes memory attack = abi.encodeCall(ITrainingMarket.claimBond, (taskId, 0, _who, _who, _who));

        _attack(attack, attack);

        VM.assertEq(_who.balance, FUNDS + FEE / 3, "one bond");
    }

    function test_Refund_Reentered_PaysOnce() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        _attacker.send(address(market), due(terms), abi.encodeCall(ITrainingMarket.publish, (SPEC, terms)));
        warpTo(2, 0, ITrainingMarket.Phase.Closed);
        finalise(2, 0);
        bytes memory attack = abi.encodeCall(ITrainingMarket.refund, (2, 0, _who));

        _attack(attack, attack);

        VM.assertEq(_who.balance, FUNDS - due(terms) + FIRST + FEE, "one refund");
    }

    function test_Answer_Reentered_PaysOnce() public {
        uint256 taskId = _revealed(defaultTerms());
        ITrainingMarket.Piece memory piece = pieceOf(_who, taskId, 0, 0, 0);
        demandAs(stranger, taskId, piece, 1 ether);
        (bytes memory data,) = pieceData(_who, taskId, 0, 0);
        bytes memory attack = abi.encodeCall(ITrainingMarket.answer, (taskId, piece, data, noProof()));

        _attack(attack, attack);

        VM.assertEq(_who.balance, FUNDS - STAKE + 1 ether, "one fee");
    }

    function test_ReclaimFee_Reentered_PaysOnce() public {
        uint256 taskId = publishRevealed();
        ITrainingMarket.Piece memory piece = pieceOf(alice, taskId, 0, 0, 0);
        _attacker.send(address(market), 1 ether, abi.encodeCall(ITrainingMarket.demand, (taskId, piece)));
        warpTo(taskId, 0, ITrainingMarket.Phase.Open);
        bytes memory attack = abi.encodeCall(ITrainingMarket.reclaimFee, (taskId, 0, alice, 0, _who));

        _attack(attack, attack);

        VM.assertEq(_who.balance, FUNDS, "one fee");
    }

    function test_Publish_ReenteredByTokenHook_CountsNoPoolTwice() public {
        ITrainingMarket.Terms memory terms = _hookedTerms(_who);
        terms.auditFee = 0; // The attack brings no ETH.
        VM.deal(_who, FUNDS);
        bytes memory attack = abi.encodeCall(ITrainingMarket.publish, (SPEC, terms));

        _prepare(attack);
        _attacker.send(address(market), due(terms), attack);

        _assertRefused();
        VM.assertEq(market.taskCount(), 2, "one task more");
        VM.assertEq(HookToken(terms.token).balanceOf(address(market)), POOL, "one pool");
    }

    function test_ClaimReward_ReenteredByTokenHook_PaysOnce() public {
        ITrainingMarket.Terms memory terms = _hookedTerms(sponsor);
        uint256 taskId = _scored(terms);
        bytes memory attack = _rewardCall(taskId);

        _attack(attack, attack);

        VM.assertEq(HookToken(terms.token).balanceOf(_who), FIRST, "one reward");
    }

    function test_Refund_ReenteredByTokenHook_PaysOnce() public {
        ITrainingMarket.Terms memory terms = _hookedTerms(_who);
        _attacker.send(address(market), due(terms), abi.encodeCall(ITrainingMarket.publish, (SPEC, terms)));
        warpTo(2, 0, ITrainingMarket.Phase.Closed);
        finalise(2, 0);
        bytes memory attack = abi.encodeCall(ITrainingMarket.refund, (2, 0, _who));

        _prepare(attack);
        VM.prank(_who);
        market.refund(2, 0, _who);

        // Once by the tokens, once by the fee in ETH.
        VM.assertEq(_attacker.attempts(), 2, "the attack ran");
        VM.assertEq(HookToken(terms.token).balanceOf(_who), POOL + FIRST, "one refund of two pools");
        VM.assertEq(_who.balance, FUNDS - FEE, "one fee of two");
    }

    /// @dev The attacker, with the hook on it, and two pools' worth of tokens at an account that approved them.
    function _hookedTerms(address owner) private returns (ITrainingMarket.Terms memory terms) {
        HookToken hooked = new HookToken();
        hooked.mint(owner, 2 * uint256(POOL));
        VM.prank(owner);
        hooked.approve(address(market), type(uint256).max);
        hooked.hook(_who);
        terms = defaultTerms();
        terms.token = address(hooked);
    }

    function _revealed(ITrainingMarket.Terms memory terms) private returns (uint256 taskId) {
        taskId = publish(terms);
        commitAs(_who, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        revealAs(_who, taskId, 0);
        VM.warp(market.scheduleOf(taskId, 0).answer);
    }

    /// @dev The attacker earned the whole first round.
    function _scored(ITrainingMarket.Terms memory terms) private returns (uint256 taskId) {
        taskId = _revealed(terms);
        openKeys(taskId, 0);
        bytes32[] memory leaves = new bytes32[](1);
        leaves[0] = Trees.result(0, _who, 200);
        ITrainingMarket.Result memory result = resultOf(leaves, 200);
        claimAs(poster, taskId, 0, result);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0, poster, result);
    }

    function _rewardCall(uint256 taskId) private view returns (bytes memory) {
        return abi.encodeCall(ITrainingMarket.claimReward, (taskId, 0, 0, _who, 200, noProof(), _who));
    }

    function _prepare(bytes memory attack) private {
        _attacker.prepare(address(market), attack);
    }

    /// @dev The attacker itself sends the call, with all gas, and answers its payment with another.
    function _attack(bytes memory call, bytes memory attack) private {
        _prepare(attack);
        _attacker.send(address(market), 0, call);
        _assertRefused();
    }

    function _assertRefused() private view {
        VM.assertEq(_attacker.attempts(), 1, "the attack ran");
        bytes memory refusal = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        VM.assertEq(_attacker.failure(), refusal, "and was refused");
    }
}
