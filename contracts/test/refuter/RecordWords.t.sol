// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Records} from "../fixtures/refuter/Records.sol";
import {RecordWordsHarness} from "../fixtures/refuter/RecordWordsHarness.sol";
import {RefuterTest} from "../fixtures/refuter/RefuterTest.sol";

/// @title RecordWordsTest
/// @author The Research authors
/// @notice Addresses of outputs and operands, against the polynomials of SCORING.md written out.
contract RecordWordsTest is RefuterTest {
    RecordWordsHarness private _library = new RecordWordsHarness();

    /// @dev Of eight loops: two coordinates are enough to tell them apart, as each has a stride of its own.
    function testFuzz_Output_AnyRecord_IsItsPolynomial(int32[3] memory start, uint32[8] memory at, uint16 blocks)
        public
        view
    {
        uint256 s = 1 + blocks % 4096;
        bytes memory record = Records.step(2, 8);
        Records.start(record, int256(start[0]) + 2 ** 62, start[1], start[2]);
        int256 place = 2 ** 62 + int256(start[0]) + int256(start[1]) * int256(s) + int256(start[2]) * int256(s * s);
        uint256 packed;
        for (uint256 i = 0; i < 8; ++i) {
            (int256 c, int256 q) = (int256(1000 + i), int256(7 * i) - 20);
            Records.loop(record, i < 3, 0, c, q);
            packed |= uint256(at[i]) << (32 * i);
            place += int256(uint256(at[i])) * (c + q * int256(s));
        }
        VM.assertEq(_library.output(record, packed, 8, 16 * s), uint256(place), "output");
    }

    function testFuzz_Operand_AnyRecord_IsItsPolynomial(int64[3] memory base, uint32[8] memory at, uint16 blocks)
        public
        view
    {
        uint256 s = 1 + blocks % 4096;
        bytes memory record = Records.step(2, 8);
        int256 place = int256(base[0]) + int256(base[1]) * int256(s) + int256(base[2]) * int256(s * s);
        uint256 packed;
        for (uint256 i = 0; i < 8; ++i) {
            Records.loop(record, false, 0, 8, 0);
            packed |= uint256(at[i]) << (32 * i);
        }
        for (uint256 which = 0; which < 3; ++which) {
            Records.operand(record, which, 131_072, 8, 0);
            Records.base(record, which, base[0], base[1], base[2]);
            int256 moved = place;
            for (uint256 i = 0; i < 8; ++i) {
                (int256 c, int256 q) = (int256(i) - 3, 5 - int256(i * which));
                Records.stride(record, which, i, c, q);
                moved += int256(uint256(at[i])) * (c + q * int256(s));
            }
            Records.treeLoop(record, which, 2 + which);
            (bool isZero, int256 actual) = _library.operand(record, which, packed, 16 * s);
            VM.assertFalse(isZero, "zero");
            VM.assertEq(uint256(actual), uint256(moved), "operand");
            VM.assertEq(_library.treeOf(record, which, packed), 131_072 + uint256(at[2 + which]), "tree");
        }
    }

    function test_Operand_Carried_LiesAtItsFirstOrNowhere() public view {
        bytes memory record = Records.step(2, 8);
        Records.loop(record, false, 4, 80, 0);
        Records.loop(record, false, 4, 8, 0);
        Records.operand(record, 1, 0, 8, 0);
        Records.base(record, 1, 1000, 10, 1);
        Records.stride(record, 1, 0, 100, 0);
        Records.stride(record, 1, 1, 7, 0);
        Records.carried(record, 1, 1);
        (bool isZero, int256 place) = _library.operand(record, 1, 2, 48);
        VM.assertTrue(isZero, "in the first run");
        (isZero, place) = _library.operand(record, 1, 2 | (3 << 32), 48);
        VM.assertEq(uint256(place), 1000 + 30 + 9 + 200 + 21, "in a later run");
        VM.assertFalse(isZero, "in a later run");
        Records.first(record, 1, 5000, 2);
        (isZero, place) = _library.operand(record, 1, 2, 48);
        VM.assertEq(uint256(place), 5006 + 200, "its first");
        VM.assertFalse(isZero, "its first");
    }

    function test_ArrayBytes_OwnLoops_MultiplyWithoutThoseAround() public view {
        bytes memory record = Records.step(2, 4);
        Records.loop(record, true, 9, 1000, 0);
        Records.loop(record, false, 0, 4, 0);
        Records.loop(record, false, 5, 4, 0);
        VM.assertEq(_library.arrayBytes(record, 48), 4 * 48 * 5, "bytes");
    }

    function test_SeatsOf_Reveals_AreWholeBlocks() public view {
        uint24[6] memory reveals = [0, 1, 16, 17, 32, 65_536];
        uint24[6] memory seats = [16, 16, 16, 32, 32, 65_536];
        for (uint256 i = 0; i < 6; ++i) {
            VM.assertEq(_library.seatsOf(reveals[i]), seats[i], "seats");
        }
    }
}
