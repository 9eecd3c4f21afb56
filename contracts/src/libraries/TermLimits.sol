// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../interfaces/ITrainingMarket.sol";
import {LeafTree} from "./LeafTree.sol";

/// @title TermLimits
/// @author The Research authors
/// @notice What terms a market takes: windows in which nobody loses money by sleeping, stakes that stay below what is to
/// be earned. Development chains are relaxed, so that a task takes seconds.
library TermLimits {
    /// @dev Terms that have a range: a text for each would be made before it is needed.
    enum Field {
        Pool,
        Rounds,
        CommitSeconds,
        RevealSeconds,
        OpenSeconds,
        ScoreSeconds,
        RefuteSeconds,
        Start,
        AnswerSeconds,
        UpdateBytes,
        Keys,
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

    uint256 private constant MOST_SECONDS = 90 days;
    uint256 private constant MOST_ROUNDS = 256;
    uint256 private constant MOST_BOND = 10 ether;
    uint256 private constant MOST_STAKE = 1 ether;
    uint256 private constant POOL_PER_STAKE = 4;

    /// @notice Reverts where terms lie outside the limits.
    /// @param terms The terms as given; a `start` of zero is now.
    function check(ITrainingMarket.Terms calldata terms) internal view {
        bool local = isDevelopment(block.chainid);
        _within(Field.Pool, terms.pool, 1, type(uint128).max);
        _within(Field.Rounds, terms.rounds, 1, MOST_ROUNDS);
        _within(Field.CommitSeconds, terms.commitSeconds, local ? 1 : 1 hours, MOST_SECONDS);
        _within(Field.RevealSeconds, terms.revealSeconds, local ? 1 : 12 hours, MOST_SECONDS);
        _within(Field.OpenSeconds, terms.openSeconds, local ? 1 : 12 hours, MOST_SECONDS);
        _within(Field.ScoreSeconds, terms.scoreSeconds, local ? 2 : 1 days, MOST_SECONDS);
        _within(Field.RefuteSeconds, terms.refuteSeconds, local ? 1 : 1 days, MOST_SECONDS);
        if (terms.start != 0) _within(Field.Start, terms.start, block.timestamp, block.timestamp + MOST_SECONDS);

        bool isWhole = terms.delivery == ITrainingMarket.Delivery.Calldata;
        uint256 leastAnswer = local ? 2 : 1 days;
        _within(Field.AnswerSeconds, terms.answerSeconds, isWhole ? 0 : leastAnswer, isWhole ? 0 : MOST_SECONDS);
        _within(Field.UpdateBytes, terms.updateBytes, 4, isWhole ? CHUNK : CHUNK * MOST_CHUNKS);
        _within(Field.Keys, terms.keys, 2, type(uint16).max);

        // A stake is in ETH: it can only be held against a pool that is too.
        uint256 mostStake = MOST_STAKE;
        if (terms.token == address(0)) {
            uint256 part = uint256(terms.pool) / terms.rounds / POOL_PER_STAKE;
            if (part < mostStake) mostStake = part;
        }
        _within(Field.Stake, terms.stake, local ? 1 : 0.001 ether, mostStake);
        _within(Field.Bond, terms.bond, local ? 1 : 0.01 ether, MOST_BOND);
        _within(Field.AuditFee, terms.auditFee, 0, MOST_BOND);
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
        if (field == Field.Pool) return "pool";
        if (field == Field.Rounds) return "rounds";
        if (field == Field.CommitSeconds) return "commitSeconds";
        if (field == Field.RevealSeconds) return "revealSeconds";
        if (field == Field.OpenSeconds) return "openSeconds";
        if (field == Field.ScoreSeconds) return "scoreSeconds";
        if (field == Field.RefuteSeconds) return "refuteSeconds";
        if (field == Field.Start) return "start";
        if (field == Field.AnswerSeconds) return "answerSeconds";
        if (field == Field.UpdateBytes) return "updateBytes";
        if (field == Field.Keys) return "keys";
        if (field == Field.Stake) return "stake";
        if (field == Field.Bond) return "bond";
        return "auditFee";
    }
}
