// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {Trees} from "./fixtures/Trees.sol";

/// @title RevealTest
/// @author The Research authors
/// @notice `reveal` and `revealWhole`.
contract RevealTest is MarketTest {
    uint256 private constant ROUNDS_SLOT = 2; // Of `_rounds`, in the market's storage.

    function test_Reveal_Committed_TakesPlaceAndChainsRoster() public {
        uint256 taskId = publish();
        VM.roll(50);
        commitAs(alice, taskId, 0, STAKE);
        VM.roll(51);
        commitAs(bob, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        bytes32 bobs = rootOf(bob, taskId, 0);
        bytes32 alices = rootOf(alice, taskId, 0);
        VM.expectEmit(address(market));
        emit ITrainingMarket.Revealed(taskId, 0, bob, 0, bobs, fileOf(bob, 0), 51);
        revealAs(bob, taskId, 0);
        VM.expectEmit(address(market));
        emit ITrainingMarket.Revealed(taskId, 0, alice, 1, alices, fileOf(alice, 0), 50);
        revealAs(alice, taskId, 0);

        bytes24 roster = _next(bytes24(0), 0, bob, bobs, 51);
        roster = _next(roster, 1, alice, alices, 50);
        VM.assertEq(market.getRound(taskId, 0).roster, bytes32(roster), "roster");
        VM.assertEq(market.getRound(taskId, 0).reveals, 2, "reveals");
        ITrainingMarket.Position memory position = market.positionOf(taskId, alice);
        VM.assertEq(bytes32(position.word), bytes32(bytes24(keccak256(abi.encode(alices, 1)))), "word");
        VM.assertTrue(position.standing == ITrainingMarket.Standing.Revealed, "standing");
        VM.assertEq(position.committed, 50, "block of the commitment");
    }

    function test_Reveal_Window_FirstAndLastSecond() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        commitAs(bob, taskId, 0, STAKE);
        commitAs(carol, taskId, 0, STAKE);
        bytes32 root = rootOf(alice, taskId, 0);
        bytes memory data = abi.encodeCall(ITrainingMarket.reveal, (taskId, root, SPEC, SALT));
        ITrainingMarket.Schedule memory schedule = market.scheduleOf(taskId, 0);
        VM.warp(schedule.reveal - 1);
        refuse(alice, 0, data, wrongPhase(ITrainingMarket.Phase.Reveal, ITrainingMarket.Phase.Commit));
        VM.warp(schedule.reveal);
        revealAs(bob, taskId, 0);
        VM.warp(schedule.answer - 1);
        revealAs(carol, taskId, 0);
        VM.warp(schedule.answer);
        refuse(alice, 0, data, wrongPhase(ITrainingMarket.Phase.Reveal, ITrainingMarket.Phase.Answer));
    }

    /// @dev The round's first word counts its reveals above the roster's 24 bytes.
    function test_Reveal_MoreThanCanBeScored_Reverts() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        commitAs(bob, taskId, 0, STAKE);
        commitAs(carol, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        revealAs(alice, taskId, 0);
        bytes32 slot = keccak256(abi.encode(0, keccak256(abi.encode(taskId, ROUNDS_SLOT))));
        uint256 word = uint256(VM.load(address(market), slot));
        VM.assertEq(word, uint256(uint192(market.getRound(taskId, 0).roster)) | 1 << 192, "one reveal");
        VM.store(address(market), slot, bytes32(uint256(uint192(word)) | 65_535 << 192));

        revealAs(bob, taskId, 0);

        VM.assertEq(market.getRound(taskId, 0).reveals, 65_536, "the last that can be scored");
        refuse(
            carol,
            0,
            abi.encodeCall(ITrainingMarket.reveal, (taskId, rootOf(carol, taskId, 0), fileOf(carol, 0), SALT)),
            abi.encodeWithSelector(ITrainingMarket.RoundFull.selector, 65_536)
        );
        VM.assertEq(standingOf(taskId, carol), uint256(ITrainingMarket.Standing.Committed), "not taken");
    }

    function test_Reveal_OtherRootOrSalt_Reverts() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        bytes24 made = commitmentOf(alice, taskId, 0);
        bytes32 root = rootOf(alice, taskId, 0);
        bytes24 other = market.commitmentHash(taskId, 0, alice, SPEC, SALT);
        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.reveal, (taskId, SPEC, SPEC, SALT)),
            abi.encodeWithSelector(ITrainingMarket.WrongReveal.selector, made, other)
        );
        other = market.commitmentHash(taskId, 0, alice, root, SPEC);
        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.reveal, (taskId, root, SPEC, SPEC)),
            abi.encodeWithSelector(ITrainingMarket.WrongReveal.selector, made, other)
        );
    }

    function test_Reveal_Uncommitted_Reverts() public {
        uint256 taskId = publish();
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);

        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.reveal, (taskId, SPEC, SPEC, SALT)),
            wrongStanding(alice, 0, ITrainingMarket.Standing.None)
        );
    }

    function test_Reveal_Twice_Reverts() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        revealAs(alice, taskId, 0);

        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.reveal, (taskId, rootOf(alice, taskId, 0), SPEC, SALT)),
            wrongStanding(alice, 0, ITrainingMarket.Standing.Revealed)
        );
    }

    function test_Reveal_CommitmentOfEarlierRound_Reverts() public {
        uint256 taskId = publish();
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 1, ITrainingMarket.Phase.Reveal);

        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.reveal, (taskId, rootOf(alice, taskId, 0), SPEC, SALT)),
            wrongStanding(alice, 0, ITrainingMarket.Standing.Committed)
        );
    }

    function test_Reveal_InOtherDelivery_Reverts() public {
        uint256 whole = publish(wholeTerms());
        uint256 demand = publish();
        warpTo(whole, 0, ITrainingMarket.Phase.Reveal);

        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.reveal, (whole, SPEC, SPEC, SALT)),
            abi.encodeWithSelector(ITrainingMarket.WrongDelivery.selector, ITrainingMarket.Delivery.Calldata)
        );
        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.revealWhole, (demand, new bytes(500), SALT)),
            abi.encodeWithSelector(ITrainingMarket.WrongDelivery.selector, ITrainingMarket.Delivery.Demand)
        );
    }

    function test_RevealWhole_Committed_ShowsUpdate() public {
        uint256 taskId = publish(wholeTerms());
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        bytes32 root = rootOf(alice, taskId, 0);
        VM.expectEmit(address(market));
        emit ITrainingMarket.Revealed(taskId, 0, alice, 0, root, 0, block.number);
        VM.expectEmit(address(market));
        emit ITrainingMarket.UpdateShown(taskId, 0, alice, 0, updateOf(alice, 0, 500));

        revealWholeAs(alice, taskId, 0);

        VM.assertEq(market.getRound(taskId, 0).reveals, 1, "reveals");
    }

    function test_RevealWhole_WrongLength_Reverts() public {
        uint256 taskId = publish(wholeTerms());
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);

        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.revealWhole, (taskId, new bytes(499), SALT)),
            abi.encodeWithSelector(ITrainingMarket.WrongLength.selector, 500, 499)
        );
        // Zeros behind the update would give the same root.
        refuse(
            alice,
            0,
            abi.encodeCall(
                ITrainingMarket.revealWhole, (taskId, bytes.concat(updateOf(alice, 0, 500), new bytes(12)), SALT)
            ),
            abi.encodeWithSelector(ITrainingMarket.WrongLength.selector, 500, 512)
        );
    }

    function test_RevealWhole_OtherUpdate_Reverts() public {
        uint256 taskId = publish(wholeTerms());
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        bytes memory other = updateOf(bob, 0, 500);
        bytes24 actual = market.commitmentHash(taskId, 0, alice, Trees.root(Trees.leaves(other)), SALT);

        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.revealWhole, (taskId, other, SALT)),
            abi.encodeWithSelector(ITrainingMarket.WrongReveal.selector, commitmentOf(alice, taskId, 0), actual)
        );
    }

    function testFuzz_RevealWhole_AnyLength_MatchesSlowRoot(uint256 length) public {
        length = bound(length, 4, PIECE);
        ITrainingMarket.Terms memory terms = wholeTerms();
        terms.updateBytes = uint32(length);
        uint256 taskId = publish(terms);
        commitAs(alice, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);

        revealWholeAs(alice, taskId, 0);

        VM.assertEq(market.getRound(taskId, 0).reveals, 1, "reveals");
    }

    /// @dev In plain bytes: 24 of the roster, 8 of the index, 12 zeros, 20 of the account, 32 and 32.
    function _next(bytes24 roster, uint64 index, address who, bytes32 root, uint256 committed)
        private
        pure
        returns (bytes24)
    {
        return bytes24(keccak256(abi.encodePacked(roster, index, bytes12(0), who, root, committed)));
    }
}
