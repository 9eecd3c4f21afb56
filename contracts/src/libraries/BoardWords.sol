// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefuter} from "../interfaces/IRefuter.sol";

/// @title BoardWords
/// @author The Research authors
/// @notice Cases and demands as the one word that each is kept in: read once, written once.
library BoardWords {
    /// @notice A demand in storage: what a place found once is read and written by.
    /// @param word Its word.
    struct Demand {
        uint256 word;
    }

    /// @notice What a demand's state is: below this, how many levels its answer opens, so that an answer needs no look at its
    /// case; this, answered for the party; above, answered by the claimant whose place is so much more, less one.
    uint256 internal constant ANSWERED = 5;

    /// @notice Reads a case.
    /// @param word Its word.
    /// @return board_ The case.
    function board(uint256 word) internal pure returns (IRefuter.Board memory board_) {
        board_.party = address(uint160(word));
        board_.base = uint40(word >> 160);
        board_.window = uint24(word >> 200);
        board_.levels = uint8(word >> 224);
        board_.depth = uint8(word >> 232);
        board_.resultsDepth = uint8(word >> 240);
        board_.hasFallen = word >> 248 != 0;
    }

    /// @notice Writes a case that stands.
    /// @param board_ The case.
    /// @return word Its word.
    function wordOf(IRefuter.Board memory board_) internal pure returns (uint256 word) {
        word = uint160(board_.party) | (uint256(board_.base) << 160) | (uint256(board_.window) << 200)
            | (uint256(board_.levels) << 224) | (uint256(board_.depth) << 232) | (uint256(board_.resultsDepth) << 240);
    }

    /// @notice Lets a case fall.
    /// @param word Its word.
    /// @param winner Who made it fall, in the party's place.
    /// @return fallen Its word then.
    function fall(uint256 word, address winner) internal pure returns (uint256 fallen) {
        fallen = (word >> 160 << 160) | uint160(winner) | (1 << 248);
    }

    /// @notice Tells whether a case fell.
    /// @param word Its word.
    /// @return fell Whether it did.
    function hasFallen(uint256 word) internal pure returns (bool fell) {
        fell = word >> 248 != 0;
    }

    /// @notice Writes a demand.
    /// @param demander Who asked.
    /// @param due First second in which no answer is taken.
    /// @param units The fee; below 2^32.
    /// @param opened How many levels its answer opens.
    /// @return word Its word.
    function demandOf(address demander, uint256 due, uint256 units, uint256 opened)
        internal
        pure
        returns (uint256 word)
    {
        // A market's times may be any: they must not reach the fee.
        word = uint160(demander) | (uint256(uint40(due)) << 160) | (units << 200) | (opened << 232);
    }

    /// @notice Gets who demanded.
    /// @param word The demand's word.
    /// @return demander The account; zero where there is no demand.
    function demanderOf(uint256 word) internal pure returns (address demander) {
        demander = address(uint160(word));
    }

    /// @notice Gets when a demand is due.
    /// @param word The demand's word.
    /// @return due First second in which no answer is taken.
    function dueOf(uint256 word) internal pure returns (uint256 due) {
        due = uint40(word >> 160);
    }

    /// @notice Gets the fee of a demand.
    /// @param word The demand's word.
    /// @return units The fee.
    function unitsOf(uint256 word) internal pure returns (uint256 units) {
        units = uint32(word >> 200);
    }

    /// @notice Gets where a demand stands.
    /// @param word The demand's word.
    /// @return state See `ANSWERED`.
    function stateOf(uint256 word) internal pure returns (uint256 state) {
        state = word >> 232;
    }

    /// @notice Tells whether there is a demand that is not answered.
    /// @param word The demand's word.
    /// @return open Whether there is.
    function isOpen(uint256 word) internal pure returns (bool open) {
        open = word != 0 && stateOf(word) < ANSWERED;
    }

    /// @notice Answers a demand.
    /// @param word The demand's word.
    /// @param state Where it stands then; below 2^24.
    /// @return answered Its word then.
    function answer(uint256 word, uint256 state) internal pure returns (uint256 answered) {
        answered = (word << 24 >> 24) | (state << 232);
    }
}
