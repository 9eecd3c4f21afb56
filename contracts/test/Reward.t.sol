// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {BurningRecipient, HungryRecipient, LoggingRecipient, RefusingRecipient} from "./fixtures/Recipients.sol";
import {Trees} from "./fixtures/Trees.sol";

/// @title RewardTest
/// @author The Research authors
/// @notice `claimReward`: who may send it where, once, and never more than the round pays.
contract RewardTest is MarketTest {
    function test_ClaimReward_ByStranger_PaysParticipant() public {
        uint256 taskId = publishScored();
        bytes32[] memory proof = Trees.proof(twoLeaves(), 0, 0);
        VM.expectEmit(address(market));
        emit ITrainingMarket.RewardPaid(taskId, 0, alice, 0, alice, 1.5 ether);

        VM.prank(stranger);
        market.claimReward(taskId, 0, 0, alice, ALICES, proof, alice);

        VM.assertEq(alice.balance, FUNDS - STAKE + 1.5 ether, "30 of 100 points of 5 ether");
        VM.assertTrue(market.isPaid(taskId, 0, 0), "marked");
        VM.assertFalse(market.isPaid(taskId, 0, 1), "the other is not");
        VM.assertEq(market.getRound(taskId, 0).remaining, 0.5 ether, "remaining");
    }

    function test_ClaimReward_ByOwner_PaysWhomItNames() public {
        uint256 taskId = publishScored();
        bytes32[] memory proof = Trees.proof(twoLeaves(), 0, 1);

        VM.prank(bob);
        market.claimReward(taskId, 0, 1, bob, BOBS, proof, carol);

        VM.assertEq(carol.balance, FUNDS + 0.5 ether, "carol");
    }

    function test_ClaimReward_OtherRecipientByStranger_Reverts() public {
        uint256 taskId = publishScored();
        bytes32[] memory proof = Trees.proof(twoLeaves(), 0, 0);
        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.claimReward, (taskId, 0, 0, alice, ALICES, proof, stranger)),
            notYours(alice, stranger)
        );
        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.claimReward, (taskId, 0, 0, alice, ALICES, proof, address(0))),
            notYours(alice, address(0))
        );
    }

    function test_ClaimReward_Token_PaysTokens() public {
        uint256 taskId = publishScored(tokenTerms());
        rewardAlice(taskId, 0);
        rewardBob(taskId, 0);

        VM.assertEq(token.balanceOf(alice), FUNDS + 1.5 ether, "alice");
        VM.assertEq(token.balanceOf(bob), FUNDS + 0.5 ether, "bob");
        VM.assertEq(alice.balance, FUNDS - STAKE, "no ETH");
    }

    function test_ClaimReward_MuchLater_Pays() public {
        uint256 taskId = publishScored();
        VM.warp(block.timestamp + 3650 days);

        rewardBob(taskId, 0);

        VM.assertEq(bob.balance, FUNDS - STAKE + 0.5 ether, "never too late");
    }

    function test_ClaimReward_Twice_Reverts() public {
        uint256 taskId = publishScored();
        rewardBob(taskId, 0);
        bytes32[] memory proof = Trees.proof(twoLeaves(), 0, 1);

        refuse(
            bob,
            0,
            abi.encodeCall(ITrainingMarket.claimReward, (taskId, 0, 1, bob, BOBS, proof, bob)),
            abi.encodeWithSelector(ITrainingMarket.AlreadyPaid.selector, 0, 1)
        );
    }

    /// @dev A place beyond the tree shares its way with one inside, but not its leaf.
    function test_ClaimReward_SameWayOtherIndex_Reverts() public {
        uint256 taskId = publishScored();
        rewardBob(taskId, 0);
        bytes32[] memory leaves = twoLeaves();
        bytes32 actual = keccak256(abi.encode(leaves[0], Trees.result(3, bob, BOBS)));

        refuse(
            bob,
            0,
            abi.encodeCall(ITrainingMarket.claimReward, (taskId, 0, 3, bob, BOBS, Trees.proof(leaves, 0, 1), bob)),
            wrongProof(Trees.root(leaves), actual)
        );
    }

    function test_ClaimReward_OtherPointsOrNameOrProof_Reverts() public {
        uint256 taskId = publishScored();
        bytes32[] memory leaves = twoLeaves();
        bytes32 root = Trees.root(leaves);
        bytes32[] memory proof = Trees.proof(leaves, 0, 0);
        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.claimReward, (taskId, 0, 0, alice, ALICES + 1, proof, alice)),
            wrongProof(root, keccak256(abi.encode(Trees.result(0, alice, ALICES + 1), leaves[1])))
        );
        refuse(
            carol,
            0,
            abi.encodeCall(ITrainingMarket.claimReward, (taskId, 0, 0, carol, ALICES, proof, carol)),
            wrongProof(root, keccak256(abi.encode(Trees.result(0, carol, ALICES), leaves[1])))
        );
        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.claimReward, (taskId, 0, 0, alice, ALICES, noProof(), alice)),
            wrongProof(root, leaves[0])
        );
    }

    function test_ClaimReward_Unscored_Reverts() public {
        uint256 taskId = publishOpened(defaultTerms());
        bytes memory data = abi.encodeCall(
            ITrainingMarket.claimReward, (taskId, 0, 0, alice, ALICES, Trees.proof(twoLeaves(), 0, 0), alice)
        );
        refuse(alice, 0, data, wrongOutcome(ITrainingMarket.Outcome.Scored, ITrainingMarket.Outcome.None));
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        finalise(taskId, 0);

        refuse(alice, 0, data, wrongOutcome(ITrainingMarket.Outcome.Scored, ITrainingMarket.Outcome.Unscored));
        // Nor does a round pay that does not exist.
        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.claimReward, (taskId, 9, 0, alice, ALICES, noProof(), alice)),
            wrongOutcome(ITrainingMarket.Outcome.Scored, ITrainingMarket.Outcome.None)
        );
    }

    /// @dev A false total cannot take another round's money: what is earned is the bound.
    function test_ClaimReward_AboveWhatIsEarned_Reverts() public {
        uint256 taskId = publish();
        scoreRound(taskId, 0, resultOf(twoLeaves(), 30));
        rewardBob(taskId, 0);
        bytes32[] memory proof = Trees.proof(twoLeaves(), 0, 0);

        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.claimReward, (taskId, 0, 0, alice, ALICES, proof, alice)),
            abi.encodeWithSelector(ITrainingMarket.AboveRemaining.selector, 1.5 ether, 1 ether)
        );
        VM.assertFalse(market.isPaid(taskId, 0, 0), "not marked");
    }

    function test_ClaimReward_GreatestPoints_DoNotOverflow() public {
        bytes32[] memory leaves = new bytes32[](1);
        leaves[0] = Trees.result(0, alice, type(uint64).max);
        ITrainingMarket.Terms memory terms = defaultTerms();
        (terms.pool, terms.rounds, terms.programRoot) = (type(uint128).max, 1, programRootOf(1, 4));
        VM.deal(sponsor, type(uint256).max);
        uint256 taskId = publish(terms);
        scoreRound(taskId, 0, resultOf(leaves, type(uint64).max));

        market.claimReward(taskId, 0, 0, alice, type(uint64).max, noProof(), alice);

        VM.assertEq(alice.balance, FUNDS - STAKE + type(uint128).max, "the whole pool");
    }

    function test_ClaimReward_RecipientRefuses_StaysForItsOwner() public {
        RefusingRecipient refusing = new RefusingRecipient();
        uint256 taskId = _scoredFor(address(refusing));
        refuse(
            stranger, 0, _claim(taskId, address(refusing), address(refusing)), paymentFailed(address(refusing), 5 ether)
        );
        VM.assertFalse(market.isPaid(taskId, 0, 0), "not marked");

        refusing.send(address(market), 0, _claim(taskId, address(refusing), carol));

        VM.assertEq(carol.balance, FUNDS + 5 ether, "where the owner says");
    }

    /// @dev A stranger pays at most the bound for a recipient that burns all it gets.
    function test_ClaimReward_RecipientBurnsGas_CostsStrangerLittle() public {
        BurningRecipient burning = new BurningRecipient();
        uint256 taskId = _scoredFor(address(burning));
        bytes memory data = _claim(taskId, address(burning), address(burning));
        VM.prank(stranger);
        uint256 before = gasleft();
        (bool success, bytes memory result) = address(market).call(data);
        uint256 used = before - gasleft();

        VM.assertFalse(success, "refused");
        VM.assertEq(result, paymentFailed(address(burning), 5 ether), "error");
        VM.assertLe(used, 150_000, "bounded");
        burning.send(address(market), 0, _claim(taskId, address(burning), carol));
        VM.assertEq(carol.balance, FUNDS + 5 ether, "where the owner says");
    }

    function test_ClaimReward_RecipientLogs_IsPaidByStranger() public {
        LoggingRecipient logging = new LoggingRecipient();
        uint256 taskId = _scoredFor(address(logging));
        bytes memory data = _claim(taskId, address(logging), address(logging));

        VM.prank(stranger);
        (bool success,) = address(market).call(data);

        VM.assertTrue(success, "a receipt fits");
        VM.assertEq(address(logging).balance, 5 ether, "paid");
    }

    function test_ClaimReward_RecipientNeedsMoreGas_GetsItFromItsOwner() public {
        HungryRecipient hungry = new HungryRecipient();
        uint256 taskId = _scoredFor(address(hungry));
        bytes memory data = _claim(taskId, address(hungry), address(hungry));
        refuse(stranger, 0, data, paymentFailed(address(hungry), 5 ether));

        hungry.send(address(market), 0, data);

        VM.assertEq(address(hungry).balance, 5 ether, "paid");
    }

    function testFuzz_ClaimReward_AnySplit_PaysEachOnceAndNoMoreThanPool(uint256 seed, uint8 count, uint64 target)
        public
    {
        count = uint8(bound(count, 1, 9));
        bytes32[] memory leaves = new bytes32[](count);
        uint64[] memory points = new uint64[](count);
        uint64 total;
        for (uint256 i = 0; i < count; ++i) {
            points[i] = uint32(uint256(keccak256(abi.encode(seed, i))));
            total += points[i];
            leaves[i] = Trees.result(i, VM.addr(100 + i), points[i]);
        }
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.target = uint64(bound(target, 0, 65_536_000_000));
        uint256 taskId = publish(terms);
        scoreRound(taskId, 0, resultOf(leaves, total));
        VM.assertLe(market.getRound(taskId, 0).remaining, FIRST, "at most the pool");
        for (uint256 j = 0; j < count; ++j) {
            uint256 i = (seed % count + j) % count;
            _paid(taskId, i, points[i], Trees.proof(leaves, 0, i));
        }

        VM.assertLe(market.getRound(taskId, 0).remaining, count, "only roundings stay");
    }

    function _paid(uint256 taskId, uint256 index, uint64 points, bytes32[] memory proof) private {
        address who = VM.addr(100 + index);
        uint256 divisor = market.getRound(taskId, 0).divisor;
        market.claimReward(taskId, 0, index, who, points, proof, who);

        VM.assertEq(who.balance, divisor == 0 ? 0 : uint256(FIRST) * points / divisor, "share");
    }

    /// @dev A round whose whole pool one account earned.
    function _scoredFor(address who) private returns (uint256 taskId) {
        taskId = publish();
        bytes32[] memory leaves = new bytes32[](1);
        leaves[0] = Trees.result(0, who, 200);
        scoreRound(taskId, 0, resultOf(leaves, 200));
    }

    function _claim(uint256 taskId, address who, address recipient) private pure returns (bytes memory) {
        return abi.encodeCall(ITrainingMarket.claimReward, (taskId, 0, 0, who, 200, noProof(), recipient));
    }
}
