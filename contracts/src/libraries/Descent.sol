// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Descent
/// @author The Research authors
/// @notice The steps in which demands go down a tree: from its root to where a multiple of four levels is left, then four
/// levels at a time, to a leaf.
library Descent {
    /// @notice Levels from a demanded node to what answers it.
    uint256 internal constant STRIDE = 4;

    /// @notice Gets the last step, which demands a leaf.
    /// @param depth Levels of the tree above its leaves.
    /// @return level The step, from zero for the root.
    function last(uint256 depth) internal pure returns (uint256 level) {
        level = (depth + STRIDE - 1) / STRIDE;
    }

    /// @notice Gets how far below the root the nodes of a step lie.
    /// @param depth Levels of the tree above its leaves.
    /// @param level The step; at most the last one.
    /// @return levels Levels below the root.
    function below(uint256 depth, uint256 level) internal pure returns (uint256 levels) {
        if (level != 0) levels = depth - STRIDE * (last(depth) - level);
    }

    /// @notice Gets how many levels an answer opens.
    /// @param depth Levels of the tree above its leaves.
    /// @param level The step; at most the last one.
    /// @return levels Zero where a leaf is demanded.
    function opened(uint256 depth, uint256 level) internal pure returns (uint256 levels) {
        if (level != last(depth)) levels = below(depth, level + 1) - below(depth, level);
    }

    /// @notice Gets how many levels below a node lies what so many bytes are all of.
    /// @param size Bytes, 32 for each node.
    /// @return levels 1 to 4; zero where they are not all nodes of a level, or too many for an answer.
    function levelsOf(uint256 size) internal pure returns (uint256 levels) {
        if (size == 512) levels = 4; // Most answers.
        else if (size == 256) levels = 3;
        else if (size == 128) levels = 2;
        else if (size == 64) levels = 1;
    }
}
