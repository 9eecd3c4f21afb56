// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title PoolMath
/// @author The Research authors
/// @notice Splits a pool over rounds and by points, and a bond; pools are below 2^128, points below 2^64, so
/// that nothing overflows.
library PoolMath {
    /// @notice Gets one round's own part of a pool.
    /// @dev The parts telescope, so over all rounds they sum to the pool.
    /// @param pool The whole pool.
    /// @param rounds Number of rounds; not zero.
    /// @param round The round, from zero.
    /// @return amount The part.
    function roundPool(uint256 pool, uint256 rounds, uint256 round) internal pure returns (uint256 amount) {
        unchecked {
            amount = pool * (round + 1) / rounds - pool * round / rounds;
        }
    }

    /// @notice Gets what points earn, rounded down.
    /// @param pool What the round pays from.
    /// @param points The points; at most the divisor, or the share exceeds the pool.
    /// @param divisor Points that earn all of it; zero earns nothing.
    /// @return amount The share.
    function share(uint256 pool, uint256 points, uint256 divisor) internal pure returns (uint256 amount) {
        unchecked {
            if (divisor != 0) amount = pool * points / divisor;
        }
    }

    /// @notice Gets what of a lost bond goes to who made its claim fall: the gas, but at most half of the bond, and half of
    /// the rest. So at least a quarter is lost to everybody, and nobody gains by refuting itself.
    /// @param bond The bond.
    /// @param gas What refuting costs at the block's base fee.
    /// @return amount The bounty, rounded down: less than the bond, where that is not zero.
    function bounty(uint256 bond, uint256 gas) internal pure returns (uint256 amount) {
        unchecked {
            if (gas > bond / 2) gas = bond / 2;
            amount = gas + (bond - gas) / 2;
        }
    }
}
