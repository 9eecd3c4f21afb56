// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Records} from "../fixtures/refuter/Records.sol";
import {RefuterTest} from "../fixtures/refuter/RefuterTest.sol";

/// @title ComputeTest
/// @author The Research authors
/// @notice The arithmetic of steps: by what each result must satisfy, over all of 64 bits, and by tables of corners.
contract ComputeTest is RefuterTest {
    int256 private constant MOST = type(int64).max;

    function testFuzz_Mac_AnyNumbers_IsNearestAndClamped(int64 a, int64 b, int64 c, uint8 t, uint8 s) public view {
        (t, s) = (t % 64, s % 64);
        int256 exact = int256(a) * b + int256(c) * int256(uint256(1) << t);
        _isRounded(_three(3, 1, t, s, [a, b, c]), exact, s);
    }

    function testFuzz_Dot_AnyNumbers_IsTheSumOfProducts(bytes32 seed, uint256 count, int64 c, uint8 t, uint8 s)
        public
        view
    {
        (count, t, s) = (1 + count % 256, t % 64, s % 64);
        bytes memory a = noise(string(abi.encode(seed, "a")), 2 * count);
        bytes memory b = noise(string(abi.encode(seed, "b")), 2 * count);
        int256 exact = int256(c) * int256(uint256(1) << t);
        for (uint256 i = 0; i < count; ++i) {
            exact += int256(_int16(a, i)) * _int16(b, i);
        }
        bytes memory record = _record(1, 8, 2, count);
        Records.operand(record, 2, 0, 8, 0);
        Records.shifts(record, t, s);
        _isRounded(_value(_compute(record, a, b, abi.encodePacked(c))), exact, s);
    }

    function testFuzz_Sum_AnyNumbers_IsTheirSum(bytes32 seed, uint256 count, int64 b, uint8 t, uint8 s) public view {
        (count, t, s) = (1 + count % 256, t % 64, s % 64);
        bytes memory a = noise(string(abi.encode(seed)), 8 * count);
        int256 exact = int256(b) * int256(uint256(1) << t);
        for (uint256 i = 0; i < count; ++i) {
            exact += int64(uint64(bytes8(slice(a, 8 * i, 8))));
        }
        bytes memory record = _record(2, 8, 8, count);
        Records.put(record, 320 + 384 + 7, 1, 0);
        Records.shifts(record, t, s);
        _isRounded(_value(_compute(record, a, abi.encodePacked(b), "")), exact, s);
    }

    function testFuzz_Ratio_AnyNumbers_RoundsDown(int64 a, int64 b, int64 c, uint8 t, bool isNearest) public view {
        t %= 64;
        int256 value = _three(4, isNearest ? 1 : 0, t, 0, [a, b, c]);
        if (b <= 0) return VM.assertEq(uint256(value), 0, "by nothing");

        int256 top = int256(a) * c * int256(uint256(1) << t) + (isNearest ? int256(b) / 2 : int256(0));
        if (value < MOST) VM.assertTrue(top < (value + 1) * b, "not less");
        if (value > -MOST) VM.assertTrue(value * b <= top, "not more");
    }

    function testFuzz_Root_AnyNumber_RoundsDown(int64 a) public view {
        int256 root = _three(11, 1, 0, 0, [a, int64(0), int64(0)]);
        if (a <= 0) return VM.assertEq(uint256(root), 0, "of nothing");
        VM.assertTrue(root * root <= a && (root + 1) * (root + 1) > a, "root");
    }

    function testFuzz_Choices_AnyNumbers_AreThose(int64 a, int64 b, int64 c) public view {
        _same(_three(8, 1, 0, 0, [a, b, c]), _clamped(a > 0 ? b : c));
        _same(_three(9, 1, 0, 0, [a, b, c]), a < b ? int256(1) : int256(0));
        _same(_three(10, 1, 0, 0, [a, b, c]), _clamped(a == b ? c : int64(0)));
        _same(_three(10, 1, 0, 0, [a, a, c]), _clamped(c));
        int256 explained = int256(c) + (int256(a) * a >= b ? int256(a) * a : int256(0));
        _same(_three(15, 1, 0, 0, [a, b, c]), _clamped(explained));
    }

    function testFuzz_Largest_AnyNumbers_IsTheFirstOfThem(bytes32 seed, uint256 count, bool hasFew) public view {
        count = 1 + count % 256;
        bytes memory a = noise(string(abi.encode(seed)), 2 * count);
        if (hasFew) {
            for (uint256 i = 0; i < a.length; ++i) {
                a[i] = i % 2 == 0 ? bytes1(0) : a[i] & 0x03;
            }
        }
        uint256 first = 0;
        for (uint256 i = 1; i < count; ++i) {
            if (_int16(a, i) > _int16(a, first)) first = i;
        }
        _same(_value(_compute(_record(7, 2, 2, count), a, "", "")), int256(first));
    }

    function testFuzz_Trim_AnyNumbers_IsTheMeanOfTheMiddle(bytes32 seed, uint256 count, uint8 trim) public view {
        (count, trim) = (1 + count % 32, trim % 34);
        bytes memory a = noise(string(abi.encode(seed, "a")), 4 * count);
        bytes memory b = noise(string(abi.encode(seed, "b")), 4 * count);
        bytes memory record = _record(16, 4, 4, count);
        Records.shifts(record, trim, 0);
        _same(_value(_compute(record, a, b, "")), _trimmed(a, b, trim));
    }

    function test_Rounding_Halves_GoUp() public view {
        int16[8] memory values = [int16(5), 6, 7, -5, -6, -7, -2, -1];
        int8[8] memory rounded = [int8(1), 2, 2, -1, -1, -2, 0, 0]; // Of a quarter: 1.25, 1.5, 1.75, -1.25, …
        for (uint256 i = 0; i < 8; ++i) {
            _same(_three(3, 1, 0, 2, [int64(values[i]), 1, 0]), rounded[i]);
        }
    }

    function test_Bounds_NarrowOutputs_AreBroughtIn() public view {
        bytes memory record = _record(3, 2, 8, 1);
        int64[5] memory values = [int64(40_000), -40_000, 32_767, -32_767, -32_768];
        int16[5] memory within = [int16(32_767), -32_767, 32_767, -32_767, -32_767];
        for (uint256 i = 0; i < 5; ++i) {
            bytes memory output = _compute(record, abi.encodePacked(values[i]), abi.encodePacked(int64(1)), "");
            VM.assertEq(output, abi.encodePacked(within[i]), "in 2 bytes");
        }
        Records.bounds(record, 0, 9);
        VM.assertEq(_compute(record, abi.encodePacked(int64(-5)), abi.encodePacked(int64(1)), ""), hex"0000", "low");
        VM.assertEq(_compute(record, abi.encodePacked(int64(50)), abi.encodePacked(int64(1)), ""), hex"0009", "high");
    }

    function test_Shifts_Largest_AreExact() public view {
        int64 least = type(int64).min;
        // 2^126 - 2^126, and 2^126 + 2^126 - 2^63, of 2^63.
        _same(_three(3, 1, 63, 63, [least, least, least]), 0);
        _same(_three(3, 1, 63, 62, [least, least, type(int64).max]), MOST);
        _same(_three(4, 0, 63, 0, [least, 1, least]), MOST);
        _same(_three(4, 0, 63, 0, [least, 1, type(int64).max]), -MOST);
        _same(_three(4, 0, 63, 0, [int64(1), type(int64).max, 1]), 1);
    }

    function test_Gather_Bounds_AreItsLength() public view {
        bytes memory record = _record(5, 8, 8, 10);
        int64[6] memory indices = [int64(0), 9, 10, -1, type(int64).max, type(int64).min];
        for (uint256 i = 0; i < 6; ++i) {
            bytes memory b = i < 2 ? abi.encodePacked(int64(-77)) : bytes("");
            _same(_value(_compute(record, abi.encodePacked(indices[i]), b, "")), i < 2 ? int256(-77) : int256(0));
        }
        // One who gives an element where there is none changes nothing.
        _same(_value(_compute(record, abi.encodePacked(int64(10)), abi.encodePacked(int64(-77)), "")), 0);
    }

    function test_Compute_AbsentOrZeroOperands_AreZero() public view {
        for (uint256 kind = 0; kind < 20; ++kind) {
            if (kind == 14 || kind == 17 || kind == 18 || kind == 19) continue; // Which give something of zeros.
            int256 value = _value(_compute(_record(kind, 8, 8, 4), "", "", ""));
            _same(value, kind == 10 || kind == 12 ? value : int256(0));
        }
    }

    function test_Compute_EntryOrOddOperands_Refused() public {
        bytes memory record = _record(18, 128, 128, 1);
        _refuses(record, "", "record");
        record = _record(3, 8, 8, 1);
        _refuses(record, new bytes(7), "inputs");
        _refuses(record, new bytes(9), "inputs");
        Records.put(record, 320 + 7, 1, 0);
        _refuses(record, new bytes(8), "inputs");
        _refuses(_record(3, 128, 8, 1), "", "record");
    }

    function test_Compute_UnknownKind_IsZero() public view {
        _same(_value(_compute(_record(200, 8, 8, 1), "", "", "")), 0);
    }

    function _refuses(bytes memory record, bytes memory a, string memory field) private {
        bytes32[32] memory words = abi.decode(record, (bytes32[32]));
        VM.expectRevert(malformed(field));
        refuter.compute(words, 0, 0, a, "", "");
    }

    function _isRounded(int256 value, int256 exact, uint256 s) private pure {
        if (value < MOST && value > -MOST) {
            // 2·exact lies in [2·value·2^s - 2^s, 2·value·2^s + 2^s).
            int256 one = int256(uint256(1) << s);
            int256 off = 2 * exact - 2 * value * one;
            if (s == 0) VM.assertTrue(off == 0, "exact");
            else VM.assertTrue(off >= -one && off < one, "nearest");
        } else {
            int256 one = int256(uint256(1) << s);
            VM.assertTrue(value > 0 ? exact >= (value - 1) * one : exact <= (value + 1) * one, "beyond");
        }
    }

    function _trimmed(bytes memory a, bytes memory b, uint256 trim) private pure returns (int256) {
        uint256 there;
        for (uint256 i = 0; i < a.length / 4; ++i) {
            if (_int32(b, i) > 0) ++there;
        }
        if (there == 0) return 0;
        if (trim > (there - 1) / 2) trim = (there - 1) / 2;
        int256 rest = int256(there - 2 * trim);
        int256 sum = rest / 2;
        for (uint256 i = 0; i < a.length / 4; ++i) {
            if (_int32(b, i) <= 0) continue;
            uint256 rank;
            for (uint256 j = 0; j < a.length / 4; ++j) {
                if (_int32(b, j) <= 0) continue;
                if (_int32(a, j) < _int32(a, i) || (_int32(a, j) == _int32(a, i) && j < i)) ++rank;
            }
            if (rank >= trim && rank < there - trim) sum += _int32(a, i);
        }
        return (sum - ((sum % rest) + rest) % rest) / rest;
    }

    function _three(uint256 kind, uint256 length, uint256 t, uint256 s, int64[3] memory numbers)
        private
        view
        returns (int256)
    {
        bytes memory record = _record(kind, 8, 8, length);
        Records.shifts(record, t, s);
        return _value(
            _compute(record, abi.encodePacked(numbers[0]), abi.encodePacked(numbers[1]), abi.encodePacked(numbers[2]))
        );
    }

    function _record(uint256 kind, uint256 width, uint256 operandWidth, uint256 length)
        private
        pure
        returns (bytes memory record)
    {
        record = Records.step(kind, width);
        Records.length(record, length);
        for (uint256 i = 0; i < 3; ++i) {
            Records.operand(record, i, 0, operandWidth, 0);
        }
    }

    function _compute(bytes memory record, bytes memory a, bytes memory b, bytes memory c)
        private
        view
        returns (bytes memory)
    {
        return refuter.compute(abi.decode(record, (bytes32[32])), 0, 0, a, b, c);
    }

    function _value(bytes memory output) private pure returns (int256 value) {
        for (uint256 i = 0; i < output.length; ++i) {
            value = value * 256 + int256(uint256(uint8(output[i])));
        }
        if (output.length != 0 && uint8(output[0]) > 127) value -= int256(1) << (8 * output.length);
    }

    function _clamped(int256 value) private pure returns (int256) {
        return value > MOST ? MOST : value < -MOST ? -MOST : value;
    }

    function _int16(bytes memory data, uint256 index) private pure returns (int16) {
        return int16(uint16(uint8(data[2 * index])) << 8 | uint8(data[2 * index + 1]));
    }

    function _int32(bytes memory data, uint256 index) private pure returns (int32) {
        return int32(uint32(uint16(_int16(data, 2 * index))) << 16 | uint16(_int16(data, 2 * index + 1)));
    }

    function _same(int256 actual, int256 expected) private pure {
        VM.assertEq(uint256(actual), uint256(expected), "value");
    }
}
