// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefuter} from "../../src/interfaces/IRefuter.sol";
import {LeafRangeHarness} from "../fixtures/refuter/LeafRangeHarness.sol";
import {RefuterTest} from "../fixtures/refuter/RefuterTest.sol";
import {Trees} from "../fixtures/Trees.sol";

/// @title LeafRangeTest
/// @author The Research authors
/// @notice Proofs of ranges against a tree built in full, and the steps of a descent against what the design says.
contract LeafRangeTest is RefuterTest {
    LeafRangeHarness private _library = new LeafRangeHarness();

    function testFuzz_RootOf_AnyRange_IsTheTrees(uint256 leaves, uint256 first, uint256 count) public view {
        bytes memory data = noise("range", 128 * (1 + leaves % 40));
        uint256 width = 2 ** depthOf(data);
        first %= width;
        count = 1 + count % (width - first);
        IRefuter.Leaves memory range = opened(data, 128 * first, 128 * count);

        VM.assertEq(_root(range, depthOf(data)), rootOf(data), "root");
    }

    function testFuzz_RootOf_AnotherSiblingOrLeaf_IsAnotherRoot(uint256 first, uint256 count, uint256 which)
        public
        view
    {
        bytes memory data = noise("range", 128 * 32);
        first %= 32;
        count = 1 + count % (32 - first);
        IRefuter.Leaves memory range = opened(data, 128 * first, 128 * count);
        if (which % 2 == 0 && range.siblings.length != 0) {
            range.siblings[which / 2 % range.siblings.length] ^= bytes32(uint256(1));
        } else {
            range.data[which % range.data.length] ^= 0x80;
        }
        VM.assertTrue(_root(range, 5) != rootOf(data), "root");
    }

    function testFuzz_RootOf_FewerOrMoreSiblings_Refused(uint256 first, uint256 count) public {
        bytes memory data = noise("range", 128 * 32);
        first %= 32;
        count = 1 + count % (32 - first);
        IRefuter.Leaves memory range = opened(data, 128 * first, 128 * count);
        bytes32[] memory siblings = new bytes32[](range.siblings.length + 1);
        VM.expectRevert(malformed("siblings"));
        _library.rootOf(range.data, first, 5, siblings);

        if (range.siblings.length == 0) return;
        VM.expectRevert(malformed("siblings"));
        _library.rootOf(range.data, first, 5, new bytes32[](range.siblings.length - 1));
    }

    function test_RootOf_LeavesThatAreNone_Refused() public {
        bytes32[] memory none = new bytes32[](0);
        uint256[5] memory lengths = [uint256(0), 1, 127, 129, 64];
        for (uint256 i = 0; i < 5; ++i) {
            VM.expectRevert(malformed("leaves"));
            _library.rootOf(new bytes(lengths[i]), 0, 0, none);
        }
        // Beyond the tree: the first one, and the last one only.
        VM.expectRevert(malformed("leaves"));
        _library.rootOf(new bytes(128), 4, 2, none);
        VM.expectRevert(malformed("leaves"));
        _library.rootOf(new bytes(256), 3, 2, none);
        VM.expectRevert(malformed("leaves"));
        _library.rootOf(new bytes(128), type(uint256).max, 2, none);
    }

    function test_RootOf_OneLeafDeepDown_IsClimbed() public view {
        uint8[4] memory depths = [16, 20, 24, 28];
        for (uint256 i = 0; i < 4; ++i) {
            uint256 first = uint256(keccak256(abi.encode(i))) % (2 ** depths[i]);
            bytes32[] memory siblings = new bytes32[](depths[i]);
            bytes32 node = keccak256(new bytes(128));
            for (uint256 j = 0; j < siblings.length; ++j) {
                siblings[j] = keccak256(abi.encode(i, j));
                node = (first >> j) & 1 == 1
                    ? keccak256(abi.encode(siblings[j], node))
                    : keccak256(abi.encode(node, siblings[j]));
            }
            VM.assertEq(_library.rootOf(new bytes(128), first, depths[i], siblings), node, "root");
        }
    }

    function testFuzz_Slice_WithinTheLeaves_IsTheBytes(uint256 first, uint256 skip, uint256 size) public view {
        bytes memory data = noise("slice", 640);
        first %= 1 << 40;
        skip %= 641;
        size %= 641 - skip;
        if (skip == 640) --skip; // Nothing lies in leaves that begin where it does.
        VM.assertEq(_library.slice(data, first, 128 * first + skip, size), slice(data, skip, size), "bytes");
    }

    function test_Slice_BesideTheLeaves_Refused() public {
        uint256[2][5] memory places =
            [[uint256(255), 1], [uint256(256), 257], [uint256(511), 2], [uint256(600), 0], [type(uint256).max, 2]];
        for (uint256 i = 0; i < 5; ++i) {
            VM.expectRevert(malformed("inputs"));
            _library.slice(new bytes(256), 2, places[i][0], places[i][1]);
        }
        VM.assertEq(_library.slice(new bytes(256), 2, 256, 256).length, 256, "all");
    }

    function testFuzz_RootOfNodes_PowerOfTwo_IsTheTrees(uint256 levels, bytes32 seed) public view {
        bytes32[] memory nodes = new bytes32[](2 ** (1 + levels % 4));
        bytes memory data;
        for (uint256 i = 0; i < nodes.length; ++i) {
            nodes[i] = keccak256(abi.encode(seed, i));
            data = bytes.concat(data, nodes[i]);
        }
        VM.assertEq(_library.rootOfNodes(data), Trees.root(nodes), "root");
    }

    /// @dev The first answer goes so many levels down that a multiple of four is left; each later one four.
    function test_Descent_AnyDepth_LeavesAMultipleOfFour() public view {
        uint8[14] memory depths = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 20, 24, 28];
        uint8[14] memory lasts = [0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 4, 5, 6, 7];
        for (uint256 i = 0; i < 14; ++i) {
            uint256 depth = depths[i];
            uint256 pad = depth % 4 == 0 ? 4 : depth % 4;
            for (uint256 level = 0; level <= lasts[i]; ++level) {
                (uint256 last, uint256 below, uint256 opened_) = _library.descent(depth, level);
                VM.assertEq(last, lasts[i], "last");
                VM.assertEq(below, level == 0 ? 0 : pad + 4 * (level - 1), "below");
                VM.assertEq(opened_, level == last ? 0 : level == 0 ? pad : 4, "opened");
                if (level == last) VM.assertEq(below, depth, "a leaf");
            }
        }
    }

    function _root(IRefuter.Leaves memory range, uint256 depth) private view returns (bytes32) {
        return _library.rootOf(range.data, range.first, depth, range.siblings);
    }
}
