// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RecordWords} from "./RecordWords.sol";

/// @title StepMath
/// @author The Research authors
/// @notice What steps compute: SCORING.md, section Steps, a value at a time.
/// @dev Exact in 256 bits for every record that a program of SCORING.md has: numbers have at most 64 bits, and shifts are
/// below 64. So nothing here is checked for overflow, and nothing reverts: a step that reverts could not be refuted.
library StepMath {
    uint256 internal constant DOT = 1;
    uint256 internal constant SUM = 2;
    uint256 internal constant MAC = 3;
    uint256 internal constant RATIO = 4;
    uint256 internal constant GATHER = 5;
    uint256 internal constant TABLE = 6;
    uint256 internal constant LARGEST = 7;
    uint256 internal constant SELECT = 8;
    uint256 internal constant LESS = 9;
    uint256 internal constant MATCH = 10;
    uint256 internal constant ROOT = 11;
    uint256 internal constant DECODE = 12;
    uint256 internal constant COIN = 13;
    uint256 internal constant NOISE = 14;
    uint256 internal constant EXPLAIN = 15;
    uint256 internal constant TRIM = 16;
    uint256 internal constant HASH = 17;
    uint256 internal constant ENTRY = 18;
    uint256 internal constant CHOICE = 19;

    uint256 private constant MOST_TERMS = 256;

    /// @notice Gets how many bytes a step reads of an operand.
    /// @param record The record.
    /// @param which The operand, 0 to 2.
    /// @param coordinate The step's coordinate in its last loop.
    /// @return size How many.
    function bytesOf(bytes memory record, uint256 which, uint256 coordinate) internal pure returns (uint256 size) {
        uint256 kind = RecordWords.kind(record);
        uint256 length = RecordWords.length(record);
        if (kind == HASH) return length == 128 ? 128 : length / 2;

        size = RecordWords.widthOf(record, which);
        if ((kind == DOT && which < 2) || (kind == SUM && which == 0)) {
            uint256 before = MOST_TERMS * coordinate;
            uint256 left = before < length ? length - before : 0;
            size *= left < MOST_TERMS ? left : MOST_TERMS;
        } else if ((kind == LARGEST && which == 0) || (kind == TRIM && which < 2)) {
            size *= length;
        }
    }

    /// @notice Computes a step.
    /// @param record The record; not of kind Entry.
    /// @param coordinate The step's coordinate in its last loop.
    /// @param place The address of its output.
    /// @param operands What it reads of each, as `bytesOf` says; empty where it is absent.
    /// @return output The output, in the first bytes; zeros behind it.
    function compute(bytes memory record, uint256 coordinate, uint256 place, bytes[3] memory operands)
        internal
        pure
        returns (bytes32 output)
    {
        uint256 kind = RecordWords.kind(record);
        if (kind == HASH) return keccak256(bytes.concat(operands[0], operands[1]));

        int256 value;
        if (kind >= DECODE && kind != EXPLAIN && kind != TRIM) {
            value = _hashed(kind, coordinate, place, record, operands);
        } else if (kind == TRIM) {
            value = _trimmed(record, operands);
        } else if (kind == LARGEST) {
            value = _largest(record, operands[0]);
        } else {
            value = _value(kind, record, operands);
        }
        (int256 low, int256 high) = RecordWords.bounds(record);
        if (value < low) value = low;
        if (value > high) value = high;
        output = bytes32(uint256(value) << (256 - 8 * RecordWords.width(record)));
    }

    /// @notice Gets the first number of an operand.
    /// @param record The record.
    /// @param which The operand, 0 to 2.
    /// @param operand Its bytes.
    /// @return number The number; zero where there are none.
    function numberOf(bytes memory record, uint256 which, bytes memory operand) internal pure returns (int256 number) {
        if (operand.length != 0) number = _element(operand, 0, RecordWords.widthOf(record, which));
    }

    function _value(uint256 kind, bytes memory record, bytes[3] memory operands) private pure returns (int256 value) {
        int256 a = numberOf(record, 0, operands[0]);
        int256 b = numberOf(record, 1, operands[1]);
        int256 c = numberOf(record, 2, operands[2]);
        (uint256 left, uint256 right) = RecordWords.shifts(record);
        unchecked {
            if (kind == DOT) return _rounded(_dot(record, operands) + (c << left), right);
            if (kind == SUM) return _rounded(_sum(record, operands[0]) + (b << left), right);
            if (kind == MAC) return _rounded(a * b + (c << left), right);
            if (kind == RATIO) {
                return _ratio(((a * c) << left) + (RecordWords.length(record) == 1 ? b >> 1 : int256(0)), b);
            }
            if (kind == GATHER) return a >= 0 && a < int256(RecordWords.length(record)) ? b : int256(0);
            if (kind == TABLE) return b;
            if (kind == SELECT) return a > 0 ? b : c;
            if (kind == LESS) return a < b ? int256(1) : int256(0);
            if (kind == MATCH) return a == b ? c : int256(0);
            if (kind == ROOT) return _root(a);
            if (kind == EXPLAIN) return a * a >= b ? c + a * a : c;
        }
        // Zero.
    }

    /// @dev Kinds whose value comes of a hash.
    function _hashed(uint256 kind, uint256 coordinate, uint256 place, bytes memory record, bytes[3] memory operands)
        private
        pure
        returns (int256 value)
    {
        if (kind == DECODE) {
            bytes32 mask = keccak256(abi.encode(_head(operands[2]), coordinate / 16));
            bytes32 clear = _head(operands[1]) ^ (mask << (16 * (coordinate % 16)));
            return int16(uint16(bytes2(clear)));
        }
        bytes32 seed = _head(operands[1]);
        if (kind == CHOICE) {
            uint256 bit = coordinate % 256;
            return int256((uint256(uint8(keccak256(abi.encode(seed, coordinate / 256))[bit / 8])) >> (bit % 8)) & 1);
        }
        uint256 drawn = uint16(bytes2(keccak256(abi.encode(seed, place / 32)) << (8 * (place % 32))));
        if (kind == COIN) return int256(drawn) < numberOf(record, 0, operands[0]) ? int256(1) : int256(0);
        if (kind == NOISE) {
            for (; drawn != 0; drawn >>= 1) {
                value += int256(2 * (drawn & 1));
            }
            value -= 16;
        }
    }

    /// @dev Four terms at a time, while there are four: this is the longest loop that there is.
    function _dot(bytes memory record, bytes[3] memory operands) private pure returns (int256 sum) {
        bytes memory a = operands[0];
        bytes memory b = operands[1];
        if (a.length == 0 || b.length == 0) return 0;

        uint256 widthA = RecordWords.widthOf(record, 0);
        uint256 widthB = RecordWords.widthOf(record, 1);
        assembly ("memory-safe") {
            let x := add(a, 32)
            let y := add(b, 32)
            let end := add(x, mload(a))
            let cutA := sub(256, shl(3, widthA))
            let cutB := sub(256, shl(3, widthB))
            for { let four := sub(end, mul(3, widthA)) } lt(x, four) {} {
                sum := add(sum, mul(sar(cutA, mload(x)), sar(cutB, mload(y))))
                x := add(x, widthA)
                y := add(y, widthB)
                sum := add(sum, mul(sar(cutA, mload(x)), sar(cutB, mload(y))))
                x := add(x, widthA)
                y := add(y, widthB)
                sum := add(sum, mul(sar(cutA, mload(x)), sar(cutB, mload(y))))
                x := add(x, widthA)
                y := add(y, widthB)
                sum := add(sum, mul(sar(cutA, mload(x)), sar(cutB, mload(y))))
                x := add(x, widthA)
                y := add(y, widthB)
            }
            for {} lt(x, end) {} {
                sum := add(sum, mul(sar(cutA, mload(x)), sar(cutB, mload(y))))
                x := add(x, widthA)
                y := add(y, widthB)
            }
        }
    }

    function _sum(bytes memory record, bytes memory a) private pure returns (int256 sum) {
        uint256 width = RecordWords.widthOf(record, 0);
        assembly ("memory-safe") {
            let x := add(a, 32)
            let end := add(x, mload(a))
            let cut := sub(256, shl(3, width))
            for {} lt(x, end) { x := add(x, width) } { sum := add(sum, sar(cut, mload(x))) }
        }
    }

    function _largest(bytes memory record, bytes memory a) private pure returns (int256 index) {
        uint256 width = RecordWords.widthOf(record, 0);
        uint256 count = width == 0 ? 0 : a.length / width;
        int256 most = type(int256).min;
        for (uint256 i = 0; i < count; ++i) {
            int256 one = _element(a, i, width);
            if (one > most) (most, index) = (one, int256(i));
        }
    }

    function _trimmed(bytes memory record, bytes[3] memory operands) private pure returns (int256 mean) {
        (int256[] memory kept, uint256 count) = _sorted(record, operands);
        if (count == 0) return 0;

        (uint256 trim,) = RecordWords.shifts(record);
        if (trim > (count - 1) / 2) trim = (count - 1) / 2;
        int256 rest = int256(count - 2 * trim);
        int256 sum = rest / 2;
        for (uint256 i = trim; i < count - trim; ++i) {
            sum += kept[i];
        }
        mean = _ratio(sum, rest);
    }

    /// @dev The elements of a whose element of b is positive, the least first. There are at most 32.
    function _sorted(bytes memory record, bytes[3] memory operands)
        private
        pure
        returns (int256[] memory sorted, uint256 count)
    {
        uint256 length = operands[0].length == 0 || operands[1].length == 0 ? 0 : RecordWords.length(record);
        sorted = new int256[](length);
        for (uint256 i = 0; i < length; ++i) {
            if (_element(operands[1], i, RecordWords.widthOf(record, 1)) <= 0) continue;
            int256 one = _element(operands[0], i, RecordWords.widthOf(record, 0));
            uint256 at_ = count;
            ++count;
            for (; at_ > 0 && sorted[at_ - 1] > one; --at_) {
                sorted[at_] = sorted[at_ - 1];
            }
            sorted[at_] = one;
        }
    }

    /// @dev By halves: a square below 2^64 has a root below 2^32.
    function _root(int256 square) private pure returns (int256 low) {
        if (square <= 0) return 0;

        for (int256 bit = 2 ** 31; bit != 0; bit >>= 1) {
            if ((low + bit) * (low + bit) <= square) low += bit;
        }
    }

    /// @dev Division that rounds down, below zero too; zero by what is not positive.
    function _ratio(int256 value, int256 by) private pure returns (int256 quotient) {
        if (by <= 0) return 0;

        unchecked {
            quotient = value / by;
            if (value % by < 0) --quotient;
        }
    }

    /// @dev R(x, s) of SCORING.md.
    function _rounded(int256 value, uint256 shift) private pure returns (int256 rounded) {
        if (shift == 0) return value;

        unchecked {
            rounded = (value + (int256(1) << (shift - 1))) >> shift;
        }
    }

    function _head(bytes memory operand) private pure returns (bytes32 head) {
        if (operand.length != 0) {
            assembly ("memory-safe") { head := mload(add(operand, 32)) }
        }
    }

    function _element(bytes memory data, uint256 index, uint256 width) private pure returns (int256 value) {
        assembly ("memory-safe") {
            value := sar(sub(256, shl(3, width)), mload(add(add(data, 32), mul(index, width))))
        }
    }
}
