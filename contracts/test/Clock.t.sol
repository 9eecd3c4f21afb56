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

    function testFuzz_PhaseAt_AnyTime_LiesInItsSchedule(uint256 seed, uint256 time) public pure {
        TaskClock.Clock memory clock = _clock(seed);
        time = bound(time, 0, uint256(clock.start) + clock.roundSeconds() * (uint256(clock.rounds) + 1));
        (uint256 round, ITrainingMarket.Phase phase) = clock.phaseAt(time);

        _agrees(clock, time, round, phase);
    }

    /// @dev Every boundary, and the seconds about it.
    function testFuzz_PhaseAt_Boundaries_AreFirstSeconds(uint256 seed, uint16 round) public pure {
        TaskClock.Clock memory clock = _clock(seed);
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
                (uint256 current, ITrainingMarket.Phase phase) = clock.phaseAt(time);
                _agrees(clock, time, current, phase);
            }
        }
    }

    function testFuzz_ScheduleOf_Rounds_FollowEachOther(uint256 seed, uint16 round) public pure {
        TaskClock.Clock memory clock = _clock(seed);
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

    /// @dev Any that `TermLimits` lets through on a development chain; one in four has a window of its least.
    function _clock(uint256 seed) private pure returns (TaskClock.Clock memory clock) {
        clock.start = uint40(_draw(seed, 0, 1, type(uint40).max));
        clock.commitSeconds = uint32(_draw(seed, 1, 1, 90 days));
        clock.revealSeconds = uint32(_draw(seed, 2, 1, 90 days));
        clock.openSeconds = uint32(_draw(seed, 3, 1, 90 days));
        clock.scoreSeconds = uint32(_draw(seed, 4, 2, 90 days));
        clock.refuteSeconds = uint32(_draw(seed, 5, 1, 90 days));
        clock.rounds = uint16(_draw(seed, 6, 1, 256));
        if (seed % 2 == 0) return clock;
        (clock.flags, clock.answerSeconds) =
        (TaskClock.flagsOf(ITrainingMarket.Delivery.Demand, false), uint32(_draw(seed, 7, 2, 90 days)));
    }

    function _draw(uint256 seed, uint256 field, uint256 least, uint256 most) private pure returns (uint256) {
        uint256 random = uint256(keccak256(abi.encode(seed, field)));
        return random % 4 == 0 ? least : bound(random >> 2, least, most);
    }
}
