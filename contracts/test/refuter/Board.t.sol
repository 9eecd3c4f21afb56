// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefuter} from "../../src/interfaces/IRefuter.sol";
import {ITrainingMarket} from "../../src/interfaces/ITrainingMarket.sol";
import {RefuterTest} from "../fixtures/refuter/RefuterTest.sol";
import {BurningRecipient, HungryRecipient, LoggingRecipient, ReentrantRecipient} from "../fixtures/Recipients.sol";
import {Trees} from "../fixtures/Trees.sol";

/// @title BoardTest
/// @author The Research authors
/// @notice Demands, answers, times and fees. The trace has 5 levels above its leaves: its descent shows 2 nodes, then 16,
/// then a leaf; the results' tree has one level.
contract BoardTest is RefuterTest {
    /// @dev A node of a descent.
    struct Spot {
        IRefuter.Tree tree;
        uint256 level;
        uint256 index;
        bytes32 node;
        bytes32[] siblings;
        bytes below;
    }

    uint256 private constant FEE = 2 ** 30 * 1000;

    IRefuter.Tree private constant TRACE = IRefuter.Tree.Trace;
    IRefuter.Tree private constant RESULTS = IRefuter.Tree.Results;

    // Demands

    function test_Demand_First_BeginsTheCase() public {
        IRefuter.Case memory claimed = claim(poster, 4);
        Spot memory spot = _spot(TRACE, 0, 0);
        VM.warp(BASE + 7);
        VM.expectEmit(address(refuter));
        emit IRefuter.NodeDemanded(idOf(claimed), TRACE, 0, 0, spot.node, rival, BASE + 507, FEE);
        _demand(rival, claimed, spot);

        IRefuter.Board memory board = refuter.boardOf(idOf(claimed));
        VM.assertEq(board.party, poster, "party");
        VM.assertEq(board.base, BASE, "base");
        VM.assertEq(board.window, WINDOW, "window");
        VM.assertEq(board.levels, 1, "levels");
        VM.assertEq(board.depth, 5, "depth");
        VM.assertEq(board.resultsDepth, 1, "results");
        VM.assertFalse(board.hasFallen, "fell");
        IRefuter.Demand memory demanded = _demanded(claimed, spot);
        VM.assertEq(demanded.demander, rival, "demander");
        VM.assertEq(demanded.due, BASE + 507, "due");
        VM.assertEq(demanded.fee, 1000, "fee");
        VM.assertEq(demanded.answerer, 0, "answerer");
        (address winner, uint256 settled) = refuter.standing(idOf(claimed));
        VM.assertEq(winner, address(0), "winner");
        VM.assertEq(settled, BASE + 2 * WINDOW, "settled");
    }

    function test_Demand_BeforeTheBase_IsDueHalfAWindowAfterIt() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        Spot memory spot = _spot(TRACE, 0, 0);
        VM.warp(BASE - 300);
        _demand(rival, claimed, spot);
        VM.assertEq(_demanded(claimed, spot).due, BASE + WINDOW / 2, "due");
    }

    function test_Demand_WindowOfASecond_IsDueASecondLater() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        ITrainingMarket.CaseFacts memory facts = factsOf(claimed.result);
        facts.window = 1;
        market.setCase(TASK, ROUND, poster, facts);
        Spot memory spot = _spot(TRACE, 0, 0);
        _demand(rival, claimed, spot);
        VM.assertEq(_demanded(claimed, spot).due, BASE + 1, "due");
        VM.warp(BASE + 1);
        refuter.expire(idOf(claimed), TRACE, 0, spot.node);
        VM.assertEq(winnerOf(claimed), rival, "winner");
    }

    function test_Demand_TimesOfNoClock_DoNotReachTheFee() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        ITrainingMarket.CaseFacts memory facts = factsOf(claimed.result);
        (facts.base, facts.window) = (type(uint40).max, type(uint32).max);
        market.setCase(TASK, ROUND, poster, facts);
        Spot memory spot = _spot(TRACE, 0, 0);
        _demand(rival, claimed, spot);
        VM.assertEq(_demanded(claimed, spot).fee, 1000, "fee");
        VM.assertEq(refuter.boardOf(idOf(claimed)).window, type(uint24).max, "window");
    }

    function test_Demand_EachLevel_HasItsTime() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        for (uint256 level = 0; level < 3; ++level) {
            uint256 limit = BASE + WINDOW * (level + 1);
            VM.warp(limit);
            bytes memory failure = abi.encodeWithSelector(IRefuter.WrongTime.selector, limit, limit);
            _refusedDemand(claimed, _spot(TRACE, level, 1 & level), failure);
            VM.warp(limit - 1);
            _demand(rival, claimed, _spot(TRACE, level, 1 & level));
            (, uint256 settled) = refuter.standing(idOf(claimed));
            VM.assertEq(settled, limit + WINDOW, "settled");
        }
    }

    function test_Demand_SkippedLevel_Refused() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        _refusedDemand(claimed, _spot(TRACE, 1, 0), malformed("level"));
        _demand(rival, claimed, _spot(TRACE, 0, 0));
        _refusedDemand(claimed, _spot(TRACE, 2, 17), malformed("level"));
    }

    /// @dev So a case that is settled stays as it is, whoever waits to demand deeper.
    function test_Demand_OnceSettled_Refused() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        _demand(rival, claimed, _spot(TRACE, 0, 0));
        (, uint256 settled) = refuter.standing(idOf(claimed));
        VM.warp(settled - 1);
        uint256 state = VM.snapshotState();
        _demand(rival, claimed, _spot(TRACE, 1, 0));
        VM.revertToState(state);
        VM.warp(settled);
        _refusedDemand(
            claimed, _spot(TRACE, 1, 0), abi.encodeWithSelector(IRefuter.WrongTime.selector, settled, settled)
        );
    }

    function test_Demand_HigherLevelLater_DoesNotShorten() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        _demand(rival, claimed, _spot(TRACE, 0, 0));
        _demand(rival, claimed, _spot(TRACE, 1, 1));
        _demand(rival, claimed, _spot(TRACE, 2, 17));
        _demand(rival, claimed, _spot(TRACE, 1, 0));
        VM.assertEq(refuter.boardOf(idOf(claimed)).levels, 3, "levels");
    }

    function test_Demand_EveryNode_LiesWhereItsDescentSays() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        for (uint256 level = 0; level < 3; ++level) {
            uint256 count = level == 0 ? 1 : level == 1 ? 2 : 32;
            for (uint256 i = 0; i < count; ++i) {
                // Zero leaves at the end are one node: demanded once.
                if (level == 2 && i > 24) continue;
                if (_demanded(claimed, _spot(TRACE, level, i)).demander != address(0)) continue;
                _demand(rival, claimed, _spot(TRACE, level, i));
            }
        }
        _demand(rival, claimed, _spot(RESULTS, 0, 0));
        _demand(rival, claimed, _spot(RESULTS, 1, 0));
        _demand(rival, claimed, _spot(RESULTS, 1, 1));
    }

    function test_Demand_Twice_WrongDemand() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        Spot memory spot = _spot(TRACE, 1, 1);
        _demand(rival, claimed, _spot(TRACE, 0, 0));
        _demand(rival, claimed, spot);
        _refusedDemand(claimed, spot, _wrongDemand(claimed, spot));
        _answer(claimed, spot);
        _refusedDemand(claimed, spot, _wrongDemand(claimed, spot));
    }

    function test_Demand_AnotherNode_Refused() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        _demand(rival, claimed, _spot(TRACE, 0, 0));
        _demand(rival, claimed, _spot(TRACE, 1, 0));
        Spot memory spot = _spot(TRACE, 1, 1);
        bytes32 root = claimed.result.traceRoot;
        spot.level = 3;
        _refusedDemand(claimed, spot, malformed("level"));
        spot = _spot(TRACE, 1, 1);
        spot.index = 2;
        _refusedDemand(claimed, spot, malformed("index"));
        spot = _spot(TRACE, 1, 1);
        spot.level = 2;
        _refusedDemand(claimed, spot, malformed("siblings"));
        spot = _spot(TRACE, 1, 1);
        spot.node = _spot(TRACE, 1, 0).node;
        bytes32 actual = keccak256(abi.encode(spot.siblings[0], spot.node));
        _refusedDemand(claimed, spot, abi.encodeWithSelector(IRefuter.WrongPath.selector, root, actual));
        spot = _spot(TRACE, 0, 0);
        spot.tree = RESULTS;
        root = claimed.result.resultsRoot;
        _refusedDemand(claimed, spot, abi.encodeWithSelector(IRefuter.WrongPath.selector, root, spot.node));
    }

    function test_Demand_NoSuchClaim_Refused() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        claimed.claimant = stranger;
        _refusedDemand(claimed, _spot(TRACE, 0, 0), abi.encodeWithSelector(IRefuter.NoSuchClaim.selector, stranger));
        claimed.claimant = poster;
        claimed.result.total += 1;
        _refusedDemand(claimed, _spot(TRACE, 0, 0), abi.encodeWithSelector(IRefuter.NoSuchClaim.selector, poster));
    }

    function test_Demand_NotReady_Refused() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        ITrainingMarket.CaseFacts memory facts = factsOf(claimed.result);
        facts.base = 0;
        market.setCase(TASK, ROUND, poster, facts);
        _refusedDemand(claimed, _spot(TRACE, 0, 0), abi.encodeWithSelector(IRefuter.NotReady.selector));
    }

    function test_Demand_BySeveralClaimantsNames_IsOneCase() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        IRefuter.Case memory same = claim(bob, 1);
        _demand(rival, claimed, _spot(TRACE, 0, 0));
        _demand(rival, same, _spot(TRACE, 1, 1));
        _refusedDemand(same, _spot(TRACE, 0, 0), _wrongDemand(claimed, _spot(TRACE, 0, 0)));
        VM.assertEq(refuter.boardOf(idOf(claimed)).party, poster, "party");
    }

    // Fees

    function test_Fee_AnyBaseFee_IsFourAnswersInWholeUnits() public {
        VM.assertEq(refuter.fee(), 0, "nothing");
        uint64[4] memory baseFees = [uint64(1), 7, 1 gwei, 50 gwei];
        for (uint256 i = 0; i < 4; ++i) {
            VM.fee(baseFees[i]);
            uint256 exact = 180_000 * uint256(baseFees[i]);
            VM.assertLe(exact, refuter.fee(), "least");
            VM.assertLe(refuter.fee(), exact + 2 ** 30 - 1, "unit");
            VM.assertEq(refuter.fee() % 2 ** 30, 0, "whole");
        }
        VM.fee(1_000_000 gwei);
        VM.assertEq(refuter.fee(), uint256(type(uint32).max) << 30, "most");
    }

    function test_Demand_FeeBelowOrAbove_Refused() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        VM.fee(1 gwei);
        uint256 least = refuter.fee();
        Spot memory spot = _spot(TRACE, 0, 0);
        VM.deal(rival, 100 ether);
        _refusedDemandWith(claimed, spot, least - 1, malformed("fee"));
        _refusedDemandWith(claimed, spot, uint256(1) << 62, malformed("fee"));
        _demandWith(rival, claimed, spot, (uint256(1) << 62) - 1);
        VM.assertEq(_demanded(claimed, spot).fee, type(uint32).max, "most");
    }

    // Answers

    function test_Answer_EachLevel_ShowsWhatLiesBelow() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        bytes32 id = idOf(claimed);
        for (uint256 level = 0; level < 3; ++level) {
            Spot memory spot = _spot(TRACE, level, level == 2 ? 16 : level);
            _demand(rival, claimed, spot);
            VM.warp(_demanded(claimed, spot).due - 1);
            VM.expectEmit(address(refuter));
            emit IRefuter.NodeShown(id, spot.node, spot.below);
            _answer(claimed, spot);
            VM.assertEq(_demanded(claimed, spot).answerer, 1, "answerer");
            VM.assertEq(spot.below.length, level == 0 ? 64 : level == 1 ? 512 : 128, "bytes");
        }
    }

    function test_Answer_ResultsOfOneReveal_AreOneLeaf() public {
        world.reveals = 1;
        world.results = abi.encode(0, alice, 40, 0);
        IRefuter.Case memory claimed = claim(poster, 0);
        Spot memory spot = _spot(RESULTS, 0, 0);
        _demand(rival, claimed, spot);
        VM.assertEq(spot.below, world.results, "the leaf");
        _answer(claimed, spot);
    }

    function test_Answer_ResultsOfFourReveals_AreFourNodes() public {
        world.reveals = 4;
        world.results = noise("results", 512);
        IRefuter.Case memory claimed = claim(poster, 0);
        Spot memory spot = _spot(RESULTS, 0, 0);
        _demand(rival, claimed, spot);
        VM.assertEq(spot.below.length, 128, "four hashes");
        _answer(claimed, spot);
    }

    function test_Answer_FewerLevelsThanAsked_Refused() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        Spot memory spot = _spot(TRACE, 1, 0);
        _demand(rival, claimed, _spot(TRACE, 0, 0));
        _demand(rival, claimed, spot);
        for (uint256 levels = 1; levels < 4; ++levels) {
            bytes memory few = _below(spot.tree, 1 + levels, 0, 2 ** levels);
            // Four hashes are taken for a leaf, which is no demand's.
            bytes memory failure = malformed("leaves");
            if (levels == 2) {
                failure = abi.encodeWithSelector(
                    IRefuter.WrongDemand.selector, keccak256(abi.encode(idOf(claimed), TRACE, 1, keccak256(few)))
                );
            }
            _refusedAnswer(claimed, spot, few, failure);
        }
    }

    function test_Answer_OddBytes_Refused() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        Spot memory spot = _spot(TRACE, 1, 0);
        _demand(rival, claimed, _spot(TRACE, 0, 0));
        _demand(rival, claimed, spot);
        uint16[8] memory lengths = [0, 1, 32, 96, 511, 513, 544, 1024];
        for (uint256 i = 0; i < 8; ++i) {
            _refusedAnswer(claimed, spot, new bytes(lengths[i]), malformed("leaves"));
        }
    }

    function test_Answer_AnotherNodeLevelOrTree_WrongDemand() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        Spot memory spot = _spot(TRACE, 1, 0);
        _demand(rival, claimed, _spot(TRACE, 0, 0));
        _demand(rival, claimed, spot);
        bytes memory other = spot.below;
        other[511] ^= 0x01;
        bytes32 node = Trees.root(_nodes(other));
        bytes memory failure =
            abi.encodeWithSelector(IRefuter.WrongDemand.selector, keccak256(abi.encode(idOf(claimed), TRACE, 1, node)));
        _refusedAnswer(claimed, spot, other, failure);
        spot = _spot(TRACE, 1, 0);
        spot.tree = RESULTS;
        _refusedAnswer(claimed, spot, spot.below, _wrongDemand(claimed, spot));
        (spot.tree, spot.level) = (TRACE, 2);
        _refusedAnswer(claimed, spot, spot.below, _wrongDemand(claimed, spot));
    }

    function test_Answer_AtItsDue_TooLate() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        Spot memory spot = _spot(TRACE, 0, 0);
        _demand(rival, claimed, spot);
        uint256 due = BASE + WINDOW / 2;
        VM.warp(due);
        _refusedAnswer(claimed, spot, spot.below, abi.encodeWithSelector(IRefuter.WrongTime.selector, due, due));
    }

    function test_Answer_Twice_WrongDemand() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        Spot memory spot = _spot(TRACE, 0, 0);
        _demand(rival, claimed, spot);
        _answer(claimed, spot);
        _refusedAnswer(claimed, spot, spot.below, _wrongDemand(claimed, spot));
    }

    function test_AnswerOwn_AnotherClaimant_HasTheFee() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        IRefuter.Case memory same = claim(bob, 9);
        Spot memory spot = _spot(TRACE, 0, 0);
        _demand(rival, claimed, spot);
        VM.prank(bob);
        refuter.answerOwn(claimed.market, TASK, ROUND, TRACE, 0, spot.below);
        VM.assertEq(_demanded(claimed, spot).answerer, 11, "place and two");

        VM.warp(BASE + 2 * WINDOW);
        VM.expectRevert(abi.encodeWithSelector(IRefuter.NoSuchClaim.selector, poster));
        refuter.payFee(claimed, TRACE, 0, spot.node);
        uint256 before = bob.balance;
        VM.expectEmit(address(refuter));
        emit IRefuter.NodeFeePaid(idOf(claimed), spot.node, bob, FEE);
        refuter.payFee(same, TRACE, 0, spot.node);
        VM.assertEq(bob.balance, before + FEE, "fee");
    }

    function test_AnswerOwn_WhoClaimsNothing_Refused() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        Spot memory spot = _spot(TRACE, 0, 0);
        _demand(rival, claimed, spot);
        VM.expectRevert(abi.encodeWithSelector(IRefuter.NoSuchClaim.selector, stranger));
        VM.prank(stranger);
        refuter.answerOwn(claimed.market, TASK, ROUND, TRACE, 0, spot.below);

        claim(bob, type(uint32).max);
        VM.expectRevert(abi.encodeWithSelector(IRefuter.NoSuchClaim.selector, bob));
        VM.prank(bob);
        refuter.answerOwn(claimed.market, TASK, ROUND, TRACE, 0, spot.below);
    }

    function test_AnswerOwn_WhoClaimsAnotherThing_WrongDemand() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        ITrainingMarket.Result memory other = claimed.result;
        Spot memory spot = _spot(TRACE, 0, 0);
        _demand(rival, claimed, spot);
        other.total = 1;
        IRefuter.Case memory another = claim(bob, 1, other);
        bytes memory failure = _wrongDemand(another, spot);
        VM.expectRevert(failure);
        VM.prank(bob);
        refuter.answerOwn(claimed.market, TASK, ROUND, TRACE, 0, spot.below);
    }

    // Expiry

    function test_Expire_FromItsDueToTheEnd_FallsToTheDemander() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        bytes32 id = idOf(claimed);
        Spot memory spot = _spot(TRACE, 0, 0);
        _demand(rival, claimed, spot);
        uint256 due = BASE + WINDOW / 2;
        VM.warp(due - 1);
        VM.expectRevert(abi.encodeWithSelector(IRefuter.WrongTime.selector, due, due - 1));
        refuter.expire(id, TRACE, 0, spot.node);

        uint256 end = BASE + 2 * WINDOW;
        VM.warp(end);
        VM.expectRevert(abi.encodeWithSelector(IRefuter.WrongTime.selector, end, end));
        refuter.expire(id, TRACE, 0, spot.node);

        uint256 state = VM.snapshotState();
        VM.warp(due);
        refuter.expire(id, TRACE, 0, spot.node);
        VM.assertEq(winnerOf(claimed), rival, "in its first second");
        VM.revertToState(state);
        VM.warp(end - 1);
        VM.expectEmit(address(refuter));
        emit IRefuter.Refuted(id, rival, ANYWHERE);
        VM.prank(stranger);
        refuter.expire(id, TRACE, 0, spot.node);
        VM.assertEq(winnerOf(claimed), rival, "in its last second");
    }

    function test_Expire_AnsweredOrNotDemanded_WrongDemand() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        Spot memory spot = _spot(TRACE, 0, 0);
        bytes memory failure = _wrongDemand(claimed, spot);
        bytes32 id = idOf(claimed);
        VM.expectRevert(failure);
        refuter.expire(id, TRACE, 0, spot.node);
        _demand(rival, claimed, spot);
        _answer(claimed, spot);
        VM.warp(BASE + WINDOW);
        VM.expectRevert(failure);
        refuter.expire(id, TRACE, 0, spot.node);
    }

    function test_Fallen_NothingMoreIsDemandedOrExpires() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        Spot memory spot = _spot(TRACE, 0, 0);
        _demand(rival, claimed, spot);
        _demand(rival, claimed, _spot(TRACE, 1, 0));
        VM.warp(BASE + WINDOW / 2);
        bytes32 id = idOf(claimed);
        refuter.expire(id, TRACE, 0, spot.node);
        bytes memory failure = abi.encodeWithSelector(IRefuter.HasFallen.selector, id);
        VM.expectRevert(failure);
        refuter.expire(id, TRACE, 1, _spot(TRACE, 1, 0).node);
        _refusedDemand(claimed, _spot(TRACE, 2, 0), failure);
    }

    // Payment

    function test_PayFee_Answered_GoesToThePartyOnceSettled() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        Spot memory spot = _spot(TRACE, 0, 0);
        _demand(rival, claimed, spot);
        _answer(claimed, spot);
        uint256 end = BASE + 2 * WINDOW;
        VM.warp(end - 1);
        VM.expectRevert(abi.encodeWithSelector(IRefuter.WrongTime.selector, end, end - 1));
        refuter.payFee(claimed, TRACE, 0, spot.node);
        VM.warp(end);
        uint256 before = poster.balance;
        refuter.payFee(claimed, TRACE, 0, spot.node);
        VM.assertEq(poster.balance, before + FEE, "fee");
        VM.assertEq(_demanded(claimed, spot).demander, address(0), "gone");
        bytes memory failure = _wrongDemand(claimed, spot);
        VM.expectRevert(failure);
        refuter.payFee(claimed, TRACE, 0, spot.node);
    }

    function test_PayFee_NeitherAnsweredNorExpired_GoesBack() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        Spot memory spot = _spot(TRACE, 0, 0);
        _demand(rival, claimed, spot);
        uint256 end = BASE + 2 * WINDOW;
        VM.warp(end - 1);
        VM.expectRevert(abi.encodeWithSelector(IRefuter.WrongTime.selector, end, end - 1));
        refuter.payFee(claimed, TRACE, 0, spot.node);
        VM.warp(end);
        uint256 before = rival.balance;
        refuter.payFee(claimed, TRACE, 0, spot.node);
        VM.assertEq(rival.balance, before + FEE, "fee");
    }

    function test_PayFee_Fallen_GoesBackToEachDemander() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        Spot memory answered = _spot(TRACE, 0, 0);
        _demand(rival, claimed, answered);
        _answer(claimed, answered);
        Spot memory open = _spot(TRACE, 1, 1);
        _demand(stranger, claimed, open);
        VM.warp(BASE + WINDOW / 2);
        refuter.expire(idOf(claimed), TRACE, 1, open.node);
        uint256 before = rival.balance;
        refuter.payFee(claimed, TRACE, 0, answered.node);
        VM.assertEq(rival.balance, before + FEE, "of the answered one");
        before = stranger.balance;
        refuter.payFee(claimed, TRACE, 1, open.node);
        VM.assertEq(stranger.balance, before + FEE, "of the open one");
    }

    function test_PayFee_SealedClaimOfTheFirstPlace_Refused() public {
        IRefuter.Case memory claimed = claim(bob, 0);
        Spot memory spot = _spot(TRACE, 0, 0);
        _demand(rival, claimed, spot);
        VM.prank(bob);
        refuter.answerOwn(claimed.market, TASK, ROUND, TRACE, 0, spot.below);
        VM.warp(BASE + 2 * WINDOW);
        claimed.claimant = stranger; // Whose place is zero, as of everybody who posted nothing.
        VM.expectRevert(abi.encodeWithSelector(IRefuter.NoSuchClaim.selector, stranger));
        refuter.payFee(claimed, TRACE, 0, spot.node);
    }

    function test_PayFee_RecipientThatRefuses_LosesIt() public {
        _payTo(address(new BurningRecipient()), false);
        _payTo(address(new HungryRecipient()), false);
        _payTo(address(new LoggingRecipient()), true);
    }

    function test_PayFee_TooLittleGas_IsNotTheRecipientsLoss() public {
        address party = address(new LoggingRecipient());
        (IRefuter.Case memory claimed, Spot memory spot) = _answered(party);
        bytes memory data = abi.encodeCall(IRefuter.payFee, (claimed, TRACE, 0, spot.node));
        for (uint256 gas = 20_000; gas < 140_000; gas += 1000) {
            uint256 state = VM.snapshotState();
            uint256 before = party.balance;
            (bool success,) = address(refuter).call{gas: gas}(data);
            VM.assertTrue(party.balance == before + FEE || !success, "paid or not done");
            VM.revertToState(state);
        }
    }

    function test_PayFee_Reentered_PaysOnce() public {
        ReentrantRecipient party = new ReentrantRecipient();
        (IRefuter.Case memory claimed, Spot memory spot) = _answered(address(party));
        VM.deal(address(refuter), 10 ether);
        party.prepare(address(refuter), abi.encodeCall(IRefuter.payFee, (claimed, TRACE, 0, spot.node)));
        refuter.payFee(claimed, TRACE, 0, spot.node);
        VM.assertLe(address(party).balance, FEE, "once");
    }

    function test_PayFee_OfSeveralMarkets_KeepEachOthers() public {
        IRefuter.Case memory claimed = claim(poster, 0);
        Spot memory spot = _spot(TRACE, 0, 0);
        _demand(rival, claimed, spot);
        ITrainingMarket.CaseFacts memory facts = factsOf(claimed.result);
        market.setCase(TASK + 1, ROUND, poster, facts);
        IRefuter.Case memory other = claimed;
        other.taskId = TASK + 1;
        bytes memory failure = _wrongDemand(other, spot);
        VM.expectRevert(failure);
        refuter.payFee(other, TRACE, 0, spot.node);
    }

    // Helpers

    function _payTo(address party, bool isPaid) private {
        uint256 state = VM.snapshotState();
        (IRefuter.Case memory claimed, Spot memory spot) = _answered(party);
        refuter.payFee(claimed, TRACE, 0, spot.node);
        VM.assertEq(party.balance, isPaid ? FEE : 0, "paid");
        VM.assertEq(_demanded(claimed, spot).demander, address(0), "gone");
        VM.revertToState(state);
    }

    function _answered(address party) private returns (IRefuter.Case memory claimed, Spot memory spot) {
        claimed = claim(party, 0);
        spot = _spot(TRACE, 0, 0);
        _demand(rival, claimed, spot);
        _answer(claimed, spot);
        VM.warp(BASE + 2 * WINDOW);
    }

    function _spot(IRefuter.Tree tree, uint256 level, uint256 index) private view returns (Spot memory spot) {
        bytes32[] memory leaves = _leaves(tree);
        uint256 depth;
        while (2 ** depth < leaves.length) ++depth;
        uint256 below = level == 0 ? 0 : level * 4 - (4 - depth % 4) % 4;
        uint256 opens = depth - below < 4 ? depth - below : level == 0 && depth % 4 != 0 ? depth % 4 : 4;
        (spot.tree, spot.level, spot.index) = (tree, level, index);
        spot.siblings = Trees.proof(leaves, depth - below, index);
        spot.node = bytes32(_below(tree, below, index, 1));
        spot.below = opens == 0
            ? slice(tree == TRACE ? traceOf() : world.results, 128 * index, 128)
            : _below(tree, below + opens, index << opens, 2 ** opens);
    }

    function _leaves(IRefuter.Tree tree) private view returns (bytes32[] memory leaves) {
        leaves = filled(Trees.leaves(tree == TRACE ? traceOf() : world.results));
    }

    /// @dev Nodes of a level below the root.
    function _below(IRefuter.Tree tree, uint256 level, uint256 first, uint256 count)
        private
        view
        returns (bytes memory nodes)
    {
        bytes32[] memory all = _leaves(tree);
        while (all.length > 2 ** level) {
            bytes32[] memory above = new bytes32[](all.length / 2);
            for (uint256 i = 0; i < above.length; ++i) {
                above[i] = keccak256(abi.encode(all[2 * i], all[2 * i + 1]));
            }
            all = above;
        }
        for (uint256 i = 0; i < count; ++i) {
            nodes = bytes.concat(nodes, all[first + i]);
        }
    }

    function _nodes(bytes memory data) private pure returns (bytes32[] memory nodes) {
        nodes = new bytes32[](data.length / 32);
        for (uint256 i = 0; i < nodes.length; ++i) {
            nodes[i] = bytes32(slice(data, 32 * i, 32));
        }
    }

    function _demand(address who, IRefuter.Case memory claimed, Spot memory spot) private {
        _demandWith(who, claimed, spot, FEE);
    }

    function _demandWith(address who, IRefuter.Case memory claimed, Spot memory spot, uint256 value) private {
        VM.prank(who);
        refuter.demand{value: value}(claimed, spot.tree, spot.level, spot.index, spot.node, spot.siblings);
    }

    function _refusedDemand(IRefuter.Case memory claimed, Spot memory spot, bytes memory failure) private {
        _refusedDemandWith(claimed, spot, FEE, failure);
    }

    function _refusedDemandWith(IRefuter.Case memory claimed, Spot memory spot, uint256 value, bytes memory failure)
        private
    {
        VM.expectRevert(failure);
        VM.prank(rival);
        refuter.demand{value: value}(claimed, spot.tree, spot.level, spot.index, spot.node, spot.siblings);
    }

    function _answer(IRefuter.Case memory claimed, Spot memory spot) private {
        VM.prank(stranger);
        refuter.answer(idOf(claimed), spot.tree, spot.level, spot.below);
    }

    function _refusedAnswer(IRefuter.Case memory claimed, Spot memory spot, bytes memory data, bytes memory failure)
        private
    {
        bytes32 id = idOf(claimed);
        VM.expectRevert(failure);
        refuter.answer(id, spot.tree, spot.level, data);
    }

    function _demanded(IRefuter.Case memory claimed, Spot memory spot) private view returns (IRefuter.Demand memory) {
        return refuter.demandOf(idOf(claimed), spot.tree, spot.level, spot.node);
    }

    function _wrongDemand(IRefuter.Case memory claimed, Spot memory spot) private view returns (bytes memory) {
        bytes32 key = keccak256(abi.encode(idOf(claimed), spot.tree, spot.level, spot.node));
        return abi.encodeWithSelector(IRefuter.WrongDemand.selector, key);
    }
}
