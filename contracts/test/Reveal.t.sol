// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";

contract RevealTest is MarketTest {
    function test_Reveal_InOrder_AssignsIndicesAndStirsBeacon() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        commitAs(bob, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);

        bytes32 first = keccak256(abi.encode(bytes32(0), saltOf(bob, 0)));
        bytes32 second = keccak256(abi.encode(first, saltOf(alice, 0)));
        VM.expectEmit(address(market));
        emit ITrainingMarket.Revealed(taskId, 0, bob, 0, updateOf(bob, 0), fileOf(bob, 0), saltOf(bob, 0), first);
        revealAs(bob, taskId, 0);
        VM.expectEmit(address(market));
        emit ITrainingMarket.Revealed(
            taskId, 0, alice, 1, updateOf(alice, 0), fileOf(alice, 0), saltOf(alice, 0), second
        );
        revealAs(alice, taskId, 0);

        ITrainingMarket.Round memory round = market.getRound(taskId, 0);
        VM.assertEq(round.reveals, 2, "reveals");
        VM.assertEq(round.beacon, second, "beacon");
        (bool revealed, uint256 index) = market.revealIndexOf(taskId, 0, alice);
        VM.assertTrue(revealed, "revealed");
        VM.assertEq(index, 1, "index");
        (revealed,) = market.revealIndexOf(taskId, 0, carol);
        VM.assertFalse(revealed, "carol");
    }

    function test_Reveal_WrongSalt_Reverts() public {
        uint256 taskId = _committed();
        bytes32 actual = market.commitmentHash(taskId, 0, alice, updateOf(alice, 0), "wrong");

        VM.expectRevert(
            abi.encodeWithSelector(ITrainingMarket.WrongReveal.selector, commitmentOf(alice, taskId, 0), actual)
        );
        VM.prank(alice);
        market.reveal(taskId, updateOf(alice, 0), fileOf(alice, 0), "wrong");
    }

    function test_Reveal_AnotherRoot_Reverts() public {
        uint256 taskId = _committed();
        bytes32 actual = market.commitmentHash(taskId, 0, alice, "wrong", saltOf(alice, 0));

        VM.expectRevert(
            abi.encodeWithSelector(ITrainingMarket.WrongReveal.selector, commitmentOf(alice, taskId, 0), actual)
        );
        VM.prank(alice);
        market.reveal(taskId, "wrong", fileOf(alice, 0), saltOf(alice, 0));
    }

    function test_Reveal_CommitmentCopiedFromAnother_Reverts() public {
        uint256 taskId = publish();
        bytes32 copied = commitmentOf(alice, taskId, 0);
        VM.prank(bob);
        market.commit{value: STAKE}(taskId, copied);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);

        bytes32 actual = market.commitmentHash(taskId, 0, bob, updateOf(alice, 0), saltOf(alice, 0));
        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.WrongReveal.selector, copied, actual));
        VM.prank(bob);
        market.reveal(taskId, updateOf(alice, 0), fileOf(alice, 0), saltOf(alice, 0));
    }

    function test_Reveal_HashOfTheFileAsRoot_Reverts() public {
        uint256 taskId = _committed();
        bytes32 actual = market.commitmentHash(taskId, 0, alice, fileOf(alice, 0), saltOf(alice, 0));

        VM.expectRevert(
            abi.encodeWithSelector(ITrainingMarket.WrongReveal.selector, commitmentOf(alice, taskId, 0), actual)
        );
        VM.prank(alice);
        market.reveal(taskId, fileOf(alice, 0), updateOf(alice, 0), saltOf(alice, 0));
    }

    /// @dev The commitment does not cover where the file is: naming another is the participant's own loss.
    function testFuzz_Reveal_AnyFile_IsOnlyPassedOn(bytes32 file) public {
        uint256 taskId = _committed();
        bytes32 beacon = keccak256(abi.encode(bytes32(0), saltOf(alice, 0)));

        VM.expectEmit(address(market));
        emit ITrainingMarket.Revealed(taskId, 0, alice, 0, updateOf(alice, 0), file, saltOf(alice, 0), beacon);
        VM.prank(alice);
        market.reveal(taskId, updateOf(alice, 0), file, saltOf(alice, 0));
    }

    function test_Reveal_WithoutCommitment_Reverts() public {
        uint256 taskId = _committed();

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.NotCommitted.selector, 0, bob));
        revealAs(bob, taskId, 0);
    }

    function test_Reveal_Twice_Reverts() public {
        uint256 taskId = _committed();
        revealAs(alice, taskId, 0);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.NotCommitted.selector, 0, alice));
        revealAs(alice, taskId, 0);
    }

    function test_Reveal_InLaterRound_Reverts() public {
        uint256 taskId = _committed();
        warpTo(taskId, 1, ITrainingMarket.Phase.Reveal);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.NotCommitted.selector, 1, alice));
        revealAs(alice, taskId, 0);
    }

    function test_Reveal_InCommitWindow_Reverts() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);

        expectWrongPhase(ITrainingMarket.Phase.Reveal, ITrainingMarket.Phase.Commit);
        revealAs(alice, taskId, 0);
    }

    function test_Reveal_InScoreWindow_Reverts() public {
        uint256 taskId = _committed();
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);

        expectWrongPhase(ITrainingMarket.Phase.Reveal, ITrainingMarket.Phase.Score);
        revealAs(alice, taskId, 0);
    }

    function test_Reveal_UnknownTask_Reverts() public {
        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.UnknownTask.selector, 0));
        revealAs(alice, 0, 0);
    }

    function testFuzz_CommitmentHash_AnyPartChanged_Differs(uint256 taskId, uint256 round, bytes32 update, bytes32 salt)
        public
    {
        VM.assume(taskId != type(uint256).max && round != type(uint256).max);
        bytes32 commitment = market.commitmentHash(taskId, round, alice, update, salt);

        VM.assertEq(
            commitment,
            keccak256(abi.encode(block.chainid, address(market), taskId, round, alice, update, salt)),
            "formula"
        );
        VM.assertTrue(commitment != market.commitmentHash(taskId + 1, round, alice, update, salt), "task");
        VM.assertTrue(commitment != market.commitmentHash(taskId, round + 1, alice, update, salt), "round");
        VM.assertTrue(commitment != market.commitmentHash(taskId, round, bob, update, salt), "sender");
        VM.assertTrue(commitment != market.commitmentHash(taskId, round, alice, ~update, salt), "update");
        VM.assertTrue(commitment != market.commitmentHash(taskId, round, alice, update, ~salt), "salt");
        VM.chainId(block.chainid + 1);
        VM.assertTrue(commitment != market.commitmentHash(taskId, round, alice, update, salt), "chain");
    }

    function _committed() private returns (uint256 taskId) {
        taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
    }
}
