// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {MerkleTree} from "./fixtures/MerkleTree.sol";

/// @title CommitTest
/// @author The Research authors
/// @notice `commit`: windows, stakes that stay or are burned, allow-lists.
contract CommitTest is MarketTest {
    function test_Commit_First_LocksStake() public {
        uint256 taskId = publish();
        bytes24 commitment = commitmentOf(alice, taskId, 0);
        VM.roll(77);
        VM.expectEmit(address(market));
        emit ITrainingMarket.Committed(taskId, 0, alice, commitment);

        commitAs(alice, taskId, 0, STAKE);

        ITrainingMarket.Position memory position = market.positionOf(taskId, alice);
        VM.assertEq(bytes32(position.word), bytes32(commitment), "word");
        VM.assertEq(position.committed, 77, "block");
        VM.assertEq(position.round, 0, "round");
        VM.assertTrue(position.standing == ITrainingMarket.Standing.Committed, "standing");
        VM.assertEq(alice.balance, FUNDS - STAKE, "stake");
    }

    function test_CommitmentHash_IsWhatTheInterfaceSays() public {
        uint256 taskId = publish();
        bytes32 expected = keccak256(abi.encode(block.chainid, address(market), taskId, 1, alice, SPEC, SALT));

        VM.assertEq(bytes32(market.commitmentHash(taskId, 1, alice, SPEC, SALT)), bytes32(bytes24(expected)), "hash");
    }

    function test_Commit_Window_FirstAndLastSecond() public {
        uint256 taskId = publish();
        ITrainingMarket.Schedule memory schedule = market.scheduleOf(taskId, 0);
        commitAs(alice, taskId, 0, STAKE);
        VM.warp(schedule.reveal - 1);
        commitAs(bob, taskId, 0, STAKE);
        VM.warp(schedule.reveal);
        refuse(
            carol,
            STAKE,
            abi.encodeCall(ITrainingMarket.commit, (taskId, "x", noProof())),
            wrongPhase(ITrainingMarket.Phase.Commit, ITrainingMarket.Phase.Reveal)
        );
        VM.warp(market.scheduleOf(taskId, 1).commit - 1);
        refuse(
            carol,
            STAKE,
            abi.encodeCall(ITrainingMarket.commit, (taskId, "x", noProof())),
            wrongPhase(ITrainingMarket.Phase.Commit, ITrainingMarket.Phase.Refute)
        );
        VM.warp(market.scheduleOf(taskId, 1).commit);
        commitAs(carol, taskId, 1, STAKE);
        VM.assertEq(market.positionOf(taskId, carol).round, 1, "the next round's");
        VM.warp(market.scheduleOf(taskId, 1).end);
        refuse(
            carol,
            STAKE,
            abi.encodeCall(ITrainingMarket.commit, (taskId, "x", noProof())),
            wrongPhase(ITrainingMarket.Phase.Commit, ITrainingMarket.Phase.Closed)
        );
    }

    function test_Commit_WrongStake_Reverts() public {
        uint256 taskId = publish();
        bytes memory data = abi.encodeCall(ITrainingMarket.commit, (taskId, "x", noProof()));

        refuse(alice, 0, data, wrongValue(STAKE, 0));
        refuse(alice, STAKE - 1, data, wrongValue(STAKE, STAKE - 1));
        refuse(alice, STAKE + 1, data, wrongValue(STAKE, STAKE + 1));
    }

    function test_Commit_Zero_Reverts() public {
        uint256 taskId = publish();

        refuse(alice, STAKE, abi.encodeCall(ITrainingMarket.commit, (taskId, 0, noProof())), zeroHash("commitment"));
    }

    function test_Commit_Twice_Reverts() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);

        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.commit, (taskId, "other", noProof())),
            abi.encodeWithSelector(ITrainingMarket.AlreadyCommitted.selector, 0, alice)
        );
    }

    function test_Commit_AfterReveal_KeepsStake() public {
        uint256 taskId = publishRevealed();
        warpTo(taskId, 1, ITrainingMarket.Phase.Commit);
        refuse(alice, STAKE, abi.encodeCall(ITrainingMarket.commit, (taskId, "x", noProof())), wrongValue(0, STAKE));

        commitAs(alice, taskId, 1, 0);

        VM.assertEq(alice.balance, FUNDS - STAKE, "one stake");
        VM.assertEq(market.positionOf(taskId, alice).round, 1, "round");
    }

    function test_Commit_AfterSilence_BurnsStakeAndTakesAnother() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 1, ITrainingMarket.Phase.Commit);
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.commit, (taskId, "x", noProof())), wrongValue(STAKE, 0));
        VM.expectEmit(address(market));
        emit ITrainingMarket.StakeBurned(taskId, 0, alice, STAKE);

        commitAs(alice, taskId, 1, STAKE);

        VM.assertEq(alice.balance, FUNDS - 2 * uint256(STAKE), "two stakes");
    }

    function test_Commit_AfterSilenceOnDemand_BurnsStakeAndTakesAnother() public {
        uint256 taskId = publishRevealed();
        demandAs(bob, taskId, pieceOf(alice, taskId, 0, 0, 0), 0);
        warpTo(taskId, 1, ITrainingMarket.Phase.Commit);
        VM.expectEmit(address(market));
        emit ITrainingMarket.StakeBurned(taskId, 0, alice, STAKE);

        commitAs(alice, taskId, 1, STAKE);

        VM.assertEq(alice.balance, FUNDS - 2 * uint256(STAKE), "two stakes");
        VM.assertTrue(market.isOut(taskId, 0, 0), "and it stays out of the round");
    }

    function test_Commit_AfterWithdrawal_TakesStakeAgain() public {
        uint256 taskId = publishRevealed();
        warpTo(taskId, 1, ITrainingMarket.Phase.Commit);
        VM.prank(alice);
        market.withdrawStake(taskId, alice);

        refuse(alice, 0, abi.encodeCall(ITrainingMarket.commit, (taskId, "x", noProof())), wrongValue(STAKE, 0));
        commitAs(alice, taskId, 1, STAKE);
    }

    function test_Commit_AllowList_TakesItsMembersOnly() public {
        bytes32[] memory members = new bytes32[](3);
        (members[0], members[1], members[2]) = (MerkleTree.leaf(alice), MerkleTree.leaf(bob), MerkleTree.leaf(carol));
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.allowRoot = MerkleTree.root(members);
        uint256 taskId = publish(terms);
        bytes24 commitment = commitmentOf(bob, taskId, 0);
        bytes memory refusal = abi.encodeWithSelector(ITrainingMarket.NotAllowed.selector, stranger);

        VM.prank(bob);
        market.commit{value: STAKE}(taskId, commitment, MerkleTree.proof(members, 1));

        refuse(
            stranger,
            STAKE,
            abi.encodeCall(ITrainingMarket.commit, (taskId, "x", MerkleTree.proof(members, 1))),
            refusal
        );
        refuse(stranger, STAKE, abi.encodeCall(ITrainingMarket.commit, (taskId, "x", noProof())), refusal);
    }

    function test_Commit_AllowListWithStake_NeedsNoProofAgain() public {
        bytes32[] memory members = new bytes32[](1);
        members[0] = MerkleTree.leaf(alice);
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.allowRoot = MerkleTree.root(members);
        uint256 taskId = publish(terms);
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        revealAs(alice, taskId, 0);
        warpTo(taskId, 1, ITrainingMarket.Phase.Commit);

        commitAs(alice, taskId, 1, 0);

        VM.assertEq(market.positionOf(taskId, alice).round, 1, "round");
    }
}
