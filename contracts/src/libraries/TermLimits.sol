// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../interfaces/ITrainingMarket.sol";
import {LeafTree} from "./LeafTree.sol";

/// @title TermLimits
/// @author The Research authors
/// @notice What terms a market takes: windows in which nobody loses money by sleeping, stakes that stay below what is to
/// be earned. Development chains are relaxed, so that a task takes seconds.
library TermLimits {
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
        _within("pool", terms.pool, 1, type(uint128).max);
        _within("rounds", terms.rounds, 1, MOST_ROUNDS);
        _within("commitSeconds", terms.commitSeconds, local ? 1 : 1 hours, MOST_SECONDS);
        _within("revealSeconds", terms.revealSeconds, local ? 1 : 12 hours, MOST_SECONDS);
        _within("openSeconds", terms.openSeconds, local ? 1 : 12 hours, MOST_SECONDS);
        _within("scoreSeconds", terms.scoreSeconds, local ? 2 : 1 days, MOST_SECONDS);
        _within("refuteSeconds", terms.refuteSeconds, local ? 1 : 1 days, MOST_SECONDS);
        if (terms.start != 0) _within("start", terms.start, block.timestamp, block.timestamp + MOST_SECONDS);

        bool isWhole = terms.delivery == ITrainingMarket.Delivery.Calldata;
        uint256 leastAnswer = local ? 2 : 1 days;
        _within("answerSeconds", terms.answerSeconds, isWhole ? 0 : leastAnswer, isWhole ? 0 : MOST_SECONDS);
        _within("updateBytes", terms.updateBytes, 4, isWhole ? CHUNK : CHUNK * MOST_CHUNKS);
        _within("keys", terms.keys, 2, type(uint16).max);

        // A stake is in ETH: it can only be held against a pool that is too.
        uint256 mostStake = MOST_STAKE;
        if (terms.token == address(0)) {
            uint256 part = uint256(terms.pool) / terms.rounds / POOL_PER_STAKE;
            if (part < mostStake) mostStake = part;
        }
        _within("stake", terms.stake, local ? 1 : 0.001 ether, mostStake);
        _within("bond", terms.bond, local ? 1 : 0.01 ether, MOST_BOND);
        _within("auditFee", terms.auditFee, 0, MOST_BOND);
    }

    /// @notice Gets whether a chain is one that developers start for themselves.
    /// @param chainId The chain's number.
    /// @return local Whether it is: 31337 (anvil, Hardhat) or 1337 (Ganache, Geth's developer chain).
    function isDevelopment(uint256 chainId) internal pure returns (bool local) {
        local = chainId == 31_337 || chainId == 1337;
    }

    function _within(string memory field, uint256 value, uint256 least, uint256 most) private pure {
        if (value < least || value > most) revert ITrainingMarket.TermOutOfRange(field, value, least, most);
    }
}
