// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../interfaces/ITrainingMarket.sol";
import {LeafTree} from "./LeafTree.sol";

/// @title TermLimits
/// @author The Research authors
/// @notice What terms a market takes: windows in which nobody loses money by sleeping, stakes that stay below what is to
/// be earned. Development chains are relaxed, so that a task takes seconds.
library TermLimits {
    /// @dev Terms that have a range, in the order of `NAMES`.
    enum Field {
        Pool,
        Rounds,
        RevealSeconds,
        OpenSeconds,
        ScoreSeconds,
        RefuteSeconds,
        CommitSeconds,
        Start,
        AnswerSeconds,
        UpdateBytes,
        Keys,
        TargetRight,
        Target,
        Stake,
        Bond,
        AuditFee
    }

    /// @notice Bytes of a piece of an update that is shown at once.
    uint256 internal constant CHUNK = 128 * LeafTree.LEAF;

    /// @notice Most pieces of an update.
    uint256 internal constant MOST_CHUNKS = 64;

    /// @notice Keys that are opened at once.
    uint256 internal constant KEYS_PER_CHUNK = 128;

    /// @dev The fields' names, filled up to 13 letters: a text for each takes a kilobyte of code.
    bytes private constant NAMES = "pool         " "rounds       " "revealSeconds" "openSeconds  " "scoreSeconds "
        "refuteSeconds" "commitSeconds" "start        " "answerSeconds" "updateBytes  " "keys         " "targetRight  "
        "target       " "stake        " "bond         " "auditFee     ";
    uint256 private constant LETTERS = 13;
    uint256 private constant MOST_SECONDS = 90 days;
    uint256 private constant MOST_ROUNDS = 256;
    uint256 private constant MOST_BOND = 10 ether;
    uint256 private constant MOST_STAKE = 1 ether;
    uint256 private constant POOL_PER_STAKE = 4;
    uint256 private constant POOL_PER_BOND = 20;
    uint256 private constant MOST_REFUTE_SECONDS = 14 days;
    uint256 private constant WINDOWS_PER_COMMIT = 10;
    uint256 private constant BOND_GAS = 8_000_000; // What a refutation and the answers to false demands cost, with room.
    uint256 private constant MOST_POINTS = 65_536 * 1_000_000; // Of a round: reveals times what one can have (SCORING.md).

    /// @notice Reverts where terms lie outside the limits.
    /// @dev Unchecked: sums and products of numbers below 2^128 and constants.
    /// @param terms The terms as given; a `start` of zero is now.
    function check(ITrainingMarket.Terms memory terms) internal view {
        unchecked {
            bool local = isDevelopment(block.chainid);
            _within(Field.Pool, terms.pool, 1, type(uint128).max);
            _within(Field.Rounds, terms.rounds, 1, MOST_ROUNDS);
            uint256 leastCommit = local ? 1 : 1 hours;
            // Else whoever demands nodes of the leading claim could hold it up until the next round is played.
            if (!local && terms.targetRight != 0 && terms.rounds > 1) {
                leastCommit = WINDOWS_PER_COMMIT * terms.refuteSeconds;
            }
            _within(Field.CommitSeconds, terms.commitSeconds, leastCommit, MOST_SECONDS);
            _within(Field.RevealSeconds, terms.revealSeconds, local ? 1 : 12 hours, MOST_SECONDS);
            _within(Field.OpenSeconds, terms.openSeconds, local ? 1 : 12 hours, MOST_SECONDS);
            _within(Field.ScoreSeconds, terms.scoreSeconds, local ? 2 : 1 days, MOST_SECONDS);
            _within(Field.RefuteSeconds, terms.refuteSeconds, local ? 1 : 36 hours, MOST_REFUTE_SECONDS);
            if (terms.start != 0) _within(Field.Start, terms.start, block.timestamp, block.timestamp + MOST_SECONDS);

            bool isWhole = terms.delivery == ITrainingMarket.Delivery.Calldata;
            uint256 leastAnswer = local ? 2 : 1 days;
            _within(Field.AnswerSeconds, terms.answerSeconds, isWhole ? 0 : leastAnswer, isWhole ? 0 : MOST_SECONDS);
            _within(Field.UpdateBytes, terms.updateBytes, 4, isWhole ? CHUNK : CHUNK * MOST_CHUNKS);
            _within(Field.Keys, terms.keys, 2, type(uint16).max);

            // Half of the keys are of records that are opened before the commitments.
            _within(Field.TargetRight, terms.targetRight, 0, terms.keys / 2);
            _within(Field.Target, terms.target, 0, MOST_POINTS);

            // Stakes and bonds are in ETH: they can only be held against a pool that is too.
            uint256 mostStake = MOST_STAKE;
            uint256 leastBond = 0.01 ether;
            if (BOND_GAS * block.basefee > leastBond) leastBond = BOND_GAS * block.basefee;
            if (terms.token == address(0)) {
                uint256 part = uint256(terms.pool) / terms.rounds;
                if (part / POOL_PER_STAKE < mostStake) mostStake = part / POOL_PER_STAKE;
                if (part / POOL_PER_BOND > leastBond) leastBond = part / POOL_PER_BOND;
            }
            if (leastBond > MOST_BOND) leastBond = MOST_BOND;
            _within(Field.Stake, terms.stake, local ? 1 : 0.001 ether, mostStake);
            _within(Field.Bond, terms.bond, local ? 1 : leastBond, MOST_BOND);
            _within(Field.AuditFee, terms.auditFee, 0, MOST_BOND);
        }
    }

    /// @notice Gets whether a chain is one that developers start for themselves.
    /// @param chainId The chain's number.
    /// @return local Whether it is: 31337 (anvil, Hardhat) or 1337 (Ganache, Geth's developer chain).
    function isDevelopment(uint256 chainId) internal pure returns (bool local) {
        local = chainId == 31_337 || chainId == 1337;
    }

    function _within(Field field, uint256 value, uint256 least, uint256 most) private pure {
        if (value < least || value > most) revert ITrainingMarket.TermOutOfRange(_name(field), value, least, most);
    }

    function _name(Field field) private pure returns (string memory name) {
        bytes memory names = NAMES;
        uint256 first = LETTERS * uint256(field);
        uint256 length;
        while (length < LETTERS && names[first + length] != " ") ++length;
        assembly ("memory-safe") {
            mcopy(add(names, 32), add(add(names, 32), first), length)
            mstore(names, length)
        }
        name = string(names);
    }
}
