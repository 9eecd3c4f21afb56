// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {RefusingRecipient} from "./fixtures/Recipients.sol";

/// @title StakeTest
/// @author The Research authors
/// @notice `withdrawStake` and `forfeitStake`: a stake comes back once, or burns once.
contract StakeTest is MarketTest {
    function test_WithdrawStake_Revealed_PaysAfterAnswers() public {
        uint256 taskId = publishRevealed();
        uint256 open = market.scheduleOf(taskId, 0).open;
        VM.warp(open - 1);
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.withdrawStake, (taskId, alice)), tooEarly(open));
        VM.warp(open);
        VM.expectEmit(address(market));
        emit ITrainingMarket.StakePaid(taskId, alice, alice, STAKE);

        VM.prank(alice);
        market.withdrawStake(taskId, alice);

        VM.assertEq(alice.balance, FUNDS, "back");
        VM.assertEq(standingOf(taskId, alice), 0, "standing");
    }

    function test_WithdrawStake_Whole_PaysAfterReveals() public {
        uint256 taskId = publish(wholeTerms());
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        revealWholeAs(alice, taskId, 0);
        uint256 answer = market.scheduleOf(taskId, 0).answer;
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.withdrawStake, (taskId, alice)), tooEarly(answer));
        VM.warp(answer);

        VM.prank(alice);
        market.withdrawStake(taskId, alice);

        VM.assertEq(alice.balance, FUNDS, "back");
    }

    function test_WithdrawStake_OtherRecipient_PaysIt() public {
        uint256 taskId = publishRevealed();
        warpTo(taskId, 0, ITrainingMarket.Phase.Open);
        refuse(
            alice, 0, abi.encodeCall(ITrainingMarket.withdrawStake, (taskId, address(0))), notYours(alice, address(0))
        );

        VM.prank(alice);
        market.withdrawStake(taskId, carol);

        VM.assertEq(carol.balance, FUNDS + STAKE, "carol");
    }

    function test_WithdrawStake_RecipientRefuses_StaysClaimable() public {
        uint256 taskId = publishRevealed();
        warpTo(taskId, 0, ITrainingMarket.Phase.Open);
        address refusing = address(new RefusingRecipient());
        refuse(
            alice, 0, abi.encodeCall(ITrainingMarket.withdrawStake, (taskId, refusing)), paymentFailed(refusing, STAKE)
        );

        VM.prank(alice);
        market.withdrawStake(taskId, alice);

        VM.assertEq(alice.balance, FUNDS, "back");
    }

    function test_WithdrawStake_Twice_Reverts() public {
        uint256 taskId = publishRevealed();
        warpTo(taskId, 0, ITrainingMarket.Phase.Open);
        VM.prank(alice);
        market.withdrawStake(taskId, alice);

        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.withdrawStake, (taskId, alice)),
            wrongStanding(alice, 0, ITrainingMarket.Standing.None)
        );
    }

    function test_WithdrawStake_CommittedOrSilent_Reverts() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        bytes memory data = abi.encodeCall(ITrainingMarket.withdrawStake, (taskId, alice));
        bytes memory failure = wrongStanding(alice, 0, ITrainingMarket.Standing.Committed);
        refuse(alice, 0, data, failure);
        VM.warp(NOW + 3650 days);
        refuse(alice, 0, data, failure);
    }

    function test_WithdrawStake_Unanswered_Reverts() public {
        uint256 taskId = publishRevealed();
        demandAs(stranger, taskId, pieceOf(alice, taskId, 0, 0, 0), 0);
        VM.warp(NOW + 3650 days);

        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.withdrawStake, (taskId, alice)),
            wrongStanding(alice, 0, ITrainingMarket.Standing.Demanded)
        );
    }

    function test_WithdrawStake_Answered_Pays() public {
        uint256 taskId = publishRevealed();
        ITrainingMarket.Piece memory piece = pieceOf(alice, taskId, 0, 0, 0);
        demandAs(stranger, taskId, piece, 0);
        answerAs(alice, taskId, 0, piece);
        warpTo(taskId, 0, ITrainingMarket.Phase.Open);

        VM.prank(alice);
        market.withdrawStake(taskId, alice);

        VM.assertEq(alice.balance, FUNDS, "back");
    }

    function test_ForfeitStake_Silent_BurnsAfterReveals() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        uint256 answer = market.scheduleOf(taskId, 0).answer;
        bytes memory data = abi.encodeCall(ITrainingMarket.forfeitStake, (taskId, alice));
        VM.warp(answer - 1);
        refuse(stranger, 0, data, tooEarly(answer));
        VM.warp(answer);
        VM.expectEmit(address(market));
        emit ITrainingMarket.StakeBurned(taskId, 0, alice, STAKE);

        VM.prank(stranger);
        market.forfeitStake(taskId, alice);

        VM.assertEq(standingOf(taskId, alice), 0, "standing");
        VM.assertEq(stranger.balance, FUNDS, "nobody gains");
        refuse(stranger, 0, data, wrongStanding(alice, 0, ITrainingMarket.Standing.None));
    }

    function test_ForfeitStake_Unanswered_BurnsAfterAnswers() public {
        uint256 taskId = publishRevealed();
        demandAs(stranger, taskId, pieceOf(alice, taskId, 0, 0, 0), 0);
        uint256 open = market.scheduleOf(taskId, 0).open;
        bytes memory data = abi.encodeCall(ITrainingMarket.forfeitStake, (taskId, alice));
        VM.warp(open - 1);
        refuse(stranger, 0, data, tooEarly(open));
        VM.warp(open);

        market.forfeitStake(taskId, alice);

        VM.assertTrue(market.isOut(taskId, 0, 0), "and it stays out");
        VM.assertEq(alice.balance, FUNDS - STAKE, "burned");
    }

    function test_ForfeitStake_RevealedOrNone_Reverts() public {
        uint256 taskId = publishRevealed();
        VM.warp(NOW + 3650 days);
        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.forfeitStake, (taskId, alice)),
            wrongStanding(alice, 0, ITrainingMarket.Standing.Revealed)
        );
        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.forfeitStake, (taskId, carol)),
            wrongStanding(carol, 0, ITrainingMarket.Standing.None)
        );
    }

    function test_ForfeitStake_ThenCommit_TakesStakeOnce() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 1, ITrainingMarket.Phase.Commit);
        market.forfeitStake(taskId, alice);
        commitAs(alice, taskId, 1, STAKE);

        VM.assertEq(alice.balance, FUNDS - 2 * uint256(STAKE), "two stakes");
        VM.assertEq(address(market).balance, POOL + 2 * uint256(FEE) + 2 * uint256(STAKE), "one burned, one held");
    }
}
