// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LeafTree} from "./LeafTree.sol";
import {Refusal} from "./Refusal.sol";

/// @title LeafRange
/// @author The Research authors
/// @notice Proofs of consecutive leaves of a tree, and what is read from them.
/// @dev Leaves are hashed as 128 bytes and nodes as 64, so neither passes for the other: a root that comes out right makes
/// the leaves right, whatever the numbers beside them say. Where they lie follows from those numbers alone.
library LeafRange {
    /// @notice Gets the root to which consecutive leaves and the hashes beside their way up lead.
    /// @param data The leaves, whole.
    /// @param first The number of the first one.
    /// @param depth Levels of the tree above its leaves.
    /// @param siblings The hashes, see `IRefuter.Leaves`; neither fewer nor more than the way up needs.
    /// @return root The root.
    function rootOf(bytes memory data, uint256 first, uint256 depth, bytes32[] calldata siblings)
        internal
        pure
        returns (bytes32 root)
    {
        uint256 count = data.length / LeafTree.LEAF;
        Refusal.malformedIf(count == 0 || data.length % LeafTree.LEAF != 0, "leaves");
        unchecked {
            // The first lies within the tree, so the sum wraps for no tree that there can be.
            Refusal.malformedIf(first >> depth != 0 || (first + count - 1) >> depth != 0, "leaves");
        }
        uint256 used;
        (root, used) = _fold(data, count, first, depth, siblings);
        Refusal.malformedIf(used != siblings.length, "siblings");
    }

    /// @notice Gets the bytes at an address, from the leaves that hold them.
    /// @dev Warning: the result lies in the memory of the leaves, whose bytes before it are overwritten.
    /// @param data The leaves.
    /// @param first The number of the first one.
    /// @param place The address.
    /// @param size How many bytes.
    /// @param field What is malformed where the leaves do not hold them.
    /// @return part The bytes.
    function slice(bytes memory data, uint256 first, uint256 place, uint256 size, bytes32 field)
        internal
        pure
        returns (bytes memory part)
    {
        Refusal.malformedIf(place / LeafTree.LEAF < first, field);
        uint256 skip = place - first * LeafTree.LEAF;
        Refusal.malformedIf(skip > data.length || size > data.length - skip, field);
        assembly ("memory-safe") {
            part := add(data, skip)
            mstore(part, size)
        }
    }

    /// @dev The nodes of a level lie behind a free place, which takes the node left of them; one node needs none. What the way
    /// needs beyond the siblings is read from whatever follows them, and counted: the caller refuses it.
    function _fold(bytes memory data, uint256 count, uint256 first, uint256 depth, bytes32[] calldata siblings)
        private
        pure
        returns (bytes32 root, uint256 used)
    {
        assembly ("memory-safe") {
            let left := mload(0x40)
            let nodes := add(left, 32)
            for { let i := 0 } lt(i, count) { i := add(i, 1) } {
                mstore(add(nodes, shl(5, i)), keccak256(add(add(data, 32), shl(7, i)), 128))
            }
            let next := siblings.offset
            for {} and(gt(count, 1), gt(depth, 0)) { depth := sub(depth, 1) } {
                let from := nodes
                if and(first, 1) {
                    from := left
                    mstore(left, calldataload(next))
                    next := add(next, 32)
                    count := add(count, 1)
                }
                if and(count, 1) {
                    mstore(add(from, shl(5, count)), calldataload(next))
                    next := add(next, 32)
                    count := add(count, 1)
                }
                count := shr(1, count)
                first := shr(1, first)
                for { let i := 0 } lt(i, count) { i := add(i, 1) } {
                    mstore(add(nodes, shl(5, i)), keccak256(add(from, shl(6, i)), 64))
                }
            }
            root := mload(nodes)
            let end := add(next, shl(5, depth))
            for {} lt(next, end) { next := add(next, 32) } {
                let side := shl(5, and(first, 1))
                mstore(side, root)
                mstore(xor(side, 32), calldataload(next))
                root := keccak256(0, 64)
                first := shr(1, first)
            }
            used := shr(5, sub(next, siblings.offset))
        }
    }
}
