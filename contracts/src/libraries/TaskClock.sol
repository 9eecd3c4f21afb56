// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../interfaces/ITrainingMarket.sol";

/// @title TaskClock
/// @author The Research authors
/// @notice Tells a task's phase from its clock and a time, and from nothing else.
/// @dev Unchecked: a start below 2^40, and at most 257 rounds of six windows below 2^32.
library TaskClock {
    /// @dev One word of storage: every step reads it, and most read nothing else of the task. `flags`: see below.
    struct Clock {
        uint40 start;
        uint32 commitSeconds;
        uint32 revealSeconds;
        uint32 answerSeconds;
        uint32 openSeconds;
        uint32 scoreSeconds;
        uint32 refuteSeconds;
        uint16 rounds;
        uint8 flags;
    }

    uint8 private constant DEMAND = 1;
    uint8 private constant LISTED = 2;

    /// @notice Gets the flags of a clock.
    /// @param delivery How updates become available.
    /// @param hasList Whether only accounts of a list may take part.
    /// @return flags A bit for each.
    function flagsOf(ITrainingMarket.Delivery delivery, bool hasList) internal pure returns (uint8 flags) {
        if (delivery == ITrainingMarket.Delivery.Demand) flags |= DEMAND;
        if (hasList) flags |= LISTED;
    }

    /// @notice Gets how updates become available.
    /// @param clock The task's clock.
    /// @return delivery How.
    function deliveryOf(Clock memory clock) internal pure returns (ITrainingMarket.Delivery delivery) {
        if (clock.flags & DEMAND != 0) delivery = ITrainingMarket.Delivery.Demand;
    }

    /// @notice Gets whether only accounts of a list may take part.
    /// @param clock The task's clock.
    /// @return listed Whether.
    function isListed(Clock memory clock) internal pure returns (bool listed) {
        listed = clock.flags & LISTED != 0;
    }

    /// @notice Gets the length of one round.
    /// @param clock The task's clock.
    /// @return duration Seconds from one commit window to the next.
    function roundSeconds(Clock memory clock) internal pure returns (uint256 duration) {
        unchecked {
            duration = uint256(clock.commitSeconds) + clock.revealSeconds + clock.answerSeconds + clock.openSeconds
                + clock.scoreSeconds + clock.refuteSeconds;
        }
    }

    /// @notice Gets a round's windows.
    /// @param clock The task's clock.
    /// @param round The round, from zero; not checked.
    /// @return schedule When each window begins, and when the round ends.
    function scheduleOf(Clock memory clock, uint256 round)
        internal
        pure
        returns (ITrainingMarket.Schedule memory schedule)
    {
        unchecked {
            schedule.commit = clock.start + round * roundSeconds(clock);
            schedule.reveal = schedule.commit + clock.commitSeconds;
            schedule.answer = schedule.reveal + clock.revealSeconds;
            schedule.demanded = schedule.answer + clock.answerSeconds / 2;
            schedule.open = schedule.answer + clock.answerSeconds;
            schedule.score = schedule.open + clock.openSeconds;
            schedule.post = schedule.score + clock.scoreSeconds / 2;
            schedule.refute = schedule.score + clock.scoreSeconds;
            schedule.end = schedule.refute + clock.refuteSeconds;
        }
    }

    /// @notice Gets the round and phase at a time.
    /// @param clock The task's clock.
    /// @param timestamp Unix seconds.
    /// @return round The round, from zero; zero while Pending, the number of rounds once Closed.
    /// @return phase The phase.
    function phaseAt(Clock memory clock, uint256 timestamp)
        internal
        pure
        returns (uint256 round, ITrainingMarket.Phase phase)
    {
        if (timestamp < clock.start) return (0, ITrainingMarket.Phase.Pending);

        unchecked {
            uint256 duration = roundSeconds(clock);
            uint256 past = timestamp - clock.start;
            round = past / duration;
            if (round >= clock.rounds) return (clock.rounds, ITrainingMarket.Phase.Closed);

            past -= round * duration;
            if (past < clock.commitSeconds) return (round, ITrainingMarket.Phase.Commit);
            past -= clock.commitSeconds;
            if (past < clock.revealSeconds) return (round, ITrainingMarket.Phase.Reveal);
            past -= clock.revealSeconds;
            if (past < clock.answerSeconds) return (round, ITrainingMarket.Phase.Answer);
            past -= clock.answerSeconds;
            if (past < clock.openSeconds) return (round, ITrainingMarket.Phase.Open);
            past -= clock.openSeconds;
            if (past < clock.scoreSeconds) return (round, ITrainingMarket.Phase.Score);
            return (round, ITrainingMarket.Phase.Refute);
        }
    }
}
