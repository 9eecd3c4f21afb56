// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";

contract ClockTest is MarketTest {
    function test_PhaseOf_EachBoundary_IsHalfOpen() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.start = NOW + 50;
        uint256 taskId = publish(terms);

        _assertAt(taskId, NOW, 0, ITrainingMarket.Phase.Pending);
        _assertAt(taskId, NOW + 49, 0, ITrainingMarket.Phase.Pending);
        for (uint256 round = 0; round < 2; ++round) {
            uint256 start = NOW + 50 + 1000 * round;
            _assertAt(taskId, start, round, ITrainingMarket.Phase.Commit);
            _assertAt(taskId, start + 99, round, ITrainingMarket.Phase.Commit);
            _assertAt(taskId, start + 100, round, ITrainingMarket.Phase.Reveal);
            _assertAt(taskId, start + 299, round, ITrainingMarket.Phase.Reveal);
            _assertAt(taskId, start + 300, round, ITrainingMarket.Phase.Score);
            _assertAt(taskId, start + 599, round, ITrainingMarket.Phase.Score);
            _assertAt(taskId, start + 600, round, ITrainingMarket.Phase.Challenge);
            _assertAt(taskId, start + 999, round, ITrainingMarket.Phase.Challenge);
        }
        _assertAt(taskId, NOW + 2050, 2, ITrainingMarket.Phase.Closed);
        _assertAt(taskId, NOW + 20_500, 2, ITrainingMarket.Phase.Closed);
        VM.assertEq(market.claimDeadline(taskId), NOW + 7050, "deadline");
    }

    function test_PhaseOf_GreatestTerms_DoesNotOverflow() public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.start = type(uint64).max;
        terms.rounds = type(uint16).max;
        terms.commitSeconds = type(uint32).max;
        terms.revealSeconds = type(uint32).max;
        terms.scoreSeconds = type(uint32).max;
        terms.challengeSeconds = type(uint32).max;
        terms.claimSeconds = type(uint32).max;
        uint256 taskId = publish(terms);

        uint256 last = uint256(type(uint64).max) + 4 * uint256(type(uint32).max) * type(uint16).max;
        VM.assertEq(market.scheduleOf(taskId, type(uint16).max - 1).end, last, "end");
        VM.assertEq(market.claimDeadline(taskId), last + type(uint32).max, "deadline");
        _assertAt(taskId, last - 1, type(uint16).max - 1, ITrainingMarket.Phase.Challenge);
        _assertAt(taskId, last, type(uint16).max, ITrainingMarket.Phase.Closed);
    }

    /// @dev Walks the windows one by one, where the market divides.
    function testFuzz_PhaseOf_AnyTime_AgreesWithWalking(
        uint32 commit,
        uint32 reveal,
        uint32 score,
        uint32 challenge,
        uint8 rounds,
        uint64 elapsed
    ) public {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.commitSeconds = uint32(bound(commit, 1, 1e6));
        terms.revealSeconds = uint32(bound(reveal, 1, 1e6));
        terms.scoreSeconds = uint32(bound(score, 1, 1e6));
        terms.challengeSeconds = uint32(bound(challenge, 1, 1e6));
        terms.rounds = uint16(bound(rounds, 1, 20));
        uint256 taskId = publish(terms);
        uint256 time = NOW + bound(elapsed, 0, 20e6);

        uint256 end = NOW;
        for (uint256 round = 0; round < terms.rounds; ++round) {
            end += terms.commitSeconds;
            if (time < end) return _assertAt(taskId, time, round, ITrainingMarket.Phase.Commit);
            end += terms.revealSeconds;
            if (time < end) return _assertAt(taskId, time, round, ITrainingMarket.Phase.Reveal);
            end += terms.scoreSeconds;
            if (time < end) return _assertAt(taskId, time, round, ITrainingMarket.Phase.Score);
            end += terms.challengeSeconds;
            if (time < end) return _assertAt(taskId, time, round, ITrainingMarket.Phase.Challenge);
        }
        _assertAt(taskId, time, terms.rounds, ITrainingMarket.Phase.Closed);
    }

    function test_Views_UnknownTask_Revert() public {
        bytes memory refusal = abi.encodeWithSelector(ITrainingMarket.UnknownTask.selector, 1);
        VM.expectRevert(refusal);
        market.getTask(1);
        VM.expectRevert(refusal);
        market.getRound(1, 0);
        VM.expectRevert(refusal);
        market.phaseOf(1);
        VM.expectRevert(refusal);
        market.scheduleOf(1, 0);
        VM.expectRevert(refusal);
        market.claimDeadline(1);
        VM.expectRevert(refusal);
        market.roundPool(1, 0);
        VM.expectRevert(refusal);
        market.commitmentOf(1, alice);
        VM.expectRevert(refusal);
        market.revealIndexOf(1, 0, alice);
        VM.expectRevert(refusal);
        market.isClaimed(1, 0, 0);
        VM.expectRevert(refusal);
        market.stakeOf(1, alice);
    }

    function test_Views_UnknownRound_Revert() public {
        uint256 taskId = publish();
        bytes memory refusal = abi.encodeWithSelector(ITrainingMarket.UnknownRound.selector, 2, 2);
        VM.expectRevert(refusal);
        market.getRound(taskId, 2);
        VM.expectRevert(refusal);
        market.scheduleOf(taskId, 2);
        VM.expectRevert(refusal);
        market.roundPool(taskId, 2);
        VM.expectRevert(refusal);
        market.revealIndexOf(taskId, 2, alice);
        VM.expectRevert(refusal);
        market.isClaimed(taskId, 2, 0);
    }

    function _assertAt(uint256 taskId, uint256 time, uint256 expectedRound, ITrainingMarket.Phase expected) private {
        VM.warp(time);
        (uint256 round, ITrainingMarket.Phase phase) = market.phaseOf(taskId);
        VM.assertEq(round, expectedRound, "round");
        VM.assertEq(uint256(phase), uint256(expected), "phase");
    }
}
