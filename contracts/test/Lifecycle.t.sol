// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";

contract LifecycleTest is MarketTest {
    /// @dev Round 0 is scored, round 1 challenged; Carol goes silent in round 1. Every balance is known at the end.
    function test_Task_TwoRounds_EveryWeiArrives() public {
        uint256 taskId = publish();
        scoreFirstRound(taskId);
        claimAlice(taskId);
        claimBob(taskId);

        commitAs(alice, taskId, 1, 0);
        commitAs(bob, taskId, 1, 0);
        commitAs(carol, taskId, 1, STAKE);
        warpTo(taskId, 1, ITrainingMarket.Phase.Reveal);
        revealAs(bob, taskId, 1);
        revealAs(alice, taskId, 1);
        warpTo(taskId, 1, ITrainingMarket.Phase.Score);
        postAs(poster, taskId, "root", 1 ether);
        warpTo(taskId, 1, ITrainingMarket.Phase.Challenge);
        challengeAs(challenger, taskId, "other");
        warpTo(taskId, 1, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 1);
        market.claimDefault(taskId, 1, alice);
        market.claimDefault(taskId, 1, bob);

        _takeWhatIsLeft(taskId);

        VM.assertEq(address(market).balance, 0, "nothing stays behind");
        VM.assertEq(alice.balance, FUNDS + 3 ether + 2.5 ether, "alice");
        VM.assertEq(bob.balance, FUNDS + 1 ether + 2.5 ether + 1, "bob, first to reveal in the odd round");
        VM.assertEq(carol.balance, FUNDS - STAKE, "carol was silent");
        VM.assertEq(poster.balance, FUNDS, "poster");
        VM.assertEq(challenger.balance, FUNDS, "challenger");
        VM.assertEq(sponsor.balance, FUNDS - 4 ether - 5 ether - 1 + STAKE, "sponsor");
    }

    function _takeWhatIsLeft(uint256 taskId) private {
        VM.warp(market.claimDeadline(taskId));
        market.refund(taskId);
        market.forfeitStake(taskId, carol);
        VM.prank(alice);
        market.withdrawStake(taskId);
        VM.prank(bob);
        market.withdrawStake(taskId);
        VM.prank(sponsor);
        market.withdraw();
        VM.prank(poster);
        market.withdraw();
        VM.prank(challenger);
        market.withdraw();
    }
}
