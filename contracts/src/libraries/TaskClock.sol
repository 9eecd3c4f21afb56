// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../interfaces/ITrainingMarket.sol";

/// @title TaskClock
/// @author The Research authors
/// @notice Tells a task's phase from its terms and a time, and from nothing else.
/// @dev All in 256 bits: a 64-bit start and 2^16 rounds of four 32-bit windows stay far below overflow.
library TaskClock {
    /// @notice Gets the length of one round.
    /// @param terms The task's terms.
    /// @return duration Seconds from one commit window to the next.
    function roundSeconds(ITrainingMarket.Terms storage terms) internal view returns (uint256 duration) {
        duration = uint256(terms.commitSeconds) + terms.revealSeconds + terms.scoreSeconds + terms.challengeSeconds;
    }

    /// @notice Gets a round's windows.
    /// @param terms The task's terms.
    /// @param round The round, from zero; not checked.
    /// @return schedule When each window begins, and when the round ends.
    function scheduleOf(ITrainingMarket.Terms storage terms, uint256 round)
        internal
        view
        returns (ITrainingMarket.Schedule memory schedule)
    {
        schedule.commit = terms.start + round * roundSeconds(terms);
        schedule.reveal = schedule.commit + terms.commitSeconds;
        schedule.score = schedule.reveal + terms.revealSeconds;
        schedule.challenge = schedule.score + terms.scoreSeconds;
        schedule.end = schedule.challenge + terms.challengeSeconds;
    }

    /// @notice Gets when claims close.
    /// @param terms The task's terms.
    /// @return deadline The first second without claims.
    function claimDeadline(ITrainingMarket.Terms storage terms) internal view returns (uint256 deadline) {
        deadline = terms.start + terms.rounds * roundSeconds(terms) + terms.claimSeconds;
    }

    /// @notice Gets the round and phase at a time.
    /// @param terms The task's terms.
    /// @param timestamp Unix seconds.
    /// @return round The round, from zero; zero while Pending, the number of rounds once Closed.
    /// @return phase The phase.
    function phaseAt(ITrainingMarket.Terms storage terms, uint256 timestamp)
        internal
        view
        returns (uint256 round, ITrainingMarket.Phase phase)
    {
        if (timestamp < terms.start) return (0, ITrainingMarket.Phase.Pending);

        round = (timestamp - terms.start) / roundSeconds(terms);
        if (round >= terms.rounds) return (terms.rounds, ITrainingMarket.Phase.Closed);

        ITrainingMarket.Schedule memory schedule = scheduleOf(terms, round);
        if (timestamp < schedule.reveal) return (round, ITrainingMarket.Phase.Commit);
        if (timestamp < schedule.score) return (round, ITrainingMarket.Phase.Reveal);
        if (timestamp < schedule.challenge) return (round, ITrainingMarket.Phase.Score);
        return (round, ITrainingMarket.Phase.Challenge);
    }
}
