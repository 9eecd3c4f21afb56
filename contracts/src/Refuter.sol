// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Refuter
/// @author The Research authors
/// @notice TEMPORARY: nothing ever falls. The refuter takes its place.
contract Refuter {
    /// @notice See `IRefuter`.
    /// @param id The case.
    /// @return winner Nobody.
    /// @return settled Never demanded.
    function standing(bytes32 id) external pure returns (address winner, uint256 settled) {}
}
