// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {Trees} from "./fixtures/Trees.sol";

/// @title KeysTest
/// @author The Research authors
/// @notice `openKeys`: chunks in order, of few keys and of many.
contract KeysTest is MarketTest {
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

    function _reveal(uint256 taskId) private {
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
