// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title LeafTree
/// @author The Research authors
/// @notice Trees over 128-byte leaves, as SCORING.md has them: a leaf hashes to `keccak(leaf)`, a node to `keccak(left ‖
/// right)`; bytes are filled up with zeros to whole leaves, and leaves with zero leaves to a power of two.
library LeafTree {
    /// @notice Bytes of a leaf.
    uint256 internal constant LEAF = 128;

    /// @notice Gets the number of leaves of the smallest tree that holds some bytes.
    /// @param length Number of bytes; below 2^255.
    /// @return leaves A power of two, at least one.
    function leavesOf(uint256 length) internal pure returns (uint256 leaves) {
        leaves = 1;
        unchecked {
            while (leaves * LEAF < length) leaves <<= 1;
        }
    }

    /// @notice Gets the levels of a tree above its leaves.
    /// @param leaves Number of leaves; a power of two.
    /// @return count Its logarithm.
    function levels(uint256 leaves) internal pure returns (uint256 count) {
        unchecked {
            while (leaves > 1) {
                leaves >>= 1;
                ++count;
            }
        }
    }

    /// @notice Gets the root of a subtree over bytes.
    /// @param data The bytes; at most `leaves * 128`.
    /// @param leaves Number of leaves; a power of two.
    /// @return root The root.
    function rootOf(bytes calldata data, uint256 leaves) internal pure returns (bytes32 root) {
        assembly ("memory-safe") {
            let hashes := mload(0x40)
            let leaf := add(hashes, shl(5, leaves))
            mstore(0x40, add(leaf, 128))
            let end := data.length
            for { let i := 0 } lt(i, leaves) { i := add(i, 1) } {
                // Bytes past the end of the data are zero in the tree, and may be anything in the calldata.
                let at := shl(7, i)
                let size := 0
                if lt(at, end) {
                    size := sub(end, at)
                    if gt(size, 128) { size := 128 }
                }
                calldatacopy(leaf, add(data.offset, at), size)
                calldatacopy(add(leaf, size), calldatasize(), sub(128, size))
                mstore(add(hashes, shl(5, i)), keccak256(leaf, 128))
            }
            for { let count := shr(1, leaves) } gt(count, 0) { count := shr(1, count) } {
                for { let i := 0 } lt(i, count) { i := add(i, 1) } {
                    mstore(add(hashes, shl(5, i)), keccak256(add(hashes, shl(6, i)), 64))
                }
            }
            root := mload(hashes)
        }
    }

    /// @notice Gets the root of the subtree over keys, each alone in a leaf: the key and 96 zero bytes.
    /// @param keys The keys, 32 bytes each; at most as many as leaves.
    /// @param leaves Number of leaves; a power of two.
    /// @return root The root.
    function rootOfKeys(bytes calldata keys, uint256 leaves) internal pure returns (bytes32 root) {
        assembly ("memory-safe") {
            let hashes := mload(0x40)
            let leaf := add(hashes, shl(5, leaves))
            mstore(0x40, add(leaf, 128))
            calldatacopy(leaf, calldatasize(), 128)
            for { let i := 0 } lt(i, leaves) { i := add(i, 1) } {
                let at := shl(5, i)
                mstore(leaf, 0)
                if lt(at, keys.length) { mstore(leaf, calldataload(add(keys.offset, at))) }
                mstore(add(hashes, at), keccak256(leaf, 128))
            }
            for { let count := shr(1, leaves) } gt(count, 0) { count := shr(1, count) } {
                for { let i := 0 } lt(i, count) { i := add(i, 1) } {
                    mstore(add(hashes, shl(5, i)), keccak256(add(hashes, shl(6, i)), 64))
                }
            }
            root := mload(hashes)
        }
    }

    /// @notice Gets the root of a subtree over nodes.
    /// @dev A queue: each pair's hash goes behind the last node, so that level follows level; the one that is left is the root.
    /// There is one hash fewer than nodes, an odd number: the first one alone, then two at a time.
    /// @param nodes The nodes, 32 bytes each; a power of two of them, two or more.
    /// @return root The root.
    function rootOfNodes(bytes calldata nodes) internal pure returns (bytes32 root) {
        assembly ("memory-safe") {
            let from := mload(0x40)
            let to := add(from, nodes.length)
            calldatacopy(from, nodes.offset, nodes.length)
            mstore(to, keccak256(from, 64))
            to := add(to, 32)
            from := add(from, 64)
            for {} gt(sub(to, from), 32) {} {
                mstore(to, keccak256(from, 64))
                mstore(add(to, 32), keccak256(add(from, 64), 64))
                to := add(to, 64)
                from := add(from, 128)
            }
            root := mload(from)
        }
    }

    /// @notice Gets the root to which a node and the hashes beside its way up lead.
    /// @param node The node.
    /// @param index Its number on its level, from zero; bits beyond the siblings are not looked at.
    /// @param siblings The hashes beside the way, from below.
    /// @return root The root.
    function climb(bytes32 node, uint256 index, bytes32[] calldata siblings) internal pure returns (bytes32 root) {
        assembly ("memory-safe") {
            root := node
            for { let i := 0 } lt(i, siblings.length) { i := add(i, 1) } {
                let side := shl(5, and(shr(i, index), 1))
                mstore(side, root)
                mstore(xor(side, 32), calldataload(add(siblings.offset, shl(5, i))))
                root := keccak256(0, 64)
            }
        }
    }
}
