// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";

contract ClaimDefaultTest is MarketTest {
    function test_ClaimDefault_ByStranger_PaysEqualPart() public {
        uint256 taskId = publishUnscored();
        uint256 before = bob.balance;
        VM.expectEmit(address(market));
        emit ITrainingMarket.Claimed(taskId, 0, bob, 1, 2.5 ether);

        VM.prank(stranger);
        market.claimDefault(taskId, 0, bob);

        VM.assertEq(bob.balance, before + 2.5 ether, "half of the round");
        VM.assertTrue(market.isClaimed(taskId, 0, 1), "marked");
    }

    function test_ClaimDefault_OddPool_FirstRevealGetsTheUnit() public {
        uint256 taskId = publish();
        warpTo(taskId, 1, ITrainingMarket.Phase.Commit);
        commitAs(alice, taskId, 1, STAKE);
        commitAs(bob, taskId, 1, STAKE);
        warpTo(taskId, 1, ITrainingMarket.Phase.Reveal);
        revealAs(bob, taskId, 1);
        revealAs(alice, taskId, 1);
        warpTo(taskId, 1, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 1);

        market.claimDefault(taskId, 1, alice);
        market.claimDefault(taskId, 1, bob);

        VM.assertEq(market.roundPool(taskId, 1), 5 ether + 1, "the second round has the odd wei");
        VM.assertEq(alice.balance, FUNDS - STAKE + 2.5 ether, "alice");
        VM.assertEq(bob.balance, FUNDS - STAKE + 2.5 ether + 1, "bob revealed first");
    }

    function test_ClaimDefault_Twice_Reverts() public {
        uint256 taskId = publishUnscored();
        market.claimDefault(taskId, 0, alice);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.AlreadyClaimed.selector, 0, 0));
        market.claimDefault(taskId, 0, alice);
    }

    function test_ClaimDefault_NotRevealed_Reverts() public {
        uint256 taskId = publishUnscored();

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.NotRevealed.selector, 0, carol, 0));
        market.claimDefault(taskId, 0, carol);
    }

    function test_ClaimDefault_Scored_Reverts() public {
        uint256 taskId = publishScored();

        VM.expectRevert(
            abi.encodeWithSelector(
                ITrainingMarket.WrongOutcome.selector,
                ITrainingMarket.Outcome.DefaultSplit,
                ITrainingMarket.Outcome.Scored
            )
        );
        market.claimDefault(taskId, 0, alice);
    }

    function test_ClaimDefault_Empty_Reverts() public {
        uint256 taskId = publish();
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0);

        VM.expectRevert(
            abi.encodeWithSelector(
                ITrainingMarket.WrongOutcome.selector,
                ITrainingMarket.Outcome.DefaultSplit,
                ITrainingMarket.Outcome.Empty
            )
        );
        market.claimDefault(taskId, 0, alice);
    }

    function test_ClaimDefault_AtDeadline_Reverts() public {
        uint256 taskId = publishUnscored();
        uint256 deadline = market.claimDeadline(taskId);
        VM.warp(deadline);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.ClaimsClosed.selector, deadline, deadline));
        market.claimDefault(taskId, 0, alice);
    }

    function test_ClaimDefault_UnknownRound_Reverts() public {
        uint256 taskId = publishUnscored();

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.UnknownRound.selector, 9, 2));
        market.claimDefault(taskId, 9, alice);
    }

    function test_ClaimDefault_UnknownTask_Reverts() public {
        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.UnknownTask.selector, 5));
        market.claimDefault(5, 0, alice);
    }

    function testFuzz_ClaimDefault_AnyCountAndPool_PaysTheRoundExactly(uint256 pool, uint256 count) public {
        count = bound(count, 1, 9);
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.pool = bound(pool, 1, FUNDS);
        terms.token = address(token);
        uint256 taskId = publish(terms);
        for (uint256 i = 0; i < count; ++i) {
            VM.deal(VM.addr(100 + i), STAKE);
            commitAs(VM.addr(100 + i), taskId, 0, STAKE);
        }
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        for (uint256 i = 0; i < count; ++i) {
            revealAs(VM.addr(100 + i), taskId, 0);
        }
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0);

        for (uint256 i = 0; i < count; ++i) {
            market.claimDefault(taskId, 0, VM.addr(100 + i));
        }

        VM.assertEq(market.getTask(taskId).paid, market.roundPool(taskId, 0), "paid");
        VM.assertEq(token.balanceOf(address(market)), terms.pool - market.roundPool(taskId, 0), "left");
    }
}
