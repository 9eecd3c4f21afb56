// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";

contract FinaliseTest is MarketTest {
    function test_Finalise_Unchallenged_IsScoredAndReturnsBond() public {
        uint256 taskId = publishRevealed();
        postAs(poster, taskId, "root", 4 ether);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        VM.expectEmit(address(market));
        emit ITrainingMarket.Finalised(taskId, 0, ITrainingMarket.Outcome.Scored);

        market.finalise(taskId, 0);

        _assertOutcome(taskId, 0, ITrainingMarket.Outcome.Scored);
        VM.assertEq(market.creditOf(poster), BOND, "bond");
    }

    function test_Finalise_Challenged_IsDefaultSplitAndReturnsBothBonds() public {
        uint256 taskId = publishRevealed();
        postAs(poster, taskId, "root", 4 ether);
        warpTo(taskId, 0, ITrainingMarket.Phase.Challenge);
        challengeAs(challenger, taskId, "other");
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);

        market.finalise(taskId, 0);

        _assertOutcome(taskId, 0, ITrainingMarket.Outcome.DefaultSplit);
        VM.assertEq(market.creditOf(poster), BOND, "poster's bond");
        VM.assertEq(market.creditOf(challenger), BOND, "challenger's bond");
    }

    function test_Finalise_OwnChallenge_ReturnsBothBondsToOne() public {
        uint256 taskId = publishRevealed();
        postAs(poster, taskId, "root", 4 ether);
        warpTo(taskId, 0, ITrainingMarket.Phase.Challenge);
        challengeAs(poster, taskId, "other");
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);

        market.finalise(taskId, 0);

        VM.assertEq(market.creditOf(poster), 2 * BOND, "bonds");
    }

    function test_Finalise_NobodyScored_IsDefaultSplit() public {
        uint256 taskId = publishUnscored();

        _assertOutcome(taskId, 0, ITrainingMarket.Outcome.DefaultSplit);
    }

    function test_Finalise_NobodyRevealed_IsEmpty() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);

        market.finalise(taskId, 0);

        _assertOutcome(taskId, 0, ITrainingMarket.Outcome.Empty);
    }

    function test_Finalise_LaterRoundFirst_LeavesEarlierOpen() public {
        uint256 taskId = publishRevealed();
        warpTo(taskId, 1, ITrainingMarket.Phase.Closed);

        market.finalise(taskId, 1);
        _assertOutcome(taskId, 0, ITrainingMarket.Outcome.None);
        market.finalise(taskId, 0);

        _assertOutcome(taskId, 0, ITrainingMarket.Outcome.DefaultSplit);
        _assertOutcome(taskId, 1, ITrainingMarket.Outcome.Empty);
    }

    function test_Finalise_AfterRefund_StillReturnsBonds() public {
        uint256 taskId = publishRevealed();
        postAs(poster, taskId, "root", 4 ether);
        VM.warp(market.claimDeadline(taskId));
        market.refund(taskId);

        market.finalise(taskId, 0);
        VM.prank(poster);
        market.withdraw();

        VM.assertEq(poster.balance, FUNDS, "bond back");
        VM.assertEq(address(market).balance, 2 * STAKE, "only stakes left");
    }

    function test_Finalise_LastSecondOfChallenge_Reverts() public {
        uint256 taskId = publishRevealed();
        uint256 end = market.scheduleOf(taskId, 0).end;
        VM.warp(end - 1);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.TooEarly.selector, end, end - 1));
        market.finalise(taskId, 0);
    }

    function test_Finalise_Twice_Reverts() public {
        uint256 taskId = publishUnscored();

        VM.expectRevert(
            abi.encodeWithSelector(ITrainingMarket.AlreadyFinalised.selector, 0, ITrainingMarket.Outcome.DefaultSplit)
        );
        market.finalise(taskId, 0);
    }

    function test_Finalise_UnknownRound_Reverts() public {
        uint256 taskId = publish();

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.UnknownRound.selector, 2, 2));
        market.finalise(taskId, 2);
    }

    function test_Finalise_UnknownTask_Reverts() public {
        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.UnknownTask.selector, 1));
        market.finalise(1, 0);
    }

    function _assertOutcome(uint256 taskId, uint256 round, ITrainingMarket.Outcome expected) private view {
        VM.assertEq(uint256(market.getRound(taskId, round).outcome), uint256(expected), "outcome");
    }
}
