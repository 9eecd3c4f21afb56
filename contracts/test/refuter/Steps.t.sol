// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefuter} from "../../src/interfaces/IRefuter.sol";
import {ITrainingMarket} from "../../src/interfaces/ITrainingMarket.sol";
import {Records} from "../fixtures/refuter/Records.sol";
import {RefuterTest} from "../fixtures/refuter/RefuterTest.sol";
import {Trees} from "../fixtures/Trees.sol";

/// @title StepsTest
/// @author The Research authors
/// @notice A step of each kind: where its output is what SCORING.md says nothing falls, and where it is not the claim does.
contract StepsTest is RefuterTest {
    bytes[] private _inputs; // Encoded: what is in memory cannot be kept otherwise.

    /// @dev Where in the round's constants the numbers of a test lie.
    uint256 private constant A = 0;
    uint256 private constant B = 256;
    uint256 private constant C = 512;

    function test_RefuteStep_Zero_FallsWhereItIsNot() public {
        _check(0, OUTPUTS, abi.encodePacked(int64(0)));
    }

    function test_RefuteStep_Dot_FallsWhereItIsNot() public {
        bytes memory record = _record(1, 2, 2);
        Records.length(record, 3);
        Records.shifts(record, 4, 3);
        world.record = record;
        _numbers(abi.encodePacked(int16(-5), int16(7), int16(300)), abi.encodePacked(int16(11), int16(-2), int16(4)));
        world.constants = _put(world.constants, C, abi.encodePacked(int16(-9)));
        _read(0, A, 6);
        _read(1, B, 6);
        _read(2, C, 2);
        // -55 - 14 + 1200 - 9 * 16 = 987; (987 + 4) >> 3 = 123.
        _check(0, OUTPUTS, abi.encodePacked(int16(123)));
    }

    function test_RefuteStep_DotOfParts_EachPartHasItsTerms() public {
        bytes memory record = Records.step(1, 8);
        Records.start(record, 0, int256(OUTPUTS), 0);
        Records.loop(record, false, 2, 8, 0);
        Records.length(record, 300);
        for (uint256 i = 0; i < 2; ++i) {
            Records.operand(record, i, 1, 2, i == 0 ? int256(2) : int256(700));
            Records.stride(record, i, 0, 512, 0);
        }
        world.record = record;
        world.constants = noise("long", 2048);
        bytes memory outputs = abi.encodePacked(_dot(2, 700, 256), _dot(514, 1212, 44));
        world.outputs = slice(outputs, 0, 128);
        _read(0, 514, 88);
        _read(1, 1212, 88);
        _check(1, OUTPUTS + 8, abi.encodePacked(_dot(514, 1212, 44)));

        delete _inputs;
        world.outputs = slice(outputs, 0, 128);
        _read(0, 2, 512);
        _read(1, 700, 512);
        _check(0, OUTPUTS, abi.encodePacked(_dot(2, 700, 256)));
    }

    function test_RefuteStep_Sum_FallsWhereItIsNot() public {
        bytes memory record = _record(2, 4, 4);
        Records.length(record, 2);
        Records.shifts(record, 1, 0);
        world.record = record;
        _numbers(abi.encodePacked(int32(-70_000), int32(9)), abi.encodePacked(int32(-3)));
        _read(0, A, 8);
        _read(1, B, 4);
        _absent(2);
        _check(0, OUTPUTS, abi.encodePacked(int32(-69_997)));
    }

    function test_RefuteStep_Mac_FallsWhereItIsNot() public {
        bytes memory record = _record(3, 8, 8);
        Records.shifts(record, 10, 10);
        world.record = record;
        _numbers(abi.encodePacked(type(int64).min), abi.encodePacked(int64(1000)));
        world.constants = _put(world.constants, C, abi.encodePacked(type(int64).max));
        _read(0, A, 8);
        _read(1, B, 8);
        _read(2, C, 8);
        int256 value = (int256(type(int64).min) * 1000 + int256(type(int64).max) * 1024 + 512) >> 10;
        _check(0, OUTPUTS, abi.encodePacked(int64(value)));
    }

    function test_RefuteStep_Ratio_RoundsDownBelowZero() public {
        bytes memory record = _record(4, 4, 8);
        Records.shifts(record, 1, 0);
        Records.length(record, 0);
        world.record = record;
        _numbers(abi.encodePacked(int64(-7)), abi.encodePacked(int64(4)));
        world.constants = _put(world.constants, C, abi.encodePacked(int64(3)));
        _read(0, A, 8);
        _read(1, B, 8);
        _read(2, C, 8);
        _check(0, OUTPUTS, abi.encodePacked(int32(-11))); // -42 / 4 = -10.5.
    }

    function test_RefuteStep_Gather_ReadsTheNamedElement() public {
        bytes memory record = _record(5, 2, 2);
        Records.length(record, 70);
        world.record = record;
        _numbers(abi.encodePacked(int16(69)), "");
        world.constants = _put(world.constants, B + 138, abi.encodePacked(int16(-1234)));
        _read(0, A, 2);
        _read(1, B + 138, 2);
        _absent(2);
        _check(0, OUTPUTS, abi.encodePacked(int16(-1234)));
    }

    function test_RefuteStep_GatherOfNone_IsZeroAndReadsNoTable() public {
        int16[3] memory outside = [int16(-1), 70, type(int16).min];
        for (uint256 i = 0; i < 3; ++i) {
            bytes memory record = _record(5, 2, 2);
            Records.length(record, 70);
            world.record = record;
            _numbers(abi.encodePacked(outside[i]), "");
            delete _inputs;
            _read(0, A, 2);
            _absent(2);
            _check(0, OUTPUTS, abi.encodePacked(int16(0)));
        }
    }

    function test_RefuteStep_Table_ReadsTheNearestElement() public {
        int16[4] memory indices = [int16(-500), 0, 20, 9000];
        uint8[4] memory elements = [0, 10, 30, 63];
        for (uint256 i = 0; i < 4; ++i) {
            bytes memory record = _record(6, 2, 2);
            Records.length(record, 64);
            world.record = record;
            _numbers(abi.encodePacked(indices[i]), "");
            world.constants = _put(world.constants, C, abi.encodePacked(int16(10)));
            uint256 place = B + 2 * uint256(elements[i]);
            world.constants = _put(world.constants, place, abi.encodePacked(int16(-77)));
            delete _inputs;
            _read(0, A, 2);
            _read(1, place, 2);
            _read(2, C, 2);
            _check(0, OUTPUTS, abi.encodePacked(int16(-77)));
        }
    }

    function test_RefuteStep_Largest_IsTheFirstOfThem() public {
        bytes memory record = _record(7, 2, 2);
        Records.length(record, 4);
        world.record = record;
        _numbers(abi.encodePacked(int16(-9), int16(-3), int16(-3), int16(-4)), "");
        _read(0, A, 8);
        _absent(1);
        _absent(2);
        _check(0, OUTPUTS, abi.encodePacked(int16(1)));
    }

    function test_RefuteStep_Select_FallsWhereItIsNot() public {
        _three(8, 0, -5, 9, 9);
        _three(8, 1, -5, 9, -5);
    }

    function test_RefuteStep_Less_FallsWhereItIsNot() public {
        _three(9, -2, -1, 0, 1);
        _three(9, -1, -1, 0, 0);
    }

    function test_RefuteStep_Match_FallsWhereItIsNot() public {
        _three(10, -2, -2, -88, -88);
        _three(10, -2, 2, -88, 0);
    }

    function test_RefuteStep_Root_FallsWhereItIsNot() public {
        _three(11, type(int64).max, 0, 0, 3_037_000_499);
        _three(11, -4, 0, 0, 0);
    }

    function test_RefuteStep_Explain_FallsWhereItIsNot() public {
        _three(15, -9, 81, 5, 86);
        _three(15, -9, 82, 5, 5);
    }

    function test_RefuteStep_Decode_ReadsTheOtherRecordOfThePair() public {
        for (uint256 isFirst = 0; isFirst < 2; ++isFirst) {
            bytes memory record = Records.step(12, 2);
            Records.start(record, 0, int256(OUTPUTS), 0);
            Records.loop(record, false, 40, 2, 0);
            Records.length(record, 1024);
            Records.operand(record, 0, 1, 2, 0);
            Records.operand(record, 1, 3, 2, 2048);
            Records.stride(record, 1, 0, 2, 0);
            Records.operand(record, 2, 4, 32, 256);
            world.record = record;
            _numbers(abi.encodePacked(int16(int256(isFirst))), "");
            uint256 place = 2048 + 2 * 37 + (isFirst == 1 ? 0 : 1024);
            uint256 key = isFirst == 1 ? 256 : 384;
            delete _inputs;
            _read(0, A, 2);
            _inputs.push(abi.encode(opened(world.records, place, 2)));
            _inputs.push(abi.encode(opened(world.keys, key, 32)));
            bytes32 mask = keccak256(abi.encode(bytes32(slice(world.keys, key, 32)), 2));
            bytes2 clear = bytes2(slice(world.records, place, 2)) ^ bytes2(mask << 80);
            _check(37, OUTPUTS + 74, abi.encodePacked(clear));
        }
    }

    /// @dev The stream of coins and noise begins behind the roster, where the outputs do.
    function test_RefuteStep_Coin_IsWhatTheStreamSays() public {
        bytes memory record = _record(13, 2, 4);
        Records.operand(record, 1, 1, 32, int256(B));
        world.record = record;
        bytes32 drawn = keccak256(abi.encode(bytes32(slice(world.constants, B, 32)), 0));
        uint32 number = uint16(bytes2(drawn));
        for (uint32 i = 0; i < 2; ++i) {
            world.constants = _put(world.constants, A, abi.encodePacked(number + i));
            delete _inputs;
            _read(0, A, 4);
            _read(1, B, 32);
            _absent(2);
            _check(0, OUTPUTS, abi.encodePacked(int16(uint16(i))));
        }
    }

    function test_RefuteStep_Noise_CountsTheBitsAtItsPlace() public {
        bytes memory record = Records.step(14, 2);
        Records.start(record, 0, int256(OUTPUTS), 0);
        Records.loop(record, false, 64, 2, 0);
        Records.operand(record, 0, 1, 32, int256(B));
        Records.operand(record, 1, 1, 32, int256(B));
        world.record = record;
        _read(0, B, 32);
        _read(1, B, 32);
        bytes32 drawn = keccak256(abi.encode(bytes32(slice(world.constants, B, 32)), 1));
        int16 bits;
        for (uint256 i = 0; i < 16; ++i) {
            if ((uint256(drawn) >> (256 - 16 - 10 * 8 + i)) & 1 == 1) ++bits;
        }
        _check(21, OUTPUTS + 42, abi.encodePacked(2 * bits - 16)); // 42 = 32 + 10.
    }

    function test_RefuteStep_Trim_LeavesTheExtremesOut() public {
        bytes memory record = _record(16, 4, 4);
        Records.length(record, 6);
        Records.shifts(record, 1, 0);
        world.record = record;
        world.constants = _put(
            world.constants, A, abi.encodePacked(int32(50), int32(-1000), int32(7), int32(999), int32(-10), int32(9999))
        );
        world.constants =
            _put(world.constants, B, abi.encodePacked(int32(1), int32(2), int32(3), int32(1), int32(5), int32(0)));
        _read(0, A, 24);
        _read(1, B, 24);
        _absent(2);
        _check(0, OUTPUTS, abi.encodePacked(int32(16))); // -10, 7, 50: (47 + 1) / 3.
    }

    function test_RefuteStep_HashOfLeaf_FallsWhereItIsNot() public {
        bytes memory record = Records.step(17, 32);
        Records.start(record, 0, int256(OUTPUTS), 0);
        Records.length(record, 128);
        Records.operand(record, 0, 1, 2, 384);
        world.record = record;
        _read(0, 384, 128);
        _check(0, OUTPUTS, abi.encodePacked(keccak256(slice(world.constants, 384, 128))));
    }

    function test_RefuteStep_HashOfPair_FallsWhereItIsNot() public {
        bytes memory record = Records.step(17, 32);
        Records.start(record, 0, int256(OUTPUTS), 0);
        Records.length(record, 64);
        Records.operand(record, 0, 1, 32, 96);
        Records.operand(record, 1, 1, 32, 480);
        world.record = record;
        _read(0, 96, 32);
        _read(1, 480, 32);
        bytes memory pair = bytes.concat(slice(world.constants, 96, 32), slice(world.constants, 480, 32));
        _check(0, OUTPUTS, abi.encodePacked(keccak256(pair)));
    }

    function test_RefuteStep_Choice_IsTheSeedsBitAndOpensNothing() public {
        bytes memory record = Records.step(19, 2);
        Records.start(record, 0, int256(OUTPUTS), 0);
        Records.loop(record, false, 320, 2, 0);
        Records.operand(record, 1, 5, 32, 0);
        world.record = record;
        uint16[4] memory places = [0, 77, 255, 300];
        for (uint256 i = 0; i < 4; ++i) {
            world.outputs = new bytes(640);
            bytes32 hash = keccak256(abi.encode(SEED, places[i] / 256));
            uint256 bit = (uint256(uint8(hash[places[i] % 256 / 8])) >> (places[i] % 8)) & 1;
            _check(places[i], OUTPUTS + 2 * uint256(places[i]), abi.encodePacked(uint16(bit)));
        }
    }

    // Entries

    function test_RefuteStep_Entries_FallWhereTheyAreNotTheRosters() public {
        world.outputs = "";
        bytes memory record = Records.step(18, 128);
        Records.loop(record, false, 0, 128, 0);
        Records.operand(record, 0, 0, 128, -128);
        Records.stride(record, 0, 0, 128, 0);
        Records.carried(record, 0, 0);
        world.record = record;
        for (uint256 p = 0; p < SEATS; p += p == 0 ? 6 : 1) {
            bytes memory trace = traceOf();
            _entry(trace, p, isRight());
            trace[128 * p + 64 + p] ^= 0x10;
            _entry(trace, p, "");
        }
    }

    function test_RefuteStep_EntryBehindAWrongOne_IsHeldToThat() public {
        world.outputs = "";
        bytes memory record = Records.step(18, 128);
        Records.loop(record, false, 0, 128, 0);
        Records.operand(record, 0, 0, 128, -128);
        Records.stride(record, 0, 0, 128, 0);
        Records.carried(record, 0, 0);
        world.record = record;
        bytes memory trace = traceOf();
        trace[128 * 14] ^= 0x01; // The last reveal's entry names another hash for the first one's.
        _entry(trace, 15, "");
        _entry(trace, 14, "");
    }

    // Inputs

    function test_RefuteStep_ModelOfFirstRound_IsTheLeftOfInitial() public {
        _copy(2, 996);
        world.outputs = _put(world.outputs, 0, slice(world.weights, 996, 4));
        _inputs.push(abi.encode(_half(opened(world.weights, 996, 4), rootOf(world.direction))));
        _check(0, OUTPUTS, slice(world.weights, 996, 4));
    }

    function test_RefuteStep_ModelOfLaterRound_IsTheMarkets() public {
        _copy(2, 128);
        bytes memory other = noise("later model", 1000);
        bytes32 right = keccak256("direction");
        _inputs.push(abi.encode(_half(opened(other, 128, 4), right)));
        bytes32 model = keccak256(abi.encode(rootOf(other), right));
        _checkWith(model, slice(other, 128, 4));
    }

    function test_RefuteStep_DirectionOfScoredRound_IsTheRightOfItsModel() public {
        _copy(65_537, 256);
        ITrainingMarket.Round memory past;
        (past.outcome, past.modelRoot) = (ITrainingMarket.Outcome.Scored, modelRootOf());
        market.setRound(TASK, 1, past);
        _inputs.push(abi.encode(_half(opened(world.direction, 256, 4), rootOf(world.weights))));
        _check(0, OUTPUTS, slice(world.direction, 256, 4));
    }

    function test_RefuteStep_DirectionOfOtherRound_IsZeroWithoutOpening() public {
        _copy(65_537, 256);
        ITrainingMarket.Round memory past;
        (past.outcome, past.modelRoot) = (ITrainingMarket.Outcome.Unscored, modelRootOf());
        market.setRound(TASK, 1, past);
        _check(0, OUTPUTS, new bytes(4));
    }

    function test_RefuteStep_Update_IsUnderTheRootOfItsSeatsEntry() public {
        _copy(131_072, 512);
        bytes memory record = world.record;
        Records.loop(record, true, 0, 128, 0);
        Records.loop(record, false, 1, 4, 0);
        Records.treeLoop(record, 0, 0);
        world.record = record;
        world.outputs = new bytes(SEATS * 128);
        for (uint256 seat = 14; seat < SEATS; ++seat) {
            delete _inputs;
            _readTrace(128 * seat, 128);
            _inputs.push(abi.encode(opened(world.update, 512, 4)));
            _check(seat, OUTPUTS + 128 * seat, slice(world.update, 512, 4));
        }
    }

    function test_RefuteStep_UpdateOfEmptySeatOrWhoIsOut_IsZeroWithoutOpening() public {
        _copy(131_072, 512);
        bytes memory record = world.record;
        Records.loop(record, true, 0, 128, 0);
        Records.loop(record, false, 1, 4, 0);
        Records.treeLoop(record, 0, 0);
        world.record = record;
        world.outputs = new bytes(SEATS * 128);
        _check(13, OUTPUTS + 13 * 128, new bytes(4));
        market.setOut(TASK, ROUND, 1, true);
        _check(14, OUTPUTS + 14 * 128, new bytes(4));
    }

    function test_RefuteStep_BehindAnInput_IsZeroWithoutOpening() public {
        _copy(1, 1024);
        _check(0, OUTPUTS, new bytes(4));
        _copy(2, 1024);
        _check(0, OUTPUTS, new bytes(4));
        _copy(3, 4096);
        _check(0, OUTPUTS, new bytes(4));
    }

    function test_RefuteStep_BetweenAnInputsEndAndItsTreesEnd_IsOpened() public {
        world.constants = slice(world.constants, 0, 640);
        _copy(1, 900);
        _read(0, 900, 4);
        _check(0, OUTPUTS, new bytes(4));
    }

    function test_RefuteStep_Carried_ReadsTheRunBefore() public {
        bytes memory record = Records.step(2, 8);
        Records.start(record, 0, int256(OUTPUTS), 0);
        Records.loop(record, false, 5, 8, 0);
        Records.loop(record, false, 1, 8, 0);
        Records.operand(record, 0, 0, 8, int256(OUTPUTS) - 8);
        Records.stride(record, 0, 0, 8, 0);
        Records.carried(record, 0, 0);
        world.record = record;
        world.outputs = new bytes(128);
        _check(0, OUTPUTS, new bytes(8));

        Records.first(record, 0, 2176, 0);
        world.record = record; // In the first run it lies where the model's root does.
        _readTrace(2176, 8);
        _check(0, OUTPUTS, slice(traceOf(), 2176, 8));

        bytes memory outputs = new bytes(128);
        Records.put(outputs, 16, 8, -6);
        world.outputs = outputs;
        delete _inputs;
        _readTrace(OUTPUTS + 16, 8);
        _check(3, OUTPUTS + 24, abi.encodePacked(int64(-6)));
    }

    function test_RefuteStep_LoopsAroundAndPolynomials_FindTheOutput() public {
        bytes memory record = Records.step(2, 2);
        Records.start(record, 40, int256(OUTPUTS), 88); // 2,176 with one block.
        Records.loop(record, true, 3, 100, 156);
        Records.loop(record, false, 4, 6, 0);
        Records.loop(record, false, 3, 2, 0);
        Records.loop(record, false, 1, 2, 0);
        Records.operand(record, 0, 1, 2, 10);
        Records.base(record, 0, 4, 5, 1);
        Records.stride(record, 0, 0, 30, 70);
        Records.stride(record, 0, 1, 20, 0);
        Records.stride(record, 0, 2, -2, 0);
        world.record = record;
        world.outputs = new bytes(1024);
        uint256 at = 2 | (3 << 32) | (1 << 64);
        uint256 from = 10 + 200 + 60 - 2;
        _inputs.push(abi.encode(opened(world.constants, from, 2)));
        _check(at, 2176 + 512 + 18 + 2, slice(world.constants, from, 2));
    }

    /// @dev One operand of 4 bytes, copied.
    function _copy(uint256 tree, int256 base) private {
        bytes memory record = Records.step(2, 4);
        Records.start(record, 0, int256(OUTPUTS), 0);
        Records.operand(record, 0, tree, 4, base);
        Records.bounds(record, type(int32).min, type(int32).max);
        world.record = record;
        world.outputs = new bytes(128);
    }

    function _half(IRefuter.Leaves memory half, bytes32 other) private pure returns (IRefuter.Leaves memory leaves) {
        leaves = half;
        bytes32[] memory siblings = new bytes32[](half.siblings.length + 1);
        for (uint256 i = 0; i < half.siblings.length; ++i) {
            siblings[i] = half.siblings[i];
        }
        siblings[half.siblings.length] = other;
        leaves.siblings = siblings;
    }

    function _checkWith(bytes32 model, bytes memory right) private {
        bytes memory trace = _put(traceOf(), OUTPUTS, right);
        for (uint256 i = 0; i < 2; ++i) {
            ITrainingMarket.Result memory result = resultOf();
            result.traceRoot = rootOf(trace);
            IRefuter.Case memory claimed = claim(poster, 0, result);
            ITrainingMarket.CaseFacts memory facts = factsOf(result);
            facts.model = model;
            market.setCase(TASK, ROUND, poster, facts);
            IRefuter.Step memory step = IRefuter.Step(recordOf(), 0, opened(trace, OUTPUTS, 4), _opened(trace));
            bytes memory data = abi.encodeCall(IRefuter.refuteStep, (claimed, step));
            if (i == 0) refused(rival, data, isRight());
            else send(rival, data);
            trace[OUTPUTS] ^= 0x01;
        }
    }

    function _entry(bytes memory trace, uint256 p, bytes memory failure) private {
        delete _inputs;
        if (p != 0) _readTrace(128 * (p - 1), 128);
        _step(trace, p, 128 * p, 128, failure);
    }

    /// @dev Three numbers of 8 bytes, and what their step gives.
    function _three(uint256 kind, int64 a, int64 b, int64 c, int64 right) private {
        world.record = _record(kind, 8, 8);
        _numbers(abi.encodePacked(a), abi.encodePacked(b));
        world.constants = _put(world.constants, C, abi.encodePacked(c));
        delete _inputs;
        _read(0, A, 8);
        _read(1, B, 8);
        _read(2, C, 8);
        _check(0, OUTPUTS, abi.encodePacked(right));
    }

    /// @dev A record of one output, whose operands lie at A, B and C of the constants.
    function _record(uint256 kind, uint256 width, uint256 operandWidth) private pure returns (bytes memory record) {
        record = Records.step(kind, width);
        Records.start(record, 0, int256(OUTPUTS), 0);
        Records.operand(record, 0, 1, operandWidth, int256(A));
        Records.operand(record, 1, 1, operandWidth, int256(B));
        Records.operand(record, 2, 1, operandWidth, int256(C));
    }

    function _numbers(bytes memory a, bytes memory b) private {
        world.constants = _put(_put(world.constants, A, a), B, b);
    }

    /// @dev Opens an operand that lies in the constants.
    function _read(uint256, uint256 place, uint256 size) private {
        _inputs.push(abi.encode(opened(world.constants, place, size)));
    }

    function _absent(uint256 which) private {
        bytes memory record = world.record;
        Records.put(record, 320 + 192 * which + 7, 1, 0);
        world.record = record;
    }

    /// @dev Has an operand opened that lies in the trace that is refuted.
    function _readTrace(uint256 place, uint256 size) private {
        _inputs.push(abi.encode(place, size));
    }

    function _opened(bytes memory trace) private view returns (IRefuter.Leaves[] memory inputs) {
        inputs = new IRefuter.Leaves[](_inputs.length);
        for (uint256 i = 0; i < inputs.length; ++i) {
            if (_inputs[i].length == 64) {
                (uint256 place, uint256 size) = abi.decode(_inputs[i], (uint256, uint256));
                inputs[i] = opened(trace, place, size);
            } else {
                inputs[i] = abi.decode(_inputs[i], (IRefuter.Leaves));
            }
        }
    }

    /// @dev Where an output is right nothing falls; where its last bit is another one, the claim does.
    function _check(uint256 at, uint256 place, bytes memory right) private {
        bytes memory trace = _put(traceOf(), place, right);
        _step(trace, at, place, right.length, isRight());
        for (uint256 i = 0; i < right.length; i += right.length - 1) {
            trace = _put(traceOf(), place, right);
            trace[place + i] ^= 0x01;
            _step(trace, at, place, right.length, "");
        }
    }

    /// @dev Refutes one output of a trace: it falls, or fails so.
    function _step(bytes memory trace, uint256 at, uint256 place, uint256 width, bytes memory failure) private {
        ITrainingMarket.Result memory result = resultOf();
        result.traceRoot = rootOf(trace);
        IRefuter.Case memory claimed = claim(poster, 0, result);
        IRefuter.Step memory step = IRefuter.Step(recordOf(), at, opened(trace, place, width), _opened(trace));
        bytes memory data = abi.encodeCall(IRefuter.refuteStep, (claimed, step));
        if (failure.length != 0) return refused(rival, data, failure);

        uint256 state = VM.snapshotState();
        send(rival, data);
        VM.assertEq(winnerOf(claimed), rival, "winner");
        VM.revertToState(state); // The next case may say the same.
    }

    function _put(bytes memory data, uint256 place, bytes memory part) private pure returns (bytes memory copy) {
        copy = slice(data, 0, data.length);
        uint256 size = part.length;
        assembly ("memory-safe") { mcopy(add(add(copy, 32), place), add(part, 32), size) }
    }

    function _dot(uint256 a, uint256 b, uint256 count) private view returns (int64 sum) {
        bytes memory constants = world.constants;
        for (uint256 i = 0; i < count; ++i) {
            int16 x = int16(uint16(bytes2(slice(constants, a + 2 * i, 2))));
            int16 y = int16(uint16(bytes2(slice(constants, b + 2 * i, 2))));
            sum += int64(x) * int64(y);
        }
    }
}
