// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {RefusingRecipient} from "./fixtures/Recipients.sol";

contract StakeTest is MarketTest {
    function test_WithdrawStake_AfterReveal_PaysItBack() public {
        uint256 taskId = publishRevealed();
        VM.expectEmit(address(market));
        emit ITrainingMarket.StakeWithdrawn(taskId, alice, STAKE);

        VM.prank(alice);
        market.withdrawStake(taskId);

        VM.assertEq(alice.balance, FUNDS, "alice");
        VM.assertEq(market.stakeOf(taskId, alice), 0, "no stake");
        VM.assertEq(market.stakeOf(taskId, bob), STAKE, "bob's stays");
    }

    function test_WithdrawStake_AfterRefund_PaysItBack() public {
        uint256 taskId = publishRevealed();
        VM.warp(market.claimDeadline(taskId));
        market.refund(taskId);

        VM.prank(alice);
        market.withdrawStake(taskId);

        VM.assertEq(alice.balance, FUNDS, "alice");
    }

    function test_WithdrawStake_ZeroStake_CallsNobody() public {
        RefusingRecipient refusing = new RefusingRecipient();
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.stake = 0;
        uint256 taskId = publish(terms);
        bytes32 commitment = market.commitmentHash(taskId, 0, address(refusing), "update", "salt");
        refusing.send(address(market), 0, abi.encodeCall(ITrainingMarket.commit, (taskId, commitment)));
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        refusing.send(address(market), 0, abi.encodeCall(ITrainingMarket.reveal, (taskId, "update", "file", "salt")));

        refusing.send(address(market), 0, abi.encodeCall(ITrainingMarket.withdrawStake, (taskId)));

        VM.assertEq(market.stakeOf(taskId, address(refusing)), 0, "no stake");
    }

    function test_WithdrawStake_Twice_Reverts() public {
        uint256 taskId = publishRevealed();
        VM.prank(alice);
        market.withdrawStake(taskId);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.NoStake.selector, taskId, alice));
        VM.prank(alice);
        market.withdrawStake(taskId);
    }

    function test_WithdrawStake_NeverCommitted_Reverts() public {
        uint256 taskId = publish();

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.NoStake.selector, taskId, carol));
        VM.prank(carol);
        market.withdrawStake(taskId);
    }

    function test_WithdrawStake_BeforeReveal_Reverts() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.StakeHeld.selector, 0, alice));
        VM.prank(alice);
        market.withdrawStake(taskId);
    }

    function test_WithdrawStake_RevealMissed_Reverts() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        VM.warp(market.claimDeadline(taskId));

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.StakeHeld.selector, 0, alice));
        VM.prank(alice);
        market.withdrawStake(taskId);
    }

    function test_WithdrawStake_UnknownTask_Reverts() public {
        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.UnknownTask.selector, 3));
        VM.prank(alice);
        market.withdrawStake(3);
    }

    function test_ForfeitStake_RevealMissed_CreditsSponsor() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        VM.expectEmit(address(market));
        emit ITrainingMarket.StakeForfeited(taskId, 0, alice, STAKE);

        VM.prank(stranger);
        market.forfeitStake(taskId, alice);

        VM.assertEq(market.creditOf(sponsor), STAKE, "credit");
        VM.assertEq(market.stakeOf(taskId, alice), 0, "no stake");
    }

    function test_ForfeitStake_LongAfterRefund_CreditsSponsor() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        VM.warp(market.claimDeadline(taskId) + 365 days);
        market.refund(taskId);

        market.forfeitStake(taskId, alice);

        VM.assertEq(market.creditOf(sponsor), STAKE, "credit");
    }

    function test_ForfeitStake_LastSecondOfReveal_Reverts() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        uint256 score = market.scheduleOf(taskId, 0).score;
        VM.warp(score - 1);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.TooEarly.selector, score, score - 1));
        market.forfeitStake(taskId, alice);
    }

    function test_ForfeitStake_Revealed_Reverts() public {
        uint256 taskId = publishRevealed();

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.NotCommitted.selector, 0, alice));
        market.forfeitStake(taskId, alice);
    }

    function test_ForfeitStake_Twice_Reverts() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        market.forfeitStake(taskId, alice);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.NotCommitted.selector, 0, alice));
        market.forfeitStake(taskId, alice);
    }

    function test_ForfeitStake_UnknownTask_Reverts() public {
        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.UnknownTask.selector, 3));
        market.forfeitStake(3, alice);
    }

    function test_Withdraw_Credit_PaysOnce() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
        market.forfeitStake(taskId, alice);
        VM.expectEmit(address(market));
        emit ITrainingMarket.Withdrawn(sponsor, STAKE);

        VM.prank(sponsor);
        market.withdraw();

        VM.assertEq(sponsor.balance, FUNDS - POOL + STAKE, "sponsor");
        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.NoCredit.selector, sponsor));
        VM.prank(sponsor);
        market.withdraw();
    }

    function test_Withdraw_NoCredit_Reverts() public {
        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.NoCredit.selector, stranger));
        VM.prank(stranger);
        market.withdraw();
    }

    /// @dev Each bit of the plan says whether Alice reveals in that round; she pays a new stake after each silence.
    function testFuzz_Stake_AnyPlanOfReveals_EndsWhereItBelongs(uint8 plan, uint256 stake) public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.rounds = 8;
        terms.stake = bound(stake, 0, 100 ether);
        uint256 taskId = publish(terms);

        uint256 silences = 0;
        for (uint256 round = 0; round < 8; ++round) {
            warpTo(taskId, round, ITrainingMarket.Phase.Commit);
            bool due = round == 0 || (plan >> (round - 1)) & 1 == 0;
            commitAs(alice, taskId, round, due ? terms.stake : 0);
            warpTo(taskId, round, ITrainingMarket.Phase.Reveal);
            if ((plan >> round) & 1 == 1) revealAs(alice, taskId, round);
            else ++silences;
        }
        VM.warp(market.claimDeadline(taskId));
        if (plan & 0x80 != 0) {
            VM.prank(alice);
            market.withdrawStake(taskId);
        } else {
            market.forfeitStake(taskId, alice);
        }

        VM.assertEq(alice.balance, FUNDS - silences * terms.stake, "alice pays for each silence");
        VM.assertEq(market.creditOf(sponsor), silences * terms.stake, "the sponsor gains it");
    }
}
