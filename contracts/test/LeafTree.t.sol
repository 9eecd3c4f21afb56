// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LeafTreeHarness} from "./fixtures/LeafTreeHarness.sol";
import {Trees} from "./fixtures/Trees.sol";
import {Vm} from "./fixtures/Vm.sol";

/// @title LeafTreeTest
/// @author The Research authors
/// @notice `LeafTree` against the plainest implementation there is: byte by byte, and by recursion.
contract LeafTreeTest {
    Vm private constant VM = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

    LeafTreeHarness private _library = new LeafTreeHarness();

    function testFuzz_RootOf_AnyLengthAndGarbageBehind_IsSlowRoot(bytes32 seed, uint256 length, bytes calldata garbage)
        public
        view
    {
        bytes memory data = _bytes(seed, length % 2000);
        _check(data, garbage, _library.leavesOf(data.length));
    }

    function testFuzz_RootOf_MoreLeavesThanBytes_FillsWithZeroLeaves(bytes32 seed, uint256 length) public view {
        bytes memory data = _bytes(seed, length % 700);
        _check(data, hex"ff", 4 * _library.leavesOf(data.length));
    }

    function test_RootOf_LengthsAboutLeaves_IsSlowRoot() public view {
        uint16[14] memory lengths = [0, 1, 31, 32, 127, 128, 129, 255, 256, 257, 384, 385, 1024, 1025];
        for (uint256 i = 0; i < lengths.length; ++i) {
            bytes memory data = _bytes("edges", lengths[i]);
            _check(data, hex"0123456789abcdef", _library.leavesOf(data.length));
        }
    }

    function test_RootOf_WholePiece_IsSlowRoot() public view {
        _check(_bytes("piece", 16_384), hex"ffff", 128);
        _check(_bytes("piece", 16_383), hex"ffff", 128);
    }

    /// @dev Two roots that anybody can compute with other tools.
    function test_RootOf_KnownRoots_AreThose() public view {
        bytes32 leaf = keccak256(new bytes(128));
        VM.assertEq(_library.rootOf("", 1), leaf, "no bytes are one zero leaf");
        VM.assertEq(_library.rootOf("", 2), keccak256(bytes.concat(leaf, leaf)), "two zero leaves");
        VM.assertEq(
            _library.rootOf(hex"ab", 1), keccak256(bytes.concat(hex"ab", new bytes(127))), "a byte and zeros behind"
        );
    }

    function test_LeavesOf_Lengths_ArePowersOfTwo() public view {
        uint24[9] memory lengths = [0, 1, 128, 129, 256, 257, 16_384, 16_385, 1_048_576];
        uint16[9] memory leaves = [1, 1, 1, 2, 2, 4, 128, 256, 8192];
        for (uint256 i = 0; i < 9; ++i) {
            VM.assertEq(_library.leavesOf(lengths[i]), leaves[i], "leaves");
        }
    }

    function testFuzz_RootOfKeys_AnyNumber_IsOneKeyALeaf(bytes32 seed, uint256 count, bytes calldata garbage)
        public
        view
    {
        count = 1 + count % 128;
        bytes memory keys = _bytes(seed, 32 * count);
        bytes memory spread;
        for (uint256 i = 0; i < count; ++i) {
            spread = bytes.concat(spread, _part(keys, 32 * i, 32), new bytes(96));
        }
        uint256 leaves = _library.leavesOf(128 * count);
        bytes memory call = bytes.concat(abi.encodeCall(LeafTreeHarness.rootOfKeys, (keys, leaves)), garbage);
        (bool success, bytes memory result) = address(_library).staticcall(call);

        VM.assertTrue(success, "call");
        VM.assertEq(abi.decode(result, (bytes32)), _slow(spread, 0, leaves), "root");
    }

    function testFuzz_Climb_EveryLeafAndPiece_LeadsToRoot(bytes32 seed, uint256 length, uint256 index, uint256 level)
        public
        view
    {
        bytes memory data = _bytes(seed, 1 + length % 3000);
        bytes32[] memory hashes = Trees.leaves(data);
        uint256 leaves = _library.leavesOf(data.length);
        uint256 depth;
        while (2 ** depth < leaves) ++depth;
        level %= depth + 1;
        index %= leaves >> level;
        uint256 width = 2 ** level;
        bytes32 node = _slow(data, index * width, width);
        bytes32[] memory siblings = Trees.proof(hashes, level, index);

        VM.assertEq(siblings.length, depth - level, "siblings");
        VM.assertEq(_library.climb(node, index, siblings), _slow(data, 0, leaves), "root");
        VM.assertEq(_library.climb(node, index, siblings), Trees.root(hashes), "the fixture's root");
    }

    function testFuzz_RootOf_ThenRootOfKeys_KeepMemoryApart(bytes32 seed, uint256 length) public view {
        bytes memory data = _bytes(seed, length % 900);
        bytes memory keys = _bytes(~seed, 32 * (1 + length % 7));
        uint256 leaves = _library.leavesOf(data.length);
        (bytes32 first, bytes32 second, bytes32 between, bytes memory kept) = _library.twice(data, keys, leaves, 8);

        VM.assertEq(first, _library.rootOf(data, leaves), "first");
        VM.assertEq(second, _library.rootOfKeys(keys, 8), "second");
        VM.assertEq(between, keccak256(data), "what was copied between");
        VM.assertEq(kept, data, "what was there before");
    }

    function _check(bytes memory data, bytes memory garbage, uint256 leaves) private view {
        // What follows the data in the calldata is not zero: neither its last word nor what is appended.
        bytes memory call = abi.encodeCall(LeafTreeHarness.rootOf, (data, leaves));
        uint256 padding = (32 - data.length % 32) % 32;
        for (uint256 i = call.length - padding; i < call.length; ++i) {
            call[i] = 0xee;
        }
        (bool success, bytes memory result) = address(_library).staticcall(bytes.concat(call, garbage));

        VM.assertTrue(success, "call");
        VM.assertEq(abi.decode(result, (bytes32)), _slow(data, 0, leaves), "root");
    }

    function _slow(bytes memory data, uint256 first, uint256 leaves) private pure returns (bytes32) {
        if (leaves == 1) return keccak256(_part(data, 128 * first, 128));

        bytes32 left = _slow(data, first, leaves / 2);
        bytes32 right = _slow(data, first + leaves / 2, leaves / 2);
        return keccak256(bytes.concat(left, right));
    }

    /// @dev Some bytes from a start on; zeros where they end.
    function _part(bytes memory data, uint256 start, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i = 0; i < length && start + i < data.length; ++i) {
            part[i] = data[start + i];
        }
    }

    function _bytes(bytes32 seed, uint256 length) private pure returns (bytes memory data) {
        data = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            if (i % 32 == 0) seed = keccak256(abi.encode(seed));
            data[i] = seed[i % 32];
        }
    }
}
