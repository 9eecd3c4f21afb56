// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Refusal} from "./Refusal.sol";

/// @title RecordWords
/// @author The Research authors
/// @notice Reads the 1,024 bytes of a record of a program, as SCORING.md lays them out, section Records.
/// @dev Numbers have 64 bits and loops run less than 2^32 times, so no address leaves 256 bits.
library RecordWords {
    /// @notice What a record says of an operand, beside where it lies.
    /// @param tree The tree's number, before a coordinate is added.
    /// @param width Bytes of an element.
    /// @param treeLoop The loop whose coordinate is added to the tree's number, or 255.
    /// @param carried The loop along which it is carried, or 255.
    /// @param presence 0 absent, 1 present, 2 present with a first.
    struct Head {
        uint256 tree;
        uint256 width;
        uint256 treeLoop;
        uint256 carried;
        uint256 presence;
    }

    /// @notice Bytes of a record.
    uint256 internal constant BYTES = 1024;

    uint256 private constant WORDS = 32;
    uint256 private constant MOST_LOOPS = 8;
    uint256 private constant LOOPS = 2; // The word of the first loop; each has one.
    uint256 private constant OPERANDS = 10; // The word of the first operand; each has six.
    uint256 private constant OPERAND = 6;
    uint256 private constant NONE = 255;

    /// @notice Fills up a record with its zero words.
    /// @param mask Bit i: word i is given.
    /// @param words The words that are given, in order.
    /// @return record The record.
    function expand(uint256 mask, bytes32[] calldata words) internal pure returns (bytes memory record) {
        record = new bytes(BYTES);
        uint256 used;
        assembly ("memory-safe") {
            let from := words.offset
            let to := add(record, 32)
            // What the mask names beyond the words is read from whatever follows them, and counted.
            for { let rest := and(mask, 0xffffffff) } rest { rest := shr(1, rest) } {
                if and(rest, 1) {
                    mstore(to, calldataload(from))
                    from := add(from, 32)
                }
                to := add(to, 32)
            }
            used := shr(5, sub(from, words.offset))
        }
        Refusal.malformedIf(used != words.length || mask >> WORDS != 0, "record");
    }

    /// @notice Gets what a step computes.
    /// @param record The record.
    /// @return number The kind's number.
    function kind(bytes memory record) internal pure returns (uint256 number) {
        number = word(record, 0) >> 248;
    }

    /// @notice Gets the bytes of an output.
    /// @param record The record.
    /// @return size How many.
    function width(bytes memory record) internal pure returns (uint256 size) {
        size = uint8(word(record, 0) >> 240);
    }

    /// @notice Gets the number of loops.
    /// @param record The record.
    /// @return count How many, at most 8.
    function loops(bytes memory record) internal pure returns (uint256 count) {
        count = uint8(word(record, 0) >> 232);
        Refusal.malformedIf(count > MOST_LOOPS, "record");
    }

    /// @notice Gets the number of loops around the array.
    /// @param record The record.
    /// @return count How many, at most as many as there are.
    function around(bytes memory record) internal pure returns (uint256 count) {
        count = uint8(word(record, 0) >> 224);
        Refusal.malformedIf(count > loops(record), "record");
    }

    /// @notice Gets the length of a run, or what the kind says.
    /// @param record The record.
    /// @return count The number.
    function length(bytes memory record) internal pure returns (uint256 count) {
        count = uint32(word(record, 0) >> 192);
    }

    /// @notice Gets the shifts t and s.
    /// @param record The record.
    /// @return left Bits to the left, t.
    /// @return right Bits to the right, s.
    function shifts(bytes memory record) internal pure returns (uint256 left, uint256 right) {
        left = uint8(word(record, 0) >> 184);
        right = uint8(word(record, 0) >> 176);
    }

    /// @notice Gets the bounds of an output.
    /// @param record The record.
    /// @return low The least.
    /// @return high The greatest.
    function bounds(bytes memory record) internal pure returns (int256 low, int256 high) {
        low = int64(uint64(word(record, 0) >> 64));
        high = int64(uint64(word(record, 0)));
    }

    /// @notice Gets what a record says of an operand.
    /// @param record The record.
    /// @param which The operand, 0 to 2.
    /// @return head Its head.
    function headOf(bytes memory record, uint256 which) internal pure returns (Head memory head) {
        uint256 first = word(record, OPERANDS + OPERAND * which);
        head.tree = uint32(first >> 224);
        head.width = uint8(first >> 216);
        head.treeLoop = uint8(first >> 208);
        head.carried = uint8(first >> 200);
        head.presence = uint8(first >> 192);
    }

    /// @notice Gets the bytes of an operand's element.
    /// @param record The record.
    /// @param which The operand, 0 to 2.
    /// @return size How many.
    function widthOf(bytes memory record, uint256 which) internal pure returns (uint256 size) {
        size = uint8(word(record, OPERANDS + OPERAND * which) >> 216);
    }

    /// @notice Gets how often a loop runs.
    /// @param record The record.
    /// @param loop The loop.
    /// @param seats The seats.
    /// @return count How often.
    function extent(bytes memory record, uint256 loop, uint256 seats) internal pure returns (uint256 count) {
        count = word(record, LOOPS + loop) >> 224;
        if (count == 0) count = seats;
    }

    /// @notice Gets a coordinate.
    /// @param at The coordinates, 32 bits each.
    /// @param loop The loop.
    /// @return value Its coordinate.
    function coordinate(uint256 at, uint256 loop) internal pure returns (uint256 value) {
        value = uint32(at >> (32 * loop));
    }

    /// @notice Gets the coordinate in the last loop.
    /// @param record The record.
    /// @param at The coordinates.
    /// @return value The coordinate; zero where there is no loop.
    function lastCoordinate(bytes memory record, uint256 at) internal pure returns (uint256 value) {
        uint256 count = loops(record);
        if (count != 0) value = coordinate(at, count - 1);
    }

    /// @notice Refuses coordinates that no run has.
    /// @param record The record.
    /// @param at The coordinates.
    /// @param count Of how many loops, from the outermost.
    /// @param seats The seats.
    function checkCoordinates(bytes memory record, uint256 at, uint256 count, uint256 seats) internal pure {
        bool isRun = true;
        unchecked {
            for (uint256 i = 0; i < count; ++i) {
                isRun = isRun && coordinate(at, i) < extent(record, i, seats);
            }
        }
        Refusal.malformedIf(!isRun, "coordinate");
    }

    /// @notice Gets the address of an output.
    /// @param record The record.
    /// @param at The coordinates.
    /// @param count How many loops move it, from the outermost.
    /// @param seats The seats.
    /// @return place The address.
    function output(bytes memory record, uint256 at, uint256 count, uint256 seats)
        internal
        pure
        returns (uint256 place)
    {
        int256 blocks = int256(seats / 16);
        int256 sum = polynomial(word(record, 1) >> 64, blocks);
        unchecked {
            for (uint256 i = 0; i < count; ++i) {
                sum += int256(coordinate(at, i)) * polynomial(word(record, LOOPS + i), blocks);
            }
        }
        Refusal.malformedIf(sum < 0, "record");
        place = uint256(sum);
    }

    /// @notice Gets the bytes of an array's outputs, without what fills up its last leaf.
    /// @param record The record.
    /// @param seats The seats.
    /// @return size How many, of one run of the loops around it.
    function arrayBytes(bytes memory record, uint256 seats) internal pure returns (uint256 size) {
        size = width(record);
        uint256 count = loops(record);
        for (uint256 i = around(record); i < count; ++i) {
            size *= extent(record, i, seats); // 32 bits each, at most eight: what no trace has wraps around or reverts.
        }
    }

    /// @notice Gets where an operand lies.
    /// @param record The record.
    /// @param which The operand, 0 to 2.
    /// @param at The coordinates.
    /// @param seats The seats.
    /// @return isZero Whether it is in the first run of a loop along which it is carried, and has no first there.
    /// @return place Its address.
    function operand(bytes memory record, uint256 which, uint256 at, uint256 seats)
        internal
        pure
        returns (bool isZero, int256 place)
    {
        uint256 head = OPERANDS + OPERAND * which;
        int256 blocks = int256(seats / 16);
        Head memory says = headOf(record, which);
        if (says.carried != NONE && coordinate(at, says.carried) == 0) {
            if (says.presence != 2) return (true, 0);
            place = polynomial(word(record, head + 1) >> 64, blocks);
        } else {
            place = polynomial(word(record, head), blocks);
        }
        uint256 count = loops(record);
        unchecked {
            for (uint256 i = 0; i < count; ++i) {
                // Two strides a word, the first one in its upper half.
                uint256 stride = word(record, head + 2 + i / 2) >> (i & 1 == 0 ? 128 : 0);
                if (uint128(stride) == 0) continue;

                int256 moved = int256(int64(uint64(stride >> 64))) + int256(int64(uint64(stride))) * blocks;
                place += int256(coordinate(at, i)) * moved;
            }
        }
    }

    /// @notice Gets the number of the tree that an operand lies in.
    /// @param head What its record says.
    /// @param at The coordinates.
    /// @return tree The number.
    function treeOf(Head memory head, uint256 at) internal pure returns (uint256 tree) {
        tree = head.tree;
        if (head.treeLoop != NONE) tree += coordinate(at, head.treeLoop);
    }

    /// @notice Gets the value of c + q·s + r·s², whose coefficients are the last 24 bytes of a word.
    /// @param coefficients The word.
    /// @param blocks s, the blocks of seats.
    /// @return value The value.
    function polynomial(uint256 coefficients, int256 blocks) internal pure returns (int256 value) {
        unchecked {
            value = int256(int64(uint64(coefficients >> 128))) + int256(int64(uint64(coefficients >> 64))) * blocks
                + int256(int64(uint64(coefficients))) * blocks * blocks;
        }
    }

    /// @notice Gets a word.
    /// @param record The record.
    /// @param index Its number.
    /// @return value The word.
    function word(bytes memory record, uint256 index) internal pure returns (uint256 value) {
        assembly ("memory-safe") { value := mload(add(add(record, 32), shl(5, index))) }
    }
}
