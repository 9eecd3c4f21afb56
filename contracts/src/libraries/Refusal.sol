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
        if (!isRefused) return;

        uint256 length = 0;
        while (field[length] != 0) ++length;
        bytes memory text = abi.encode(field);
        assembly ("memory-safe") { mstore(text, length) }
        revert IRefuter.Malformed(string(text));
    }
}
