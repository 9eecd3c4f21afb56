// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefuter} from "../../src/interfaces/IRefuter.sol";
import {ITrainingMarket} from "../../src/interfaces/ITrainingMarket.sol";
import {Records} from "../fixtures/refuter/Records.sol";
import {RefuterTest} from "../fixtures/refuter/RefuterTest.sol";

/// @title RefutationsTest
/// @author The Research authors
/// @notice What else makes a claim fall than a step; and each check that every refutation passes.
contract RefutationsTest is RefuterTest {
    // Padding

    function test_RefutePadding_BehindAnArray_FallsWhereItIsNotZero() public {
        _array();
        bytes memory trace = traceOf();
        // 3 outputs of 2 bytes in each run: of the second one, bytes 6 to 127 of its leaf are padding.
        uint256[4] memory dirty = [uint256(6), 7, 64, 127];
        for (uint256 i = 0; i < 4; ++i) {
            trace = traceOf();
            _padding(trace, 1, isRight());
            trace[OUTPUTS + 128 + dirty[i]] = 0x01;
            _padding(trace, 0, isRight());
            _padding(trace, 1, "");
        }
    }

    function test_RefutePadding_TheLastOutput_IsNotPadding() public {
        _array();
        bytes memory trace = traceOf();
        trace[OUTPUTS + 128 + 5] = 0x01;
        _padding(trace, 1, isRight());
    }

    function test_RefutePadding_OwnCoordinates_AreNotLookedAt() public {
        _array();
        bytes memory trace = traceOf();
        trace[OUTPUTS + 128 + 9] = 0x01;
        _padding(trace, 1 | (uint256(99) << 32), "");
    }

    function test_RefutePadding_WholeLeaves_HaveNone() public {
        bytes memory record = Records.step(0, 8);
        Records.start(record, 0, int256(OUTPUTS), 0);
        Records.loop(record, false, 0, 8, 0); // The seats.
        world.record = record;
        bytes memory trace = traceOf();
        trace[OUTPUTS + 128] ^= 0x01; // The next array's.
        _padding(trace, 0, isRight());
    }

    function test_RefutePadding_AnotherLeaf_Refused() public {
        _array();
        bytes memory trace = traceOf();
        (IRefuter.Case memory claimed,) = _claimOf(trace);
        IRefuter.Leaves memory output = opened(trace, OUTPUTS, 128);
        bytes memory data = abi.encodeCall(IRefuter.refutePadding, (claimed, recordOf(), 1, output));
        refused(rival, data, malformed("output"));
    }

    function test_RefutePadding_NoSuchRun_Refused() public {
        _array();
        (IRefuter.Case memory claimed, bytes memory trace) = _claimOf(traceOf());
        IRefuter.Leaves memory output = opened(trace, OUTPUTS + 256, 128);
        bytes memory data = abi.encodeCall(IRefuter.refutePadding, (claimed, recordOf(), 2, output));
        refused(rival, data, malformed("coordinate"));
    }

    // Behind the end

    function test_RefuteEnd_BehindTheTrace_FallsWhereItIsNotZero() public {
        bytes memory trace = bytes.concat(traceOf(), new bytes(256));
        _end(trace, endOf(), isRight());
        trace[endOf() + 255] = 0x01;
        _end(trace, endOf(), isRight());
        _end(trace, endOf() + 128, "");
    }

    function test_RefuteEnd_SeveralLeaves_FallTogether() public {
        bytes memory trace = bytes.concat(traceOf(), new bytes(256));
        trace[endOf() + 130] = 0x01;
        (IRefuter.Case memory claimed,) = _claimOf(trace);
        IRefuter.Leaves memory output = opened(trace, endOf(), 256);
        send(rival, abi.encodeCall(IRefuter.refuteEnd, (claimed, proofOf(), recordOf().keys, output)));
        VM.assertEq(winnerOf(claimed), rival, "winner");
    }

    function test_RefuteEnd_BeforeTheEnd_Refused() public {
        _end(traceOf(), endOf() - 128, malformed("index"));
    }

    // What a claim says of its trace

    function test_RefuteField_OtherThanTheTrace_Falls() public {
        bytes memory trace = traceOf();
        for (uint256 i = 0; i < 3; ++i) {
            IRefuter.Field field = IRefuter.Field(i);
            ITrainingMarket.Result memory result = resultOf();
            _field(result, field, trace, isRight());
            if (field == IRefuter.Field.ModelRoot) result.modelRoot ^= bytes32(uint256(1));
            if (field == IRefuter.Field.Total) ++result.total;
            if (field == IRefuter.Field.Right) --result.right;
            for (uint256 j = 0; j < 3; ++j) {
                if (j != i) _field(result, IRefuter.Field(j), trace, isRight());
            }
            _field(result, field, trace, "");
        }
    }

    function test_RefuteField_AnotherLeaf_Refused() public {
        ITrainingMarket.Result memory result = resultOf();
        IRefuter.Case memory claimed = claim(poster, 0, result);
        IRefuter.Leaves memory output = opened(traceOf(), endOf() - 256, 8);
        bytes memory data =
            abi.encodeCall(IRefuter.refuteField, (claimed, proofOf(), recordOf().keys, IRefuter.Field.Right, output));
        refused(rival, data, malformed("output"));
    }

    // Results

    function test_RefuteResult_OtherThanTheTrace_Falls() public {
        for (uint256 index = 0; index < 2; ++index) {
            _result(index, isRight());
            for (uint256 word = 0; word < 4; ++word) {
                bytes memory right = world.results;
                bytes memory results = world.results;
                results[128 * index + 32 * word + 31] ^= 0x02;
                world.results = results;
                _result(index, "");
                _result(1 - index, isRight());
                world.results = right;
            }
        }
    }

    function test_RefuteResult_BehindTheLast_FallsWhereItIsNotZero() public {
        world.reveals = 3;
        world.results = abi.encode(0, alice, 30, 0, 1, bob, 10, 0);
        world.results = bytes.concat(world.results, abi.encode(2, bob, 10, 0), new bytes(128));
        _resultBehind(3, isRight());
        bytes memory results = world.results;
        results[3 * 128 + 77] = 0x01;
        world.results = results;
        _resultBehind(3, "");
        _resultBehind(2, malformed("leaves")); // A participant's needs its entry.
    }

    function test_RefuteResult_BehindTheLastWithMore_Refused() public {
        world.reveals = 3;
        world.results = bytes.concat(world.results, abi.encode(2, bob, 10, 0), new bytes(128));
        IRefuter.Case memory claimed = claim(poster, 0);
        IRefuter.Leaves memory none;
        none.siblings = new bytes32[](0);
        IRefuter.Leaves memory leaf = opened(world.results, 3 * 128, 128);
        bytes memory data = _resultCall(claimed, leaf, leaf, none);
        refused(rival, data, malformed("inputs"));
    }

    function test_RefuteResult_SeveralLeaves_Refused() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        bytes memory trace = traceOf();
        bytes memory data = _resultCall(
            claimed,
            opened(world.results, 0, 256),
            opened(trace, 15 * 128, 128),
            opened(trace, endOf() - 6 * 128 + 120, 8)
        );
        refused(rival, data, malformed("leaves"));
    }

    // What every refutation needs

    function test_Refute_NotAnnounced_Refused() public {
        bytes memory data = _wrongStep();
        bytes32 intent = keccak256(abi.encode(rival, keccak256(data)));
        _expect(rival, data, abi.encodeWithSelector(IRefuter.NotIntended.selector, intent));

        refuter.intend(intent);
        _expect(rival, data, abi.encodeWithSelector(IRefuter.NotIntended.selector, intent)); // In the same block.
        VM.roll(block.number + 1);
        _expect(rival, data, "");
    }

    function test_Refute_CopiedFromTheMempool_Refused() public {
        bytes memory data = _wrongStep();
        announce(rival, data);
        bytes32 own = keccak256(abi.encode(stranger, keccak256(data)));
        _expect(stranger, data, abi.encodeWithSelector(IRefuter.NotIntended.selector, own));
        VM.prank(stranger);
        refuter.intend(own);
        _expect(stranger, data, abi.encodeWithSelector(IRefuter.NotIntended.selector, own));
        _expect(rival, data, "");
    }

    function test_Intend_Again_KeepsTheFirstBlock() public {
        bytes32 intent = keccak256("intent");
        refuter.intend(intent);
        uint256 number = block.number;
        VM.roll(number + 5);
        VM.prank(stranger);
        refuter.intend(intent);
        VM.assertEq(refuter.intendedAt(intent), number, "block");
        VM.assertEq(refuter.intendedAt(keccak256("none")), 0, "none");
    }

    function test_Refute_AgainOrByAnother_HasFallen() public {
        bytes memory data = _wrongStep();
        announce(stranger, data);
        send(rival, data);
        bytes32 id = idOf(_wrong());
        _expect(stranger, data, abi.encodeWithSelector(IRefuter.HasFallen.selector, id));
    }

    function test_Refute_OneOfSeveralClaimants_AllFall() public {
        IRefuter.Case memory first = _wrong();
        IRefuter.Case memory second = claim(stranger, 3, first.result);
        ITrainingMarket.Result memory other = resultOf();
        other.traceRoot = keccak256("another");
        IRefuter.Case memory third = claim(rival, 4, other);
        send(rival, _wrongStep());
        VM.assertEq(winnerOf(second), rival, "says the same");
        VM.assertEq(winnerOf(third), address(0), "says another thing");
    }

    function test_Refute_NoSuchClaim_Refused() public {
        bytes memory data = _wrongStep();
        IRefuter.Case memory claimed = _wrong();
        bytes memory failure = abi.encodeWithSelector(IRefuter.NoSuchClaim.selector, poster);
        ITrainingMarket.CaseFacts memory facts = factsOf(claimed.result);
        ITrainingMarket.ClaimState[4] memory states = [
            ITrainingMarket.ClaimState.None,
            ITrainingMarket.ClaimState.Sealed,
            ITrainingMarket.ClaimState.Paid,
            ITrainingMarket.ClaimState.Fallen
        ];
        for (uint256 i = 0; i < 4; ++i) {
            facts.state = states[i];
            market.setCase(TASK, ROUND, poster, facts);
            refused(rival, data, failure);
        }
        facts = factsOf(resultOf());
        market.setCase(TASK, ROUND, poster, facts);
        refused(rival, data, failure);
    }

    function test_Refute_RoundBeforeNotFinal_NotReady() public {
        bytes memory data = _wrongStep();
        ITrainingMarket.CaseFacts memory facts = factsOf(_wrong().result);
        facts.base = 0;
        market.setCase(TASK, ROUND, poster, facts);
        refused(rival, data, abi.encodeWithSelector(IRefuter.NotReady.selector));
    }

    function test_Refute_AnotherProgram_WrongPath() public {
        (IRefuter.Case memory claimed, IRefuter.Step memory step) = _wrongParts();
        bytes32 root = factsOf(claimed.result).programRoot;
        for (uint256 i = 0; i < 7; ++i) {
            step.record = recordOf();
            if (i == 0) step.record.proof.code ^= bytes32(uint256(1));
            if (i == 1) step.record.proof.constants ^= bytes32(uint256(1));
            if (i == 2) step.record.proof.layout ^= bytes32(uint256(1));
            if (i == 3) step.record.proof.records ^= bytes32(uint256(1));
            if (i == 4) step.record.proof.initial ^= bytes32(uint256(1));
            if (i == 5) step.record.keys ^= bytes32(uint256(1));
            if (i == 6) step.record.proof.siblings[1] ^= bytes32(uint256(1));
            (bool success, bytes memory result) = _sent(abi.encodeCall(IRefuter.refuteStep, (claimed, step)));
            VM.assertFalse(success, "refused");
            VM.assertEq(slice(result, 0, 36), abi.encodeWithSelector(IRefuter.WrongPath.selector, root), "why");
        }
    }

    function test_Refute_AnotherRecord_WrongPathOrMalformed() public {
        (IRefuter.Case memory claimed, IRefuter.Step memory step) = _wrongParts();
        step.record.words[0] ^= bytes32(uint256(1));
        (, bytes memory result) = _sent(abi.encodeCall(IRefuter.refuteStep, (claimed, step)));
        bytes memory failure = abi.encodeWithSelector(IRefuter.WrongPath.selector, step.record.proof.code);
        VM.assertEq(slice(result, 0, 36), failure, "why");

        step.record = recordOf();
        step.record.number = 3; // Of two records.
        refused(rival, abi.encodeCall(IRefuter.refuteStep, (claimed, step)), malformed("record"));
        step.record = recordOf();
        step.record.mask |= 1 << 31;
        refused(rival, abi.encodeCall(IRefuter.refuteStep, (claimed, step)), malformed("record"));
        step.record = recordOf();
        step.record.mask |= 1 << 32;
        refused(rival, abi.encodeCall(IRefuter.refuteStep, (claimed, step)), malformed("record"));
        step.record = recordOf();
        step.record.mask &= step.record.mask - 1;
        refused(rival, abi.encodeCall(IRefuter.refuteStep, (claimed, step)), malformed("record"));
    }

    function test_Refute_NoSuchRun_Refused() public {
        _array();
        (IRefuter.Case memory claimed, bytes memory trace) = _claimOf(traceOf());
        uint256[3] memory ats = [uint256(2), 3 << 32, 1 << 31];
        for (uint256 i = 0; i < 3; ++i) {
            IRefuter.Step memory step;
            step.record = recordOf();
            (step.at, step.output) = (ats[i], opened(trace, OUTPUTS, 2));
            step.inputs = new IRefuter.Leaves[](0);
            refused(rival, abi.encodeCall(IRefuter.refuteStep, (claimed, step)), malformed("coordinate"));
        }
    }

    function test_Refute_OutputOfAnotherLeafOrTree_Refused() public {
        (IRefuter.Case memory claimed, IRefuter.Step memory step) = _wrongParts();
        bytes memory trace = _wrongTrace();
        step.output = opened(trace, OUTPUTS + 128, 8);
        refused(rival, abi.encodeCall(IRefuter.refuteStep, (claimed, step)), malformed("output"));
        step.output = opened(trace, OUTPUTS - 128, 8);
        refused(rival, abi.encodeCall(IRefuter.refuteStep, (claimed, step)), malformed("output"));

        step.output = opened(traceOf(), OUTPUTS, 8);
        (, bytes memory result) = _sent(abi.encodeCall(IRefuter.refuteStep, (claimed, step)));
        bytes memory failure = abi.encodeWithSelector(IRefuter.WrongPath.selector, claimed.result.traceRoot);
        VM.assertEq(slice(result, 0, 36), failure, "why");
    }

    function test_Refute_OtherInputsThanItReads_Refused() public {
        bytes memory record = Records.step(3, 8);
        Records.start(record, 0, int256(OUTPUTS), 0);
        Records.operand(record, 0, 1, 8, 0);
        Records.operand(record, 1, 1, 8, 200);
        world.record = record;
        (IRefuter.Case memory claimed, bytes memory trace) = _claimOf(traceOf());
        IRefuter.Leaves memory a = opened(world.constants, 0, 8);
        IRefuter.Leaves memory b = opened(world.constants, 200, 8);
        IRefuter.Step memory step;
        (step.record, step.output) = (recordOf(), opened(trace, OUTPUTS, 8));
        for (uint256 i = 0; i < 4; ++i) {
            step.inputs = new IRefuter.Leaves[](i == 2 ? 3 : i == 3 ? 2 : i);
            for (uint256 j = 0; j < step.inputs.length; ++j) {
                step.inputs[j] = (i == 3) == (j == 1) ? a : b; // Too few, too many, in another order.
            }
            refused(rival, abi.encodeCall(IRefuter.refuteStep, (claimed, step)), malformed("inputs"));
        }
        step.inputs = new IRefuter.Leaves[](2);
        (step.inputs[0], step.inputs[1]) = (a, b);
        send(rival, abi.encodeCall(IRefuter.refuteStep, (claimed, step)));
    }

    function test_Refute_Fallen_SaysWhereAndWho() public {
        bytes memory data = _wrongStep();
        IRefuter.Case memory claimed = _wrong();
        announce(rival, data);
        VM.expectEmit(address(refuter));
        emit IRefuter.Refuted(idOf(claimed), rival, OUTPUTS);
        VM.prank(rival);
        (bool success,) = address(refuter).call(data);
        VM.assertTrue(success, "sent");
        (address winner, uint256 settled) = refuter.standing(idOf(claimed));
        VM.assertEq(winner, rival, "winner");
        VM.assertEq(settled, 0, "nothing was demanded");
        VM.assertTrue(refuter.boardOf(idOf(claimed)).hasFallen, "fell");
    }

    /// @dev A record of two runs, each with an array of three outputs of 2 bytes.
    function _array() private {
        bytes memory record = Records.step(0, 2);
        Records.start(record, 0, int256(OUTPUTS), 0);
        Records.loop(record, true, 2, 128, 0);
        Records.loop(record, false, 3, 2, 0);
        world.record = record;
        world.outputs = new bytes(256);
    }

    function _claimOf(bytes memory trace) private returns (IRefuter.Case memory claimed, bytes memory same) {
        ITrainingMarket.Result memory result = resultOf();
        result.traceRoot = rootOf(trace);
        return (claim(poster, 0, result), trace);
    }

    function _padding(bytes memory trace, uint256 at, bytes memory failure) private {
        (IRefuter.Case memory claimed,) = _claimOf(trace);
        IRefuter.Leaves memory output = opened(trace, OUTPUTS + 128 * uint32(at), 128);
        bytes memory data = abi.encodeCall(IRefuter.refutePadding, (claimed, recordOf(), at, output));
        _fallsOr(claimed, data, failure);
    }

    function _end(bytes memory trace, uint256 place, bytes memory failure) private {
        (IRefuter.Case memory claimed,) = _claimOf(trace);
        IRefuter.Leaves memory output = opened(trace, place, 128);
        bytes memory data = abi.encodeCall(IRefuter.refuteEnd, (claimed, proofOf(), recordOf().keys, output));
        _fallsOr(claimed, data, failure);
    }

    function _field(
        ITrainingMarket.Result memory result,
        IRefuter.Field field,
        bytes memory trace,
        bytes memory failure
    ) private {
        IRefuter.Case memory claimed = claim(poster, 0, result);
        uint256[3] memory places = [endOf() - 7 * 128, endOf() - 5 * 128, endOf() - 128];
        IRefuter.Leaves memory output = opened(trace, places[uint256(field)], 32);
        bytes memory data = abi.encodeCall(IRefuter.refuteField, (claimed, proofOf(), recordOf().keys, field, output));
        _fallsOr(claimed, data, failure);
    }

    function _result(uint256 index, bytes memory failure) private {
        IRefuter.Case memory claimed = claim(poster, 0);
        bytes memory trace = traceOf();
        uint256 seat = SEATS - 1 - index;
        bytes memory data = _resultCall(
            claimed,
            opened(world.results, 128 * index, 128),
            opened(trace, 128 * seat, 128),
            opened(trace, endOf() - 6 * 128 + 8 * seat, 8)
        );
        _fallsOr(claimed, data, failure);
    }

    function _resultBehind(uint256 index, bytes memory failure) private {
        IRefuter.Case memory claimed = claim(poster, 0);
        IRefuter.Leaves memory none;
        none.siblings = new bytes32[](0);
        IRefuter.Leaves memory leaf = opened(world.results, 128 * index, 128);
        _fallsOr(claimed, _resultCall(claimed, leaf, none, none), failure);
    }

    function _resultCall(
        IRefuter.Case memory claimed,
        IRefuter.Leaves memory leaf,
        IRefuter.Leaves memory entry,
        IRefuter.Leaves memory points
    ) private view returns (bytes memory) {
        return abi.encodeCall(IRefuter.refuteResult, (claimed, proofOf(), rootOf(world.keys), leaf, entry, points));
    }

    function _fallsOr(IRefuter.Case memory claimed, bytes memory data, bytes memory failure) private {
        if (failure.length != 0) return refused(rival, data, failure);

        uint256 state = VM.snapshotState();
        send(rival, data);
        VM.assertEq(winnerOf(claimed), rival, "winner");
        VM.revertToState(state);
    }

    /// @dev The world's step gives zero; this trace says five.
    function _wrongTrace() private view returns (bytes memory trace) {
        trace = traceOf();
        trace[OUTPUTS + 7] = 0x05;
    }

    function _wrong() private returns (IRefuter.Case memory claimed) {
        (claimed,) = _claimOf(_wrongTrace());
    }

    function _wrongParts() private returns (IRefuter.Case memory claimed, IRefuter.Step memory step) {
        claimed = _wrong();
        (step.record, step.output) = (recordOf(), opened(_wrongTrace(), OUTPUTS, 8));
        step.inputs = new IRefuter.Leaves[](0);
    }

    function _wrongStep() private returns (bytes memory data) {
        (IRefuter.Case memory claimed, IRefuter.Step memory step) = _wrongParts();
        data = abi.encodeCall(IRefuter.refuteStep, (claimed, step));
    }

    function _sent(bytes memory data) private returns (bool success, bytes memory result) {
        announce(rival, data);
        VM.prank(rival);
        (success, result) = address(refuter).call(data);
    }

    function _expect(address who, bytes memory data, bytes memory failure) private {
        VM.prank(who);
        (bool success, bytes memory result) = address(refuter).call(data);
        VM.assertTrue(success == (failure.length == 0), "outcome");
        VM.assertEq(result, failure, "why");
    }
}
