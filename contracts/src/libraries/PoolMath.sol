// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title PoolMath
/// @author The Research authors
/// @notice Splits a pool without losing a unit: over rounds, and equally over participants.
library PoolMath {
    /// @notice Gets one round's part of a pool.
    /// @dev The parts telescope, so over all rounds they sum to the pool.
    /// @param pool The whole pool; below 2^240, so that the product cannot overflow.
    /// @param rounds Number of rounds; not zero.
    /// @param round The round, from zero.
    /// @return amount The round's part.
    function roundPool(uint256 pool, uint256 rounds, uint256 round) internal pure returns (uint256 amount) {
        amount = pool * (round + 1) / rounds - pool * round / rounds;
    }

    /// @notice Gets one share of an equal split by largest remainder; the first places get the units left over.
    /// @param pool What is split.
    /// @param count Number of shares; not zero.
    /// @param index The share's place, from zero.
    /// @return amount The share.
    function equalShare(uint256 pool, uint256 count, uint256 index) internal pure returns (uint256 amount) {
        amount = pool / count + (index < pool % count ? 1 : 0);
    }
}
