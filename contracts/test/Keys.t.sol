// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {Trees} from "./fixtures/Trees.sol";

/// @title KeysTest
/// @author The Research authors
/// @notice `openKeys`: chunks in order, of few keys and of many.
contract KeysTest is MarketTest {
    uint256 private constant ROUNDS_SLOT = 2; // Of `_rounds`, in the market's storage.

    function test_OpenKeys_OneChunk_OpensAll() public {
        uint256 taskId = _ready();
        bytes memory data = _call(taskId, 0, 0);
        VM.assertFalse(market.getRound(taskId, 0).isOpen, "not yet");
        VM.expectEmit(address(market));
        emit ITrainingMarket.KeysOpened(taskId, 0, 0, keysOf(0, 4));

        VM.prank(stranger);
        (bool success,) = address(market).call(data);

        VM.assertTrue(success, "anybody");
        VM.assertEq(market.getRound(taskId, 0).keyChunks, 1, "chunks");
        VM.assertTrue(market.getRound(taskId, 0).isOpen, "all");
    }

    function test_OpenKeys_Window_FirstAndLastSecond() public {
        uint256 taskId = publishRevealed();
        bytes memory data = _call(taskId, 0, 0);
        ITrainingMarket.Schedule memory schedule = market.scheduleOf(taskId, 0);
        VM.warp(schedule.answer - 1);
        refuse(alice, 0, data, wrongPhase(ITrainingMarket.Phase.Open, ITrainingMarket.Phase.Reveal));
        VM.warp(schedule.score);
        refuse(alice, 0, data, wrongPhase(ITrainingMarket.Phase.Open, ITrainingMarket.Phase.Score));
        uint256 state = VM.snapshotState();
        VM.warp(schedule.open);
        openKeyChunk(taskId, 0, 0);
        VM.revertToState(state);
        VM.warp(schedule.score - 1);
        openKeyChunk(taskId, 0, 0);
    }

    /// @dev While updates are still shown or withheld nobody opens them, the sponsor neither.
    function test_OpenKeys_WhileAnswersAreTaken_Reverts() public {
        uint256 taskId = publishRevealed();
        bytes memory data = _call(taskId, 0, 0);
        bytes memory failure = wrongPhase(ITrainingMarket.Phase.Open, ITrainingMarket.Phase.Answer);
        ITrainingMarket.Schedule memory schedule = market.scheduleOf(taskId, 0);
        uint256[4] memory times = [schedule.answer, schedule.demanded - 1, schedule.demanded, schedule.open - 1];
        for (uint256 i = 0; i < times.length; ++i) {
            VM.warp(times[i]);
            refuse(sponsor, 0, data, failure);
            refuse(stranger, 0, data, failure);
        }
        VM.assertEq(market.getRound(taskId, 0).keyChunks, 0, "none");
    }

    function test_OpenKeys_NothingRevealed_Reverts() public {
        uint256 taskId = publish();
        bytes memory data = _call(taskId, 0, 0);
        warpTo(taskId, 0, ITrainingMarket.Phase.Open);

        refuse(alice, 0, data, abi.encodeWithSelector(ITrainingMarket.NothingRevealed.selector, 0));
    }

    function test_OpenKeys_Again_Reverts() public {
        uint256 taskId = publishOpened(defaultTerms());

        refuse(alice, 0, _call(taskId, 0, 0), abi.encodeWithSelector(ITrainingMarket.WrongKeys.selector, 1, 1));
    }

    function test_OpenKeys_WrongKeys_Revert() public {
        uint256 taskId = _ready();
        bytes32 root = market.getTask(taskId).terms.programRoot;
        ITrainingMarket.RoundProof memory proof = roundProof(taskId, 0);
        bytes memory other = keysOf(1, 4);
        bytes32 leaf = Trees.program(proof, Trees.root(Trees.keyLeaves(other)));
        bytes32 actual = keccak256(abi.encode(leaf, proof.siblings[0]));
        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.openKeys, (taskId, proof, other, noProof())),
            wrongProof(root, actual)
        );
        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.openKeys, (taskId, proof, keysOf(0, 3), noProof())),
            abi.encodeWithSelector(ITrainingMarket.WrongLength.selector, 128, 96)
        );
        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.openKeys, (taskId, proof, keysOf(0, 5), noProof())),
            abi.encodeWithSelector(ITrainingMarket.WrongLength.selector, 128, 160)
        );
    }

    /// @dev A proof has the depth of its tree: none for up to 128 keys, one sibling for up to 256, two for more.
    function test_OpenKeys_SiblingMoreOrLess_Reverts() public {
        uint16[3] memory counts = [4, 130, 300];
        for (uint256 depth = 0; depth < 3; ++depth) {
            uint256 taskId = publish(keyTerms(3, counts[depth]));
            _reveal(taskId);
            ITrainingMarket.RoundProof memory proof = roundProof(taskId, 0);
            (bytes memory keys, bytes32[] memory siblings) = keyChunk(0, counts[depth], 0);
            VM.assertEq(siblings.length, depth, "depth");
            for (uint256 length = 0; length < depth + 2; ++length) {
                if (length == depth) continue;
                bytes32[] memory other = new bytes32[](length);
                for (uint256 i = 0; i < length && i < depth; ++i) {
                    other[i] = siblings[i];
                }
                refuse(
                    alice,
                    0,
                    abi.encodeCall(ITrainingMarket.openKeys, (taskId, proof, keys, other)),
                    abi.encodeWithSelector(ITrainingMarket.WrongLength.selector, depth, length)
                );
            }
            openKeyChunk(taskId, 0, 0);
        }
    }

    /// @dev The other round's keys, with all of its proof.
    function test_OpenKeys_OfOtherRound_Reverts() public {
        uint256 taskId = _ready();
        bytes32[] memory programs = programsOf(2, 4);
        bytes32 swapped = keccak256(abi.encode(programs[1], programs[0]));

        refuse(alice, 0, _call(taskId, 1, 0), wrongProof(market.getTask(taskId).terms.programRoot, swapped));
    }

    function test_OpenKeys_SecondRound_TakesItsOwn() public {
        uint256 taskId = publishScored();
        revealBoth(taskId, 1);

        openKeys(taskId, 1);

        VM.assertEq(market.getRound(taskId, 1).keyChunks, 1, "chunks");
    }

    function test_OpenKeys_TwoChunks_InOrder() public {
        uint256 taskId = publish(keyTerms(3, 130));
        _reveal(taskId);
        bytes memory first = _call(taskId, 0, 0);
        // The second chunk's two keys where the first's 128 belong.
        refuse(
            alice, 0, _call(taskId, 0, 1), abi.encodeWithSelector(ITrainingMarket.WrongLength.selector, 128 * 32, 64)
        );
        openKeyChunk(taskId, 0, 0);
        refuse(alice, 0, first, abi.encodeWithSelector(ITrainingMarket.WrongLength.selector, 64, 128 * 32));
        VM.assertEq(market.getRound(taskId, 0).keyChunks, 1, "one of two");
        VM.assertFalse(market.getRound(taskId, 0).isOpen, "not all");
        openKeyChunk(taskId, 0, 1);
        VM.assertEq(market.getRound(taskId, 0).keyChunks, 2, "two of two");
        VM.assertTrue(market.getRound(taskId, 0).isOpen, "all");
    }

    function test_OpenKeys_OneChunkOfTwo_IsNotOpen() public {
        uint256 taskId = publish(keyTerms(3, 130));
        _reveal(taskId);
        openKeyChunk(taskId, 0, 0);
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);

        refuse(
            poster,
            BOND,
            abi.encodeCall(ITrainingMarket.sealClaim, (taskId, "seal")),
            abi.encodeWithSelector(ITrainingMarket.WrongKeys.selector, 2, 1)
        );
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        finalise(taskId, 0);
        VM.assertEq(outcomeOf(taskId, 0), uint256(ITrainingMarket.Outcome.Unopened), "outcome");
    }

    function testFuzz_OpenKeys_AnyNumber_OpensAll(uint16 count, uint8 rounds) public {
        count = uint16(bound(count, 2, 300));
        rounds = uint8(bound(rounds, 1, 5));
        uint256 taskId = publish(keyTerms(rounds, count));
        _reveal(taskId);

        openKeys(taskId, 0);

        VM.assertEq(market.getRound(taskId, 0).keyChunks, (uint256(count) + 127) / 128, "chunks");
        VM.assertTrue(market.getRound(taskId, 0).isOpen, "all");
    }

    /// @dev Every claim of a round stands for a trace of the same size, which its program and its reveals give.
    function test_OpenKeys_Layout_SetsDepth() public {
        VM.assertEq(_depth(128, 0, 0, 1), 0, "one leaf");
        VM.assertEq(_depth(129, 0, 0, 1), 1, "and a byte");
        VM.assertEq(_depth(0, 128, 0, 16), 0, "a seat of sixteen");
        VM.assertEq(_depth(0, 128, 0, 17), 1, "two");
        VM.assertEq(_depth(0, 0, 128, 32), 2, "squared");
        VM.assertEq(_depth(0, 0, 128, 33), 4, "nine leaves");
        VM.assertEq(_depth(-128, 256, 0, 16), 0, "negative coefficients");
        VM.assertEq(_depth(type(int64).max, type(int64).max, type(int64).max, 65_536), 81, "the greatest");
        VM.assertEq(_depth(0, 0, 2048, 65_536), 28, "two kilobytes a pair of seats");
    }

    function test_OpenKeys_NoTrace_Reverts() public {
        uint256 state = VM.snapshotState();
        int64[3] memory sizes = [int64(127), 0, -1];
        uint256[3] memory actual = [uint256(127), 0, 0];
        for (uint256 i = 0; i < 3; ++i) {
            (uint256 taskId, bytes memory data) = _laidOut(sizes[i], 0, 0, 1);
            refuse(sponsor, 0, data, abi.encodeWithSelector(ITrainingMarket.WrongLength.selector, 128, actual[i]));
            VM.assertFalse(market.getRound(taskId, 0).isOpen, "closed");
            VM.revertToState(state);
            state = VM.snapshotState();
        }
    }

    /// @dev By counting leaves.
    function testFuzz_OpenKeys_AnyLayout_SetsDepth(uint40 c, uint40 q, uint40 r, uint32 reveals) public {
        reveals = uint32(bound(reveals, 1, 65_536));
        uint256 s = 1;
        while (16 * s < reveals) ++s;
        uint256 size = uint256(c) + 128 + q * s + r * s * s;
        uint256 depth;
        for (uint256 bytes_ = 128; bytes_ < size; bytes_ *= 2) {
            ++depth;
        }

        VM.assertEq(_depth(int64(uint64(c)) + 128, int64(uint64(q)), int64(uint64(r)), reveals), depth, "depth");
    }

    /// @dev Of several chunks the last sets it.
    function test_OpenKeys_TwoChunks_LastSetsDepth() public {
        uint256 taskId = publish(keyTerms(3, 130));
        _reveal(taskId);
        openKeyChunk(taskId, 0, 0);
        VM.assertEq(market.getRound(taskId, 0).depth, 0, "not yet");
        openKeyChunk(taskId, 0, 1);
        VM.assertEq(market.getRound(taskId, 0).depth, 6, "64 leaves");
    }

    function test_OpenKeys_OtherProgram_Reverts() public {
        uint256 taskId = _ready();
        (bytes memory keys, bytes32[] memory siblings) = keyChunk(0, 4, 0);
        for (uint256 i = 0; i < 5; ++i) {
            ITrainingMarket.RoundProof memory proof = roundProof(taskId, 0);
            if (i == 0) proof.code = "other";
            if (i == 1) proof.constants = "other";
            if (i == 2) proof.layout ^= bytes32(uint256(1));
            if (i == 3) proof.records = "other";
            if (i == 4) proof.initial = "other";
            bytes32 leaf = Trees.program(proof, Trees.root(Trees.keyLeaves(keys)));
            bytes32 actual = keccak256(abi.encode(leaf, proof.siblings[0]));
            refuse(
                alice,
                0,
                abi.encodeCall(ITrainingMarket.openKeys, (taskId, proof, keys, siblings)),
                wrongProof(market.getTask(taskId).terms.programRoot, actual)
            );
        }
    }

    /// @dev The depth of a round of a task of its own.
    function _depth(int64 c, int64 q, int64 r, uint32 reveals) private returns (uint256) {
        (uint256 taskId, bytes memory data) = _laidOut(c, q, r, reveals);
        (bool success,) = address(market).call(data);
        VM.assertTrue(success, "opened");
        return market.getRound(taskId, 0).depth;
    }

    /// @dev A round whose trace has this layout, with as many reveals as said: the round's first word counts them above the
    /// roster's 24 bytes.
    function _laidOut(int64 c, int64 q, int64 r, uint32 reveals) private returns (uint256 taskId, bytes memory data) {
        ITrainingMarket.Terms memory terms = keyTerms(1, 2);
        ITrainingMarket.RoundProof memory proof = programOf(0);
        proof.layout = Trees.layout(c, q, r);
        (bytes memory keys, bytes32[] memory siblings) = keyChunk(0, 2, 0);
        terms.programRoot = Trees.program(proof, Trees.root(Trees.keyLeaves(keys)));
        taskId = publish(terms);
        _reveal(taskId);
        bytes32 slot = keccak256(abi.encode(0, keccak256(abi.encode(taskId, ROUNDS_SLOT))));
        uint256 roster = uint192(uint256(VM.load(address(market), slot)));
        VM.store(address(market), slot, bytes32(roster | uint256(reveals) << 192));
        data = abi.encodeCall(ITrainingMarket.openKeys, (taskId, proof, keys, siblings));
    }

    function _reveal(uint256 taskId) private {
        warpTo(taskId, 0, ITrainingMarket.Phase.Commit);
        commitAs(alice, taskId, 0, 0.001 ether);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        revealAs(alice, taskId, 0);
        warpTo(taskId, 0, ITrainingMarket.Phase.Open);
    }

    /// @dev Two updates revealed, and the first second of the open window.
    function _ready() private returns (uint256 taskId) {
        taskId = publishRevealed();
        warpTo(taskId, 0, ITrainingMarket.Phase.Open);
    }

    function _call(uint256 taskId, uint256 round, uint256 chunk) private view returns (bytes memory) {
        (bytes memory keys, bytes32[] memory siblings) = keyChunk(round, market.getTask(taskId).terms.keys, chunk);
        return abi.encodeCall(ITrainingMarket.openKeys, (taskId, roundProof(taskId, round), keys, siblings));
    }
}
