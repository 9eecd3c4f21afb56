// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";

/// @title EarlyEndTest
/// @author The Research authors
/// @notice A task ends with the round that reached its target accuracy, and takes nobody's money along.
contract EarlyEndTest is MarketTest {
    uint32 private constant RIGHT = 7; // What `resultOf` says.
    uint64 private constant LITTLE = 0.5 ether; // Below a quarter of a fourth of the pool.

    function test_Finalise_TargetReached_EndsAndPaysLaterRoundsParts() public {
        uint256 taskId = _scored(_terms(4, RIGHT));
        uint256 pool = POOL;
        VM.expectEmit(address(market));
        emit ITrainingMarket.RoundFinalised(
            taskId, 0, ITrainingMarket.Outcome.Scored, poster, pool, 0, pool - pool * 40 / 100
        );

        market.finalise(taskId, 0, poster, twoResult());

        VM.assertEq(market.getTask(taskId).terms.rounds, 1, "rounds");
        VM.assertEq(market.getRound(taskId, 0).pool, pool, "all that is left");
        VM.assertEq(market.getTask(taskId).carried, 0, "carried");
        (uint256 round, ITrainingMarket.Phase phase) = market.phaseOf(taskId);
        VM.assertEq(round, 1, "round");
        VM.assertTrue(phase == ITrainingMarket.Phase.Closed, "closed");
        rewardAlice(taskId, 0);
        rewardBob(taskId, 0);
        VM.assertEq(alice.balance, FUNDS - LITTLE + pool * 30 / 100, "alice");
        VM.assertEq(bob.balance, FUNDS - LITTLE + pool * 10 / 100, "bob");
    }

    function test_Finalise_OneRecordShort_GoesOn() public {
        uint256 taskId = _scored(_terms(4, RIGHT + 1));
        market.finalise(taskId, 0, poster, twoResult());

        VM.assertEq(market.getTask(taskId).terms.rounds, 4, "rounds");
        VM.assertEq(market.getRound(taskId, 0).pool, POOL / 4, "its own part");
    }

    function test_Finalise_NoTargetRight_GoesOn() public {
        uint256 taskId = _scored(_terms(4, 0));
        market.finalise(taskId, 0, poster, twoResult());

        VM.assertEq(market.getTask(taskId).terms.rounds, 4, "rounds");
    }

    function test_Finalise_TargetReachedInLastRound_PaysItsOwn() public {
        uint256 taskId = _scored(_terms(1, RIGHT));
        market.finalise(taskId, 0, poster, twoResult());

        VM.assertEq(market.getRound(taskId, 0).pool, POOL, "pool");
    }

    function test_Finalise_TargetReachedInLaterRound_AddsCarryAndRest() public {
        ITrainingMarket.Terms memory terms = _terms(4, RIGHT);
        uint256 taskId = publish(terms);
        ITrainingMarket.Result memory result = twoResult();
        --result.right;
        scoreRound(taskId, 0, result);
        scoreRound(taskId, 1, twoResult());

        uint256 earned = uint256(POOL) / 4 * 40 / 100;
        VM.assertEq(market.getRound(taskId, 1).pool, POOL - earned, "all that was not earned");
        VM.assertEq(market.getTask(taskId).terms.rounds, 2, "rounds");
    }

    /// @dev Commitments to a round that is not played have nothing to reveal: their stakes come back, new or kept.
    function test_Finalise_TargetReached_LetsNextRoundsStakesOut() public {
        uint256 taskId = _scored(_terms(4, RIGHT));
        commitAs(carol, taskId, 1, LITTLE);
        commitAs(alice, taskId, 1, 0);
        market.finalise(taskId, 0, poster, twoResult());
        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.forfeitStake, (taskId, carol)),
            wrongStanding(carol, 1, ITrainingMarket.Standing.Committed)
        );
        VM.prank(carol);
        market.withdrawStake(taskId, carol);
        VM.prank(alice);
        market.withdrawStake(taskId, alice);

        VM.assertEq(carol.balance, FUNDS, "carol");
        VM.assertEq(alice.balance, FUNDS, "alice");
        VM.warp(block.timestamp + 365 days);
        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.forfeitStake, (taskId, carol)),
            wrongStanding(carol, 0, ITrainingMarket.Standing.None)
        );
    }

    function test_Finalise_TargetReached_KeepsBurningSilentStakesOfPlayedRounds() public {
        uint256 taskId = publish(_terms(4, RIGHT));
        commitAs(carol, taskId, 0, LITTLE);
        scoreRound(taskId, 0, twoResult());

        refuse(
            carol,
            0,
            abi.encodeCall(ITrainingMarket.withdrawStake, (taskId, carol)),
            wrongStanding(carol, 0, ITrainingMarket.Standing.Committed)
        );
        market.forfeitStake(taskId, carol);
        VM.assertEq(standingOf(taskId, carol), 0, "burned");
    }

    function test_Finalise_TargetReached_ClosesEveryStep() public {
        uint256 taskId = _scored(_terms(4, RIGHT));
        ITrainingMarket.Result memory none;
        market.finalise(taskId, 0, poster, twoResult());

        refuse(
            carol,
            LITTLE,
            abi.encodeCall(ITrainingMarket.commit, (taskId, "x", noProof())),
            wrongPhase(ITrainingMarket.Phase.Commit, ITrainingMarket.Phase.Closed)
        );
        refuse(carol, 0, abi.encodeCall(ITrainingMarket.finalise, (taskId, 1, address(0), none)), unknownRound(1, 1));
    }

    /// @dev The last second in which it ends: the next round has commitments, and no reveal yet.
    function test_Finalise_LastSecondOfNextCommits_Ends() public {
        uint256 taskId = _scored(_terms(4, RIGHT));
        VM.warp(market.scheduleOf(taskId, 1).reveal - 1);
        market.finalise(taskId, 0, poster, twoResult());

        VM.assertEq(market.getTask(taskId).terms.rounds, 1, "ended");
    }

    /// @dev Once the next round reveals, its demands, bonds and work are at stake, and it is played. Otherwise whoever
    /// finalises chooses the moment: after a demand, so that nobody can answer it any more and the stake is burned.
    function test_Finalise_LateAndTargetReached_LeavesNextRoundsDemandAnswerable() public {
        uint256 taskId = _scored(_terms(4, RIGHT));
        revealBoth(taskId, 1);
        ITrainingMarket.Piece memory piece = pieceOf(alice, taskId, 1, 0, 0);
        demandAs(stranger, taskId, piece, 0.01 ether);

        market.finalise(taskId, 0, poster, twoResult());

        answerAs(alice, taskId, 1, piece);
        VM.assertEq(alice.balance, FUNDS - LITTLE + 0.01 ether, "fee");
    }

    function test_Finalise_LateAndTargetReached_LeavesNextRoundsFeesAndBonds() public {
        uint256 taskId = _scored(_terms(4, RIGHT));
        revealBoth(taskId, 1);
        demandAs(stranger, taskId, pieceOf(alice, taskId, 1, 0, 0), 0.01 ether);
        openKeys(taskId, 1);
        claimAs(rival, taskId, 1, twoResult());

        market.finalise(taskId, 0, poster, twoResult());

        market.reclaimFee(taskId, 1, alice, 0, stranger);
        VM.assertEq(stranger.balance, FUNDS, "fee");
        warpTo(taskId, 1, ITrainingMarket.Phase.Closed);
        // The task ends with the next round that reached it.
        market.finalise(taskId, 1, rival, twoResult());
        market.claimBond(taskId, 1, rival, rival, rival);
        VM.assertEq(rival.balance, FUNDS + FEE / 3, "bond");
        VM.assertEq(market.getTask(taskId).terms.rounds, 2, "rounds");
    }

    function _terms(uint16 rounds, uint32 right) private pure returns (ITrainingMarket.Terms memory terms) {
        terms = keyTerms(rounds, 16);
        (terms.targetRight, terms.stake) = (right, LITTLE);
    }

    /// @dev Round 0 is over and waits to be finalised.
    function _scored(ITrainingMarket.Terms memory terms) private returns (uint256 taskId) {
        taskId = publishOpened(terms);
        claimAs(poster, taskId, 0, twoResult());
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
    }
}
