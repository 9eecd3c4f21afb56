// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefuter} from "../interfaces/IRefuter.sol";

/// @title Refusal
/// @author The Research authors
/// @notice Refuses what is malformed, in one place: each of these in its own would take a tenth of the refuter's code.
library Refusal {
    /// @notice Reverts with `IRefuter.Malformed`, or does not.
    /// @param isRefused Whether it does.
    /// @param field What is malformed: letters, and zero bytes behind them.
    function malformedIf(bool isRefused, bytes32 field) internal pure {
        bytes4 selector = IRefuter.Malformed.selector;
        assembly ("memory-safe") {
            if isRefused {
                let length := 0
                for {} byte(length, field) {} { length := add(length, 1) }
                let text := mload(0x40)
                mstore(text, selector)
                mstore(add(text, 4), 32)
                mstore(add(text, 36), length)
                mstore(add(text, 68), field)
                revert(text, 100)
            }
        }
    }
}
