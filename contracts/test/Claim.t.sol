// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {MerkleTree} from "./fixtures/MerkleTree.sol";
import {RefusingRecipient} from "./fixtures/Recipients.sol";

contract ClaimTest is MarketTest {
    function test_Claim_ByStranger_PaysParticipant() public {
        uint256 taskId = publishScored();
        uint256 before = alice.balance;
        bytes32[] memory proof = MerkleTree.proof(twoLeaves(), 0);
        VM.expectEmit(address(market));
        emit ITrainingMarket.Claimed(taskId, 0, alice, 0, 3 ether);

        VM.prank(stranger);
        market.claim(taskId, 0, 0, alice, 3 ether, proof);

        VM.assertEq(alice.balance, before + 3 ether, "reward");
        VM.assertTrue(market.isClaimed(taskId, 0, 0), "marked");
        VM.assertFalse(market.isClaimed(taskId, 0, 1), "the other is not");
        VM.assertEq(market.getRound(taskId, 0).claimed, 3 ether, "round");
        VM.assertEq(market.getTask(taskId).paid, 3 ether, "task");
    }

    function test_Claim_Token_PaysParticipant() public {
        uint256 taskId = publishInTokens();
        scoreFirstRound(taskId);

        claimAlice(taskId);
        claimBob(taskId);

        VM.assertEq(token.balanceOf(alice), FUNDS + 3 ether, "alice");
        VM.assertEq(token.balanceOf(bob), FUNDS + 1 ether, "bob");
    }

    function test_Claim_WhileNextRoundRuns_Pays() public {
        uint256 taskId = publishScored();
        warpTo(taskId, 1, ITrainingMarket.Phase.Reveal);

        claimBob(taskId);

        VM.assertEq(market.getTask(taskId).paid, 1 ether, "paid");
    }

    function test_Claim_Twice_Reverts() public {
        uint256 taskId = publishScored();
        claimBob(taskId);
        bytes32[] memory proof = MerkleTree.proof(twoLeaves(), 1);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.AlreadyClaimed.selector, 0, 1));
        market.claim(taskId, 0, 1, bob, 1 ether, proof);
    }

    function test_Claim_TwiceAfterTotalIsSpent_Reverts() public {
        uint256 taskId = publishScored();
        claimAlice(taskId);
        bytes32[] memory proof = MerkleTree.proof(twoLeaves(), 0);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.AlreadyClaimed.selector, 0, 0));
        market.claim(taskId, 0, 0, alice, 3 ether, proof);
    }

    function test_Claim_RootAboveTotal_IsCutOff() public {
        uint256 taskId = publishRevealed();
        postAs(poster, taskId, MerkleTree.root(twoLeaves()), 4 ether - 1);
        _finalise(taskId);
        claimAlice(taskId);
        bytes32[] memory proof = MerkleTree.proof(twoLeaves(), 1);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.ClaimAboveTotal.selector, 1 ether, 1 ether - 1));
        market.claim(taskId, 0, 1, bob, 1 ether, proof);
    }

    function test_Claim_OtherAmount_Reverts() public {
        uint256 taskId = publishScored();
        bytes32 root = MerkleTree.root(twoLeaves());
        bytes32[] memory proof = MerkleTree.proof(twoLeaves(), 1);

        VM.expectRevert(
            abi.encodeWithSelector(ITrainingMarket.InvalidProof.selector, root, MerkleTree.leaf(1, bob, 2 ether))
        );
        market.claim(taskId, 0, 1, bob, 2 ether, proof);
    }

    function test_Claim_OtherPlace_Reverts() public {
        uint256 taskId = publishScored();
        bytes32[] memory proof = MerkleTree.proof(twoLeaves(), 0);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.NotRevealed.selector, 0, alice, 1));
        market.claim(taskId, 0, 1, alice, 3 ether, proof);
    }

    function test_Claim_RootPaysOutsider_Reverts() public {
        uint256 taskId = publishRevealed();
        postAs(poster, taskId, MerkleTree.leaf(0, stranger, 4 ether), 4 ether);
        _finalise(taskId);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.NotRevealed.selector, 0, stranger, 0));
        market.claim(taskId, 0, 0, stranger, 4 ether, new bytes32[](0));
    }

    function test_Claim_GreatestIndex_Reverts() public {
        uint256 taskId = publishScored();

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.NotRevealed.selector, 0, stranger, type(uint256).max));
        market.claim(taskId, 0, type(uint256).max, stranger, 1, new bytes32[](0));
    }

    function test_Claim_NotFinalised_Reverts() public {
        uint256 taskId = publishRevealed();

        VM.expectRevert(
            abi.encodeWithSelector(
                ITrainingMarket.WrongOutcome.selector, ITrainingMarket.Outcome.Scored, ITrainingMarket.Outcome.None
            )
        );
        market.claim(taskId, 0, 0, alice, 1, new bytes32[](0));
    }

    function test_Claim_InDefaultSplit_Reverts() public {
        uint256 taskId = publishUnscored();

        VM.expectRevert(
            abi.encodeWithSelector(
                ITrainingMarket.WrongOutcome.selector,
                ITrainingMarket.Outcome.Scored,
                ITrainingMarket.Outcome.DefaultSplit
            )
        );
        market.claim(taskId, 0, 0, alice, 1, new bytes32[](0));
    }

    function test_Claim_AtDeadline_Reverts() public {
        uint256 taskId = publishScored();
        uint256 deadline = market.claimDeadline(taskId);
        bytes32[] memory proof = MerkleTree.proof(twoLeaves(), 0);
        VM.warp(deadline);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.ClaimsClosed.selector, deadline, deadline));
        market.claim(taskId, 0, 0, alice, 3 ether, proof);
    }

    function test_Claim_UnknownRound_Reverts() public {
        uint256 taskId = publishScored();

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.UnknownRound.selector, 2, 2));
        market.claim(taskId, 2, 0, alice, 1, new bytes32[](0));
    }

    function test_Claim_UnknownTask_Reverts() public {
        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.UnknownTask.selector, 5));
        market.claim(5, 0, 0, alice, 1, new bytes32[](0));
    }

    function test_Claim_RecipientRefusesEth_BlocksOnlyItself() public {
        RefusingRecipient refusing = new RefusingRecipient();
        uint256 taskId = publish();
        bytes32 commitment = market.commitmentHash(taskId, 0, address(refusing), "update", "salt");
        refusing.send{value: STAKE}(
            address(market), STAKE, abi.encodeCall(ITrainingMarket.commit, (taskId, commitment))
        );
        commitAs(bob, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        refusing.send(address(market), 0, abi.encodeCall(ITrainingMarket.reveal, (taskId, "update", "file", "salt")));
        revealAs(bob, taskId, 0);
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0);

        VM.expectRevert(abi.encodeWithSelector(ITrainingMarket.TransferFailed.selector, address(refusing), 2.5 ether));
        market.claimDefault(taskId, 0, address(refusing));
        market.claimDefault(taskId, 0, bob);
        VM.warp(market.claimDeadline(taskId));
        market.refund(taskId);

        VM.assertEq(market.getTask(taskId).paid, 2.5 ether, "bob was paid");
        VM.assertEq(sponsor.balance, FUNDS - 2.5 ether, "the rest went back");
    }

    function testFuzz_Claim_AnyTree_PaysEachOnceAndNoMoreThanTotal(uint256 seed, uint256 count, uint256 total) public {
        count = bound(count, 1, 12);
        total = bound(total, 0, 5 ether);
        uint256 taskId = publish();
        address[] memory people = _reveal(taskId, count);
        (uint256[] memory amounts, bytes32[] memory leaves) = _split(seed, people, total);
        postAs(poster, taskId, MerkleTree.root(leaves), total);
        _finalise(taskId);

        uint256 first = seed % count;
        for (uint256 i = 0; i < count; ++i) {
            uint256 index = (first + i) % count;
            uint256 before = people[index].balance;
            market.claim(taskId, 0, index, people[index], amounts[index], MerkleTree.proof(leaves, index));
            VM.assertEq(people[index].balance, before + amounts[index], "reward");
        }

        VM.assertEq(market.getRound(taskId, 0).claimed, total, "all of the total");
        VM.assertEq(market.getTask(taskId).paid, total, "paid");
    }

    function _finalise(uint256 taskId) private {
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        market.finalise(taskId, 0);
    }

    function _reveal(uint256 taskId, uint256 count) private returns (address[] memory people) {
        people = new address[](count);
        for (uint256 i = 0; i < count; ++i) {
            people[i] = VM.addr(100 + i);
            VM.deal(people[i], STAKE);
            commitAs(people[i], taskId, 0, STAKE);
        }
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        for (uint256 i = 0; i < count; ++i) {
            revealAs(people[i], taskId, 0);
        }
        warpTo(taskId, 0, ITrainingMarket.Phase.Score);
    }

    function _split(uint256 seed, address[] memory people, uint256 total)
        private
        pure
        returns (uint256[] memory amounts, bytes32[] memory leaves)
    {
        amounts = new uint256[](people.length);
        leaves = new bytes32[](people.length);
        uint256 left = total;
        for (uint256 i = 0; i < people.length; ++i) {
            amounts[i] = i + 1 == people.length ? left : uint256(keccak256(abi.encode(seed, i))) % (left + 1);
            left -= amounts[i];
            leaves[i] = MerkleTree.leaf(i, people[i], amounts[i]);
        }
    }
}
