// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {TaskClock} from "../src/libraries/TaskClock.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";

/// @title ClockTest
/// @author The Research authors
/// @notice `phaseAt` and `scheduleOf` say the same of every second.
contract ClockTest is MarketTest {
    using TaskClock for TaskClock.Clock;

    function testFuzz_PhaseAt_AnyTime_LiesInItsSchedule(TaskClock.Clock memory clock, uint256 time) public pure {
        _trim(clock);
        time = bound(time, 0, uint256(clock.start) + clock.roundSeconds() * (uint256(clock.rounds) + 1));
        (uint256 round, ITrainingMarket.Phase phase) = clock.phaseAt(time);

        _agrees(clock, time, round, phase);
    }

    /// @dev Every boundary, and the seconds about it.
    function testFuzz_PhaseAt_Boundaries_AreFirstSeconds(TaskClock.Clock memory clock, uint16 round) public pure {
        _trim(clock);
        ITrainingMarket.Schedule memory schedule = clock.scheduleOf(round % clock.rounds);
        uint256[7] memory times = [
            schedule.commit,
            schedule.reveal,
            schedule.answer,
            schedule.open,
            schedule.score,
            schedule.refute,
            schedule.end
        ];
        for (uint256 i = 0; i < 7; ++i) {
            for (uint256 time = times[i] - 1; time <= times[i] + 1; ++time) {
                (uint256 at_, ITrainingMarket.Phase phase) = clock.phaseAt(time);
                _agrees(clock, time, at_, phase);
            }
        }
    }

    function testFuzz_ScheduleOf_Rounds_FollowEachOther(TaskClock.Clock memory clock, uint16 round) public pure {
        _trim(clock);
        ITrainingMarket.Schedule memory schedule = clock.scheduleOf(round);

        VM.assertEq(schedule.end, clock.scheduleOf(uint256(round) + 1).commit, "no second between rounds");
        VM.assertEq(schedule.end, schedule.commit + clock.roundSeconds(), "length");
        VM.assertTrue(schedule.answer <= schedule.demanded && schedule.demanded <= schedule.open, "demands");
        VM.assertTrue(schedule.score < schedule.post && schedule.post < schedule.refute, "seals and posts");
    }

    function test_ScheduleOf_DefaultTerms_IsKnown() public {
        uint256 taskId = publish();
        ITrainingMarket.Schedule memory schedule = market.scheduleOf(taskId, 1);
        uint256 first = NOW + 2100;

        VM.assertEq(schedule.commit, first, "commit");
        VM.assertEq(schedule.reveal, first + 100, "reveal");
        VM.assertEq(schedule.answer, first + 300, "answer");
        VM.assertEq(schedule.demanded, first + 450, "demanded");
        VM.assertEq(schedule.open, first + 600, "open");
        VM.assertEq(schedule.score, first + 1000, "score");
        VM.assertEq(schedule.post, first + 1250, "post");
        VM.assertEq(schedule.refute, first + 1500, "refute");
        VM.assertEq(schedule.end, first + 2100, "end");
    }

    function testFuzz_PhaseOf_AnyTime_IsTheLibrarys(uint256 time) public {
        uint256 taskId = publish();
        time = bound(time, NOW, NOW + 5000);
        VM.warp(time);
        (uint256 round, ITrainingMarket.Phase phase) = market.phaseOf(taskId);
        if (phase == ITrainingMarket.Phase.Closed) {
            VM.assertLe(NOW + 4200, time, "after the last round");
            return;
        }
        ITrainingMarket.Schedule memory schedule = market.scheduleOf(taskId, round);

        VM.assertTrue(_within(schedule, phase, time), "within");
    }

    function _agrees(TaskClock.Clock memory clock, uint256 time, uint256 round, ITrainingMarket.Phase phase)
        private
        pure
    {
        if (phase == ITrainingMarket.Phase.Pending) {
            VM.assertTrue(time < clock.start && round == 0, "pending");
        } else if (phase == ITrainingMarket.Phase.Closed) {
            VM.assertTrue(round == clock.rounds, "closed");
            VM.assertLe(clock.scheduleOf(clock.rounds).commit, time, "closed after the last round");
        } else {
            VM.assertTrue(round < clock.rounds, "round");
            VM.assertTrue(_within(clock.scheduleOf(round), phase, time), "within");
        }
    }

    function _within(ITrainingMarket.Schedule memory schedule, ITrainingMarket.Phase phase, uint256 time)
        private
        pure
        returns (bool)
    {
        if (phase == ITrainingMarket.Phase.Commit) return schedule.commit <= time && time < schedule.reveal;
        if (phase == ITrainingMarket.Phase.Reveal) return schedule.reveal <= time && time < schedule.answer;
        if (phase == ITrainingMarket.Phase.Answer) return schedule.answer <= time && time < schedule.open;
        if (phase == ITrainingMarket.Phase.Open) return schedule.open <= time && time < schedule.score;
        if (phase == ITrainingMarket.Phase.Score) return schedule.score <= time && time < schedule.refute;
        return phase == ITrainingMarket.Phase.Refute && schedule.refute <= time && time < schedule.end;
    }

    /// @dev Into what `TermLimits` lets through on a development chain.
    function _trim(TaskClock.Clock memory clock) private pure {
        clock.start = uint40(bound(clock.start, 1, type(uint40).max));
        clock.commitSeconds = uint32(bound(clock.commitSeconds, 1, 90 days));
        clock.revealSeconds = uint32(bound(clock.revealSeconds, 1, 90 days));
        clock.openSeconds = uint32(bound(clock.openSeconds, 1, 90 days));
        clock.scoreSeconds = uint32(bound(clock.scoreSeconds, 2, 90 days));
        clock.refuteSeconds = uint32(bound(clock.refuteSeconds, 1, 90 days));
        clock.rounds = uint16(bound(clock.rounds, 1, 256));
        bool isWhole = clock.delivery == ITrainingMarket.Delivery.Calldata;
        clock.answerSeconds = isWhole ? 0 : uint32(bound(clock.answerSeconds, 2, 90 days));
    }
}
