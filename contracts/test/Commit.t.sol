// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";

contract CommitTest is MarketTest {
    function test_Commit_First_LocksStake() public {
        uint256 taskId = publish();
        bytes32 commitment = commitmentOf(alice, taskId, 0);
        VM.expectEmit(address(market));
        emit ITrainingMarket.Committed(taskId, 0, alice, commitment);

        commitAs(alice, taskId, 0, STAKE);

        (uint256 round, bytes32 stored) = market.commitmentOf(taskId, alice);
        VM.assertEq(round, 0, "round");
        VM.assertEq(stored, commitment, "commitment");
        VM.assertEq(market.stakeOf(taskId, alice), STAKE, "stake");
        VM.assertEq(address(market).balance, POOL + STAKE, "escrow");
    }

    function test_Commit_NextRoundAfterReveal_NeedsNoStake() public {
        uint256 taskId = publishRevealed();
        warpTo(taskId, 1, ITrainingMarket.Phase.Commit);

        commitAs(alice, taskId, 1, 0);

        VM.assertEq(market.stakeOf(taskId, alice), STAKE, "one stake");
    }

    function test_Commit_NextRoundAfterWithdrawnStake_NeedsStake() public {
        uint256 taskId = publishRevealed();
        VM.prank(alice);
        market.withdrawStake(taskId);
        warpTo(taskId, 1, ITrainingMarket.Phase.Commit);

        bytes32 commitment = commitmentOf(alice, taskId, 1);
        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.WrongValue.selector, STAKE, 0));
        VM.prank(alice);
        market.commit(taskId, commitment);

        commitAs(alice, taskId, 1, STAKE);
        VM.assertEq(market.stakeOf(taskId, alice), STAKE, "stake again");
    }

    function test_Commit_AfterUnrevealedRound_ForfeitsOldStakeAndTakesNew() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 1, ITrainingMarket.Phase.Commit);
        VM.expectEmit(address(market));
        emit ITrainingMarket.StakeForfeited(taskId, 0, alice, STAKE);

        commitAs(alice, taskId, 1, STAKE);

        VM.assertEq(market.creditOf(sponsor), STAKE, "the sponsor's credit");
        VM.assertEq(market.stakeOf(taskId, alice), STAKE, "new stake");
        VM.assertEq(address(market).balance, POOL + 2 * STAKE, "escrow");
    }

    function test_Commit_AfterUnrevealedRoundWithoutStake_Reverts() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 1, ITrainingMarket.Phase.Commit);

        bytes32 commitment = commitmentOf(alice, taskId, 1);
        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.WrongValue.selector, STAKE, 0));
        VM.prank(alice);
        market.commit(taskId, commitment);
    }

    function test_Commit_TwiceInRound_Reverts() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.AlreadyCommitted.selector, 0, alice));
        VM.prank(alice);
        market.commit(taskId, keccak256("other"));
    }

    function test_Commit_Zero_Reverts() public {
        uint256 taskId = publish();

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.ZeroCommitment.selector));
        VM.prank(alice);
        market.commit{value: STAKE}(taskId, 0);
    }

    function test_Commit_StakeSentTwice_Reverts() public {
        uint256 taskId = publishRevealed();
        warpTo(taskId, 1, ITrainingMarket.Phase.Commit);

        bytes32 commitment = commitmentOf(alice, taskId, 1);
        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.WrongValue.selector, 0, STAKE));
        VM.prank(alice);
        market.commit{value: STAKE}(taskId, commitment);
    }

    function test_Commit_BeforeStart_Reverts() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.start = NOW + 1;
        uint256 taskId = publish(terms);

        expectWrongPhase(ITrainingMarket.Phase.Commit, ITrainingMarket.Phase.Pending);
        VM.prank(alice);
        market.commit{value: STAKE}(taskId, keccak256("early"));
    }

    function test_Commit_InRevealWindow_Reverts() public {
        uint256 taskId = publish();
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);

        expectWrongPhase(ITrainingMarket.Phase.Commit, ITrainingMarket.Phase.Reveal);
        VM.prank(alice);
        market.commit{value: STAKE}(taskId, keccak256("late"));
    }

    function test_Commit_UnknownTask_Reverts() public {
        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.UnknownTask.selector, 7));
        VM.prank(alice);
        market.commit{value: STAKE}(7, keccak256("nothing"));
    }

    function testFuzz_Commit_WrongStake_Reverts(uint256 sent) public {
        sent = bound(sent, 0, 2 * STAKE);
        VM.assume(sent != STAKE);
        uint256 taskId = publish();

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.WrongValue.selector, STAKE, sent));
        VM.prank(alice);
        market.commit{value: sent}(taskId, keccak256("any"));
    }
}
