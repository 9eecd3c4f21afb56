// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {BurningRecipient, HungryRecipient, LoggingRecipient, RefusingRecipient} from "./fixtures/Recipients.sol";

/// @title DemandTest
/// @author The Research authors
/// @notice `demand`, `answer` and `reclaimFee`, with updates of one piece and of three.
contract DemandTest is MarketTest {
    uint256 private constant ASKED = 0.01 ether;

    function test_Demand_Revealed_TakesFeeAndPutsOut() public {
        uint256 taskId = publishRevealed();
        ITrainingMarket.Piece memory piece = pieceOf(bob, taskId, 0, 1, 0);
        VM.expectEmit(address(market));
        emit ITrainingMarket.Demanded(taskId, 0, bob, 0, stranger, ASKED);

        demandAs(stranger, taskId, piece, ASKED);

        VM.assertEq(standingOf(taskId, bob), uint256(ITrainingMarket.Standing.Demanded), "standing");
        VM.assertTrue(market.isOut(taskId, 0, 1), "out unless it answers");
        VM.assertFalse(market.isOut(taskId, 0, 0), "the other is not");
        (uint256 asked, uint256 open) = market.demandsOf(taskId, 0, bob);
        VM.assertEq(asked, 1, "asked");
        VM.assertEq(open, 1, "open");
        VM.assertEq(stranger.balance, FUNDS - ASKED, "fee");
    }

    function test_Demand_Window_FirstAndLastSecond() public {
        uint256 taskId = publishRevealed();
        ITrainingMarket.Piece memory alices = pieceOf(alice, taskId, 0, 0, 0);
        ITrainingMarket.Piece memory bobs = pieceOf(bob, taskId, 0, 1, 0);
        ITrainingMarket.Schedule memory schedule = market.scheduleOf(taskId, 0);
        VM.assertEq(schedule.demanded, schedule.answer + 150, "half");
        VM.warp(schedule.answer - 1);
        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.demand, (taskId, alices)),
            wrongPhase(ITrainingMarket.Phase.Answer, ITrainingMarket.Phase.Reveal)
        );
        VM.warp(schedule.answer);
        demandAs(stranger, taskId, alices, 0);
        VM.warp(schedule.demanded);
        refuse(stranger, 0, abi.encodeCall(ITrainingMarket.demand, (taskId, bobs)), tooLate(schedule.demanded));
        VM.warp(schedule.demanded - 1);
        demandAs(stranger, taskId, bobs, 0);
        VM.warp(schedule.open);
        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.demand, (taskId, bobs)),
            wrongPhase(ITrainingMarket.Phase.Answer, ITrainingMarket.Phase.Open)
        );
    }

    /// @dev Whoever is asked in the last second still has half of the window.
    function test_Answer_Window_FirstAndLastSecond() public {
        uint256 taskId = publishRevealed();
        ITrainingMarket.Piece memory alices = pieceOf(alice, taskId, 0, 0, 0);
        ITrainingMarket.Piece memory bobs = pieceOf(bob, taskId, 0, 1, 0);
        demandAs(stranger, taskId, alices, 0);
        demandAs(stranger, taskId, bobs, 0);
        answerAs(alice, taskId, 0, alices);
        (bytes memory data,) = pieceData(bob, taskId, 0, 0);
        ITrainingMarket.Schedule memory schedule = market.scheduleOf(taskId, 0);
        VM.warp(schedule.open);
        refuse(
            bob,
            0,
            abi.encodeCall(ITrainingMarket.answer, (taskId, bobs, data, noProof())),
            wrongPhase(ITrainingMarket.Phase.Answer, ITrainingMarket.Phase.Open)
        );
        VM.warp(schedule.open - 1);
        answerAs(bob, taskId, 0, bobs);
        VM.assertFalse(market.isOut(taskId, 0, 1), "in time");
    }

    function test_Demand_BelowFee_Reverts() public {
        uint256 taskId = publishRevealed();
        ITrainingMarket.Piece memory piece = pieceOf(alice, taskId, 0, 0, 0);
        VM.fee(10 gwei);
        uint256 least = market.demandFee();
        bytes memory data = abi.encodeCall(ITrainingMarket.demand, (taskId, piece));
        VM.assertTrue(least > 0.003 ether, "half of an answer at 10 gwei");

        refuse(stranger, least - 1, data, wrongValue(least, least - 1));
        VM.deal(stranger, 1 << 100);
        refuse(stranger, 1 << 96, data, wrongValue(least, 1 << 96));
        demandAs(stranger, taskId, piece, least);
    }

    function test_Demand_Unrevealed_Reverts() public {
        uint256 taskId = publishRevealed();
        ITrainingMarket.Piece memory piece = pieceOf(carol, taskId, 0, 0, 0);

        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.demand, (taskId, piece)),
            wrongStanding(carol, 0, ITrainingMarket.Standing.None)
        );
    }

    function test_Demand_SilentCommitment_Reverts() public {
        uint256 taskId = publish();
        commitAs(carol, taskId, 0, STAKE);
        revealBoth(taskId, 0);
        ITrainingMarket.Piece memory piece = pieceOf(carol, taskId, 0, 0, 0);

        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.demand, (taskId, piece)),
            wrongStanding(carol, 0, ITrainingMarket.Standing.Committed)
        );
    }

    function test_Demand_OfEarlierRound_Reverts() public {
        uint256 taskId = publishRevealed();
        ITrainingMarket.Piece memory piece = pieceOf(alice, taskId, 0, 0, 0);
        warpTo(taskId, 1, ITrainingMarket.Phase.Answer);

        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.demand, (taskId, piece)),
            wrongStanding(alice, 0, ITrainingMarket.Standing.Revealed)
        );
    }

    function test_Demand_OtherRootOrIndex_Reverts() public {
        uint256 taskId = publishRevealed();
        ITrainingMarket.Piece memory piece = pieceOf(alice, taskId, 0, 0, 0);
        bytes24 word = market.positionOf(taskId, alice).word;
        piece.index = 1;
        bytes24 actual = bytes24(keccak256(abi.encode(piece.updateRoot, 1)));
        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.demand, (taskId, piece)),
            abi.encodeWithSelector(ITrainingMarket.WrongUpdate.selector, word, actual)
        );
        (piece.index, piece.updateRoot) = (0, SPEC);
        actual = bytes24(keccak256(abi.encode(SPEC, 0)));
        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.demand, (taskId, piece)),
            abi.encodeWithSelector(ITrainingMarket.WrongUpdate.selector, word, actual)
        );
    }

    function test_Demand_NoSuchPieceOrAgain_Reverts() public {
        uint256 taskId = publishRevealed();
        ITrainingMarket.Piece memory piece = pieceOf(alice, taskId, 0, 0, 0);
        demandAs(stranger, taskId, piece, 0);
        refuse(stranger, 0, abi.encodeCall(ITrainingMarket.demand, (taskId, piece)), _wrongChunk(0, 1));
        answerAs(alice, taskId, 0, piece);
        // Nor may it be asked for again once it is shown.
        refuse(stranger, 0, abi.encodeCall(ITrainingMarket.demand, (taskId, piece)), _wrongChunk(0, 1));
        piece.chunk = 1;
        refuse(stranger, 0, abi.encodeCall(ITrainingMarket.demand, (taskId, piece)), _wrongChunk(1, 1));
        piece.chunk = type(uint256).max;
        refuse(stranger, 0, abi.encodeCall(ITrainingMarket.demand, (taskId, piece)), _wrongChunk(type(uint256).max, 1));
    }

    function test_Demand_WholeUpdates_HaveNoWindow() public {
        uint256 taskId = publish(wholeTerms());
        revealBoth(taskId, 0);
        ITrainingMarket.Piece memory piece = pieceOf(alice, taskId, 0, 0, 0);

        refuse(
            stranger,
            0,
            abi.encodeCall(ITrainingMarket.demand, (taskId, piece)),
            wrongPhase(ITrainingMarket.Phase.Answer, ITrainingMarket.Phase.Open)
        );
    }

    function test_Answer_Demanded_ShowsPieceAndPaysFee() public {
        uint256 taskId = publishRevealed();
        ITrainingMarket.Piece memory piece = pieceOf(alice, taskId, 0, 0, 0);
        demandAs(stranger, taskId, piece, ASKED);
        (bytes memory data,) = pieceData(alice, taskId, 0, 0);
        VM.expectEmit(address(market));
        emit ITrainingMarket.UpdateShown(taskId, 0, alice, 0, data);

        answerAs(alice, taskId, 0, piece);

        VM.assertEq(alice.balance, FUNDS - STAKE + ASKED, "fee");
        VM.assertEq(standingOf(taskId, alice), uint256(ITrainingMarket.Standing.Revealed), "standing");
        VM.assertFalse(market.isOut(taskId, 0, 0), "in");
        (uint256 asked, uint256 open) = market.demandsOf(taskId, 0, alice);
        VM.assertEq(asked, 1, "asked");
        VM.assertEq(open, 0, "open");
    }

    function test_Answer_ByStranger_PaysParticipant() public {
        uint256 taskId = publishRevealed();
        ITrainingMarket.Piece memory piece = pieceOf(alice, taskId, 0, 0, 0);
        demandAs(stranger, taskId, piece, ASKED);

        answerAs(carol, taskId, 0, piece);

        VM.assertEq(alice.balance, FUNDS - STAKE + ASKED, "the participant has the fee");
        VM.assertEq(carol.balance, FUNDS, "and who sent the answer nothing");
        VM.assertFalse(market.isOut(taskId, 0, 0), "in");
    }

    /// @dev A demander that copies the answer and is mined first saves the participant's gas, and takes no fee back.
    function test_Answer_CopiedByDemander_PaysParticipant() public {
        uint256 taskId = publishRevealed();
        ITrainingMarket.Piece memory piece = pieceOf(alice, taskId, 0, 0, 0);
        demandAs(stranger, taskId, piece, ASKED);
        (bytes memory data,) = pieceData(alice, taskId, 0, 0);
        bytes memory call = abi.encodeCall(ITrainingMarket.answer, (taskId, piece, data, noProof()));
        uint256 before = stranger.balance;

        VM.prank(stranger);
        (bool success,) = address(market).call(call);

        VM.assertTrue(success, "anybody may answer");
        VM.assertLe(stranger.balance, before, "no profit");
        refuse(alice, 0, call, _wrongChunk(0, 1));
        VM.assertEq(alice.balance, FUNDS - STAKE + ASKED, "the participant has the fee");
        VM.assertFalse(market.isOut(taskId, 0, 0), "in");
        VM.warp(market.scheduleOf(taskId, 0).open);
        refuse(
            stranger, 0, abi.encodeCall(ITrainingMarket.reclaimFee, (taskId, 0, alice, 0, stranger)), _wrongChunk(0, 1)
        );
        VM.assertEq(stranger.balance, FUNDS - ASKED, "the demander paid");
    }

    function test_Answer_Undemanded_Reverts() public {
        uint256 taskId = publishRevealed();
        ITrainingMarket.Piece memory piece = pieceOf(alice, taskId, 0, 0, 0);
        (bytes memory data,) = pieceData(alice, taskId, 0, 0);
        bytes memory call = abi.encodeCall(ITrainingMarket.answer, (taskId, piece, data, noProof()));
        refuse(alice, 0, call, _wrongChunk(0, 1));
        demandAs(stranger, taskId, piece, ASKED);
        answerAs(alice, taskId, 0, piece);

        refuse(alice, 0, call, _wrongChunk(0, 1));
    }

    function test_Answer_WrongData_Reverts() public {
        uint256 taskId = publishRevealed();
        ITrainingMarket.Piece memory piece = pieceOf(alice, taskId, 0, 0, 0);
        demandAs(stranger, taskId, piece, ASKED);
        (bytes memory data,) = pieceData(alice, taskId, 0, 0);
        (bytes memory other,) = pieceData(bob, taskId, 0, 0);
        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.answer, (taskId, piece, other, noProof())),
            wrongProof(piece.updateRoot, rootOf(bob, taskId, 0))
        );
        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.answer, (taskId, piece, slice(data, 0, 499), noProof())),
            abi.encodeWithSelector(ITrainingMarket.WrongLength.selector, 500, 499)
        );
        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.answer, (taskId, piece, bytes.concat(data, hex"00"), noProof())),
            abi.encodeWithSelector(ITrainingMarket.WrongLength.selector, 500, 501)
        );
        piece.chunk = 1;
        refuse(alice, 0, abi.encodeCall(ITrainingMarket.answer, (taskId, piece, data, noProof())), _wrongChunk(1, 1));
    }

    /// @dev A proof has the depth of its tree: none for one piece, two siblings for three.
    function test_Answer_SiblingMoreOrLess_Reverts() public {
        uint256 taskId = publishRevealed();
        ITrainingMarket.Piece memory piece = pieceOf(alice, taskId, 0, 0, 0);
        demandAs(stranger, taskId, piece, ASKED);
        _refuseLength(taskId, piece, 0, 1);
        taskId = _threePieces();
        for (uint256 chunk = 0; chunk < 3; ++chunk) {
            piece = pieceOf(alice, taskId, 0, 0, chunk);
            demandAs(stranger, taskId, piece, ASKED);
            _refuseLength(taskId, piece, 2, 0);
            _refuseLength(taskId, piece, 2, 1);
            _refuseLength(taskId, piece, 2, 3);
        }
    }

    function test_Answer_OnePieceOfThree_StaysOut() public {
        uint256 taskId = _threePieces();
        demandAs(stranger, taskId, pieceOf(alice, taskId, 0, 0, 2), ASKED);
        demandAs(carol, taskId, pieceOf(alice, taskId, 0, 0, 0), ASKED);
        (uint256 asked, uint256 open) = market.demandsOf(taskId, 0, alice);
        VM.assertEq(asked, 5, "asked");

        answerAs(alice, taskId, 0, pieceOf(alice, taskId, 0, 0, 2));

        (, open) = market.demandsOf(taskId, 0, alice);
        VM.assertEq(open, 1, "open");
        VM.assertTrue(market.isOut(taskId, 0, 0), "one is missing");
        VM.assertEq(standingOf(taskId, alice), uint256(ITrainingMarket.Standing.Demanded), "standing");
        VM.warp(market.scheduleOf(taskId, 0).open);
        market.reclaimFee(taskId, 0, alice, 0, carol);
        VM.assertEq(carol.balance, FUNDS, "the one that was not answered goes back");
        refuse(carol, 0, abi.encodeCall(ITrainingMarket.reclaimFee, (taskId, 0, alice, 2, stranger)), _wrongChunk(2, 3));
    }

    function test_Answer_EveryPiece_IsIn() public {
        uint256 taskId = _threePieces();
        for (uint256 chunk = 0; chunk < 3; ++chunk) {
            demandAs(stranger, taskId, pieceOf(bob, taskId, 0, 1, chunk), ASKED);
        }
        for (uint256 chunk = 3; chunk > 0; --chunk) {
            VM.assertTrue(market.isOut(taskId, 0, 1), "not yet");
            answerAs(bob, taskId, 0, pieceOf(bob, taskId, 0, 1, chunk - 1));
        }

        VM.assertFalse(market.isOut(taskId, 0, 1), "in");
        VM.assertEq(bob.balance, FUNDS - STAKE + 3 * ASKED, "fees");
    }

    /// @dev A piece proves only its own place.
    function test_Answer_OtherPiecesData_Reverts() public {
        uint256 taskId = _threePieces();
        ITrainingMarket.Piece memory piece = pieceOf(alice, taskId, 0, 0, 1);
        demandAs(stranger, taskId, piece, ASKED);
        (bytes memory data, bytes32[] memory siblings) = pieceData(alice, taskId, 0, 0);
        bytes memory call = abi.encodeCall(ITrainingMarket.answer, (taskId, piece, data, siblings));

        VM.prank(alice);
        (bool success, bytes memory result) = address(market).call(call);

        VM.assertFalse(success, "taken");
        VM.assertEq(bytes32(bytes4(result)), bytes32(ITrainingMarket.WrongProof.selector), "error");
    }

    function test_ReclaimFee_Unanswered_GoesBackToDemander() public {
        uint256 taskId = publishRevealed();
        demandAs(stranger, taskId, pieceOf(alice, taskId, 0, 0, 0), ASKED);
        VM.warp(market.scheduleOf(taskId, 0).open);
        VM.expectEmit(address(market));
        emit ITrainingMarket.FeeReturned(taskId, 0, alice, 0, ASKED);

        VM.prank(carol);
        market.reclaimFee(taskId, 0, alice, 0, stranger);

        VM.assertEq(stranger.balance, FUNDS, "back");
        refuse(
            stranger, 0, abi.encodeCall(ITrainingMarket.reclaimFee, (taskId, 0, alice, 0, stranger)), _wrongChunk(0, 1)
        );
    }

    function test_ReclaimFee_BeforeAnswersEnd_Reverts() public {
        uint256 taskId = publishRevealed();
        demandAs(stranger, taskId, pieceOf(alice, taskId, 0, 0, 0), ASKED);
        uint256 open = market.scheduleOf(taskId, 0).open;
        VM.warp(open - 1);

        refuse(stranger, 0, abi.encodeCall(ITrainingMarket.reclaimFee, (taskId, 0, alice, 0, stranger)), tooEarly(open));
    }

    function test_ReclaimFee_OtherRecipient_OnlyByDemander() public {
        uint256 taskId = publishRevealed();
        demandAs(stranger, taskId, pieceOf(alice, taskId, 0, 0, 0), ASKED);
        VM.warp(market.scheduleOf(taskId, 0).open);
        bytes memory data = abi.encodeCall(ITrainingMarket.reclaimFee, (taskId, 0, alice, 0, carol));
        refuse(carol, 0, data, notYours(stranger, carol));

        VM.prank(stranger);
        market.reclaimFee(taskId, 0, alice, 0, carol);

        VM.assertEq(carol.balance, FUNDS + ASKED, "where the demander says");
    }

    function test_ReclaimFee_DemanderRefuses_StaysClaimable() public {
        uint256 taskId = publishRevealed();
        RefusingRecipient refusing = new RefusingRecipient();
        VM.deal(address(refusing), ASKED);
        ITrainingMarket.Piece memory piece = pieceOf(alice, taskId, 0, 0, 0);
        refusing.send(address(market), ASKED, abi.encodeCall(ITrainingMarket.demand, (taskId, piece)));
        VM.warp(market.scheduleOf(taskId, 0).open);
        address to = address(refusing);
        refuse(
            carol, 0, abi.encodeCall(ITrainingMarket.reclaimFee, (taskId, 0, alice, 0, to)), paymentFailed(to, ASKED)
        );

        refusing.send(address(market), 0, abi.encodeCall(ITrainingMarket.reclaimFee, (taskId, 0, alice, 0, carol)));

        VM.assertEq(carol.balance, FUNDS + ASKED, "where the demander says");
    }

    /// @dev A participant that takes no ETH cannot be answered for, nor answer: it is out, and the fee goes back.
    function test_Answer_ParticipantRefuses_Fails() public {
        RefusingRecipient refusing = new RefusingRecipient();
        address who = address(refusing);
        uint256 taskId = _demanded(who);
        bytes memory data = _answerCall(taskId, who);
        refuse(carol, 0, data, paymentFailed(who, ASKED));
        refuse(who, 0, data, paymentFailed(who, ASKED));

        VM.assertTrue(market.isOut(taskId, 0, 0), "out");
        VM.warp(market.scheduleOf(taskId, 0).open);
        market.forfeitStake(taskId, who);
        market.reclaimFee(taskId, 0, who, 0, stranger);
        VM.assertEq(stranger.balance, FUNDS, "back");
        VM.assertEq(who.balance, FUNDS - STAKE, "the stake is burned");
    }

    /// @dev A stranger pays at most the bound for a participant that burns all it gets.
    function test_Answer_ParticipantBurnsGas_CostsStrangerLittle() public {
        address who = address(new BurningRecipient());
        uint256 taskId = _demanded(who);
        bytes memory data = _answerCall(taskId, who);
        VM.prank(carol);
        uint256 before = gasleft();
        (bool success, bytes memory result) = address(market).call(data);
        uint256 used = before - gasleft();

        VM.assertFalse(success, "refused");
        VM.assertEq(result, paymentFailed(who, ASKED), "error");
        VM.assertLe(used, 150_000, "bounded");
        VM.prank(who);
        (success,) = address(market).call{gas: 2_000_000}(data);
        VM.assertFalse(success, "nor by itself");
        VM.assertTrue(market.isOut(taskId, 0, 0), "out");
    }

    function test_Answer_ParticipantLogs_IsPaidByStranger() public {
        address who = address(new LoggingRecipient());
        uint256 taskId = _demanded(who);

        answerAs(carol, taskId, 0, pieceOf(who, taskId, 0, 0, 0));

        VM.assertEq(who.balance, FUNDS - STAKE + ASKED, "a receipt fits");
    }

    function test_Answer_ParticipantNeedsMoreGas_AnswersItself() public {
        address who = address(new HungryRecipient());
        uint256 taskId = _demanded(who);
        refuse(carol, 0, _answerCall(taskId, who), paymentFailed(who, ASKED));

        answerAs(who, taskId, 0, pieceOf(who, taskId, 0, 0, 0));

        VM.assertEq(who.balance, FUNDS - STAKE + ASKED, "paid");
        VM.assertFalse(market.isOut(taskId, 0, 0), "in");
    }

    function test_Demand_PlacesInManyWords_PutOutOnlyTheirs() public {
        uint256 taskId = publish();
        uint256 count = 258;
        for (uint256 i = 0; i < count; ++i) {
            address who = VM.addr(1000 + i);
            VM.deal(who, STAKE);
            bytes24 commitment = market.commitmentHash(taskId, 0, who, SPEC, SALT);
            VM.prank(who);
            market.commit{value: STAKE}(taskId, commitment, noProof());
        }
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        for (uint256 i = 0; i < count; ++i) {
            VM.prank(VM.addr(1000 + i));
            market.reveal(taskId, SPEC, 0, SALT);
        }
        VM.warp(market.scheduleOf(taskId, 0).answer);
        demandAs(stranger, taskId, ITrainingMarket.Piece(VM.addr(1256), 256, SPEC, 0), 0);

        for (uint256 i = 0; i < count; ++i) {
            VM.assertTrue(market.isOut(taskId, 0, i) == (i == 256), "only the one asked");
        }
    }

    /// @dev One update, of this account, and a demand for it.
    function _demanded(address who) private returns (uint256 taskId) {
        VM.deal(who, FUNDS);
        taskId = publish();
        commitAs(who, taskId, 0, STAKE);
        warpTo(taskId, 0, ITrainingMarket.Phase.Reveal);
        revealAs(who, taskId, 0);
        VM.warp(market.scheduleOf(taskId, 0).answer);
        demandAs(stranger, taskId, pieceOf(who, taskId, 0, 0, 0), ASKED);
    }

    function _answerCall(uint256 taskId, address who) private view returns (bytes memory) {
        (bytes memory data, bytes32[] memory siblings) = pieceData(who, taskId, 0, 0);
        return abi.encodeCall(ITrainingMarket.answer, (taskId, pieceOf(who, taskId, 0, 0, 0), data, siblings));
    }

    /// @dev The right data with the right siblings, cut or filled up to a wrong number.
    function _refuseLength(uint256 taskId, ITrainingMarket.Piece memory piece, uint256 expected, uint256 actual)
        private
    {
        (bytes memory data, bytes32[] memory siblings) = pieceData(piece.participant, taskId, 0, piece.chunk);
        VM.assertEq(siblings.length, expected, "depth");
        bytes32[] memory other = new bytes32[](actual);
        for (uint256 i = 0; i < actual && i < expected; ++i) {
            other[i] = siblings[i];
        }
        refuse(
            piece.participant,
            0,
            abi.encodeCall(ITrainingMarket.answer, (taskId, piece, data, other)),
            abi.encodeWithSelector(ITrainingMarket.WrongLength.selector, expected, actual)
        );
    }

    function _threePieces() private returns (uint256 taskId) {
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.updateBytes = uint32(2 * PIECE + 333);
        taskId = publish(terms);
        revealBoth(taskId, 0);
    }

    function _wrongChunk(uint256 chunk, uint256 chunks) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ITrainingMarket.WrongChunk.selector, chunk, chunks);
    }
}
