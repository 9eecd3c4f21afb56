// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {RefusingRecipient} from "./fixtures/Recipients.sol";

contract RefundTest is MarketTest {
    function test_Refund_NothingClaimed_ReturnsPool() public {
        uint256 taskId = publish();
        VM.warp(market.claimDeadline(taskId));
        VM.expectEmit(address(market));
        emit ITrainingMarket.Refunded(taskId, sponsor, POOL);

        VM.prank(stranger);
        market.refund(taskId);

        VM.assertEq(sponsor.balance, FUNDS, "sponsor");
        VM.assertTrue(market.getTask(taskId).refunded, "marked");
    }

    function test_Refund_SomeClaimed_ReturnsTheRest() public {
        uint256 taskId = publishScored();
        claimAlice(taskId);
        VM.warp(market.claimDeadline(taskId));

        market.refund(taskId);

        VM.assertEq(sponsor.balance, FUNDS - 3 ether, "sponsor");
    }

    function test_Refund_Token_ReturnsTheRest() public {
        uint256 taskId = publishInTokens();
        scoreFirstRound(taskId);
        claimBob(taskId);
        VM.warp(market.claimDeadline(taskId));

        market.refund(taskId);

        VM.assertEq(token.balanceOf(sponsor), FUNDS - 1 ether, "sponsor");
        VM.assertEq(token.balanceOf(address(market)), 0, "nothing left");
    }

    function test_Refund_TwoTasks_LeavesTheOthersPool() public {
        uint256 first = publish();
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.pool = 3 ether;
        terms.claimSeconds *= 2;
        uint256 second = publish(terms);
        VM.warp(market.claimDeadline(first));

        market.refund(first);

        VM.assertEq(address(market).balance, 3 ether, "the second task's pool");
        VM.warp(market.claimDeadline(second));
        market.refund(second);
        VM.assertEq(sponsor.balance, FUNDS, "sponsor");
    }

    function test_Refund_AllPaid_MovesNothing() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.rounds = 1;
        uint256 taskId = publish(terms);
        revealFirstRound(taskId);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0);
        market.claimDefault(taskId, 0, alice);
        market.claimDefault(taskId, 0, bob);
        VM.warp(market.claimDeadline(taskId));

        market.refund(taskId);

        VM.assertEq(sponsor.balance, FUNDS - POOL, "sponsor");
        VM.assertEq(address(market).balance, 2 * STAKE, "only stakes");
    }

    function test_Refund_BeforeDeadline_Reverts() public {
        uint256 taskId = publish();
        uint256 deadline = market.claimDeadline(taskId);
        VM.warp(deadline - 1);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.TooEarly.selector, deadline, deadline - 1));
        market.refund(taskId);
    }

    function test_Refund_Twice_Reverts() public {
        uint256 taskId = publish();
        publish(); // Its pool is there to be stolen.
        VM.warp(market.claimDeadline(taskId));
        market.refund(taskId);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.AlreadyRefunded.selector, taskId));
        market.refund(taskId);
    }

    function test_Refund_UnknownTask_Reverts() public {
        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.UnknownTask.selector, 3));
        market.refund(3);
    }

    function test_Refund_SponsorRefusesEth_BlocksOnlyItself() public {
        RefusingRecipient refusing = new RefusingRecipient();
        ITrainingMarket.Terms memory terms = defaultTerms();
        refusing.send{value: POOL}(address(market), POOL, abi.encodeCall(ITrainingMarket.publish, (terms)));
        uint256 other = publish();
        VM.warp(market.claimDeadline(other));

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.TransferFailed.selector, address(refusing), POOL));
        market.refund(1);
        market.refund(other);

        VM.assertEq(sponsor.balance, FUNDS, "the other sponsor");
    }
}
